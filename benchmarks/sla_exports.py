"""`python -m benchmarks.sla_exports [--json]`: 10,000 exports of SLA terms, all targets in turn."""

import copy
import json
import sys
import time
from pathlib import Path

from dealdesk.sla.exporters.export import Options
from dealdesk.sla.exporters.registry import EXPORTERS, export_terms
from dealdesk.sla.model import SlaTerms, read_terms

TERMS = Path(__file__).resolve().parents[1] / "tests" / "golden" / "terms" / "ACME-2026-001.json"
EXPORTS = 10_000
REACH_SECONDS = 10.0
OPTIONS = Options(customer_id="4711")
NUMBERED = {"zendesk", "freshdesk", "zammad"}


def contracts(number: int) -> list[SlaTerms]:
    """Return so many different terms: each with its own id and its own times."""
    template = json.loads(TERMS.read_text("utf-8"))
    found = []
    for index in range(number):
        data = copy.deepcopy(template)
        data["id"] = f"BENCH-{index:05d}"
        data["targets"][0]["amount"]["seconds"] = 1800 + 60 * (index % 100)
        found.append(read_terms(data))
    return found


def measure() -> list[dict[str, object]]:
    """Return the seconds of all exports, and the milliseconds of one by target.

    Work is the processor's time of this process alone, so that a busy machine changes it little.
    """
    targets = list(EXPORTERS)
    terms = contracts(-(-EXPORTS // len(targets)))
    spent = dict.fromkeys(targets, 0.0)
    counts = dict.fromkeys(targets, 0)
    begin, worked = time.perf_counter(), time.process_time()
    for index in range(EXPORTS):
        target = targets[index % len(targets)]
        start = time.process_time()
        export_terms(terms[index // len(targets)], target, OPTIONS if target in NUMBERED else None)
        spent[target] += time.process_time() - start
        counts[target] += 1
    passed, worked = time.perf_counter() - begin, time.process_time() - worked
    heads = [
        {
            "what": f"{EXPORTS} exports, s of work",
            "found": round(worked, 2),
            "reach": REACH_SECONDS,
        },
        {"what": f"{EXPORTS} exports, s by the clock", "found": round(passed, 2)},
    ]
    rows = [
        {"what": f"one export to {t}, ms of work", "found": round(1000 * spent[t] / counts[t], 2)}
        for t in targets
    ]
    return [*heads, *rows]


if __name__ == "__main__":
    measured = measure()
    if "--json" in sys.argv:
        print(json.dumps(measured, indent=2))
    else:
        print("| what | found | reach |\n|---|---|---|")
        for row in measured:
            print(f"| {row['what']} | {row['found']} | {row.get('reach', '')} |")
