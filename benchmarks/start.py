"""Measure how long quick commands take to start: their whole process, by clock and processor."""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dealdesk.kernel.settings import PROJECT

ROUNDS = 7
REACH_S = 0.5
CALLS = (
    ("--help",),
    ("quote", "--help"),
    ("sla", "--help"),
    ("sla", "due", "{terms}", "--severity", "sev1", "--at", "2027-06-01T09:00Z"),
    ("sla", "lint", "{terms}"),
    ("quote", "{deal}"),
    ("verify", "--help"),
    ("docx", "--help"),
    ("library", "--help"),
    ("db", "--help"),
)


def main() -> None:
    """Print the table for docs/benchmarks.md."""
    deal = PROJECT / "demo" / "deals" / "placeholder-robotics.yaml"
    with tempfile.TemporaryDirectory() as folder:
        _run("agreement", "build", str(deal), "--out", folder)
        terms = next(Path(folder).rglob("sla-terms.json"))
        print("| command, its whole process | seconds | processor | reach |\n|---|---|---|---|")
        for call in CALLS:
            words = [one.format(terms=terms, deal=deal) for one in call]
            clock, processor = zip(*(_run(*words) for _ in range(ROUNDS)), strict=True)
            shown = " ".join(call).replace("{terms}", "TERMS").replace("{deal}", "DEAL")
            middle = statistics.median(clock), statistics.median(processor)
            print(f"| `dealdesk {shown}` | {middle[0]:.2f} | {middle[1]:.2f} | {REACH_S} |")


def _run(*words: str) -> tuple[float, float]:
    """Return the seconds that a call took: by the clock, and of the processor."""
    before, begun = _children(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "dealdesk", *words], capture_output=True, text=True, check=False
    )
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"{words}: {done.stderr}")
    return time.perf_counter() - begun, _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
