"""Measure a quote: read a deal file, price it, assemble its passages, evaluate the policy."""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from dealdesk.approvals.policy import Policy
from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import load_library
from dealdesk.clauses.model import Library
from dealdesk.deals.catalogue import Catalogue, load_catalogue
from dealdesk.deals.deal_file import load_deal
from dealdesk.workflows.quoting import Quote, quote

ROOT = Path(__file__).resolve().parents[1]
RICH_DEAL = ROOT / "demo" / "deals" / "placeholder-robotics.yaml"
REACH_MS = 10.0
ROUNDS = 30


def median_ms(work: Callable[[], object]) -> float:
    """Return the median time of one call in milliseconds, after one warm-up call."""
    work()
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return round(median(times) * 1000, 2)


def _quote_file(path: Path, library: Library, policy: Policy, catalogue: Catalogue | None) -> Quote:
    return quote(load_deal(path, catalogue), library, policy, catalogue)


def measure() -> list[dict[str, object]]:
    """Return one row per deal: the median of reading and quoting it with a warm library.

    Test deals take the small test library, the demo's rich deal the shipped one.
    """
    small, shipped = ROOT / "tests" / "library", ROOT / "clause_library"
    deals = [ROOT / "tests" / "deals" / f"{name}.yaml" for name in ("T1", "T3", "T6", "T7", "T10")]
    catalogue = load_catalogue(shipped / "catalogue.yaml")
    return _rows(deals, small, None) + _rows([RICH_DEAL], shipped, catalogue)


def _rows(deals: list[Path], folder: Path, catalogue: Catalogue | None) -> list[dict[str, object]]:
    library, policy = load_library(folder), load_policy(folder / "policies" / "approval.yaml")
    return [
        {
            "what": f"quote {path.stem}",
            "median_ms": median_ms(partial(_quote_file, path, library, policy, catalogue)),
            "reach_ms": REACH_MS,
        }
        for path in deals
    ]


if __name__ == "__main__":
    found = measure()
    if "--json" in sys.argv:
        print(json.dumps(found, indent=2))
    else:
        for row in found:
            print(f"{row['what']:<28} {row['median_ms']:>8} ms  (reach {row['reach_ms']} ms)")
