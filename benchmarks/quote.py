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
from dealdesk.deals.deal_file import load_deal
from dealdesk.workflows.quoting import Quote, quote

TESTS = Path(__file__).resolve().parents[1] / "tests"
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


def _quote_file(path: Path, library: Library, policy: Policy) -> Quote:
    return quote(load_deal(path), library, policy)


def measure() -> list[dict[str, object]]:
    """Return one row per test deal: the median of reading and quoting it with a warm library."""
    library = load_library(TESTS / "library")
    policy = load_policy(TESTS / "library" / "policies" / "approval.yaml")
    rows: list[dict[str, object]] = []
    for name in ("T1", "T3", "T6", "T7", "T10"):
        path = TESTS / "deals" / f"{name}.yaml"
        took = median_ms(partial(_quote_file, path, library, policy))
        rows.append({"what": f"quote {name}", "median_ms": took, "reach_ms": REACH_MS})
    return rows


if __name__ == "__main__":
    found = measure()
    if "--json" in sys.argv:
        print(json.dumps(found, indent=2))
    else:
        for row in found:
            print(f"{row['what']:<12} {row['median_ms']:>8} ms  (reach {row['reach_ms']} ms)")
