"""`python -m benchmarks [--json] [NAME …]`: run the measurements and print their table."""

import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib import import_module

MODULES = ("quote", "seal", "render", "lint", "clauses")


def main(arguments: list[str]) -> None:
    """Run the named measurements, or all of them."""
    names = [name for name in arguments if not name.startswith("-")] or list(MODULES)
    rows = [row for name in names for row in import_module(f"benchmarks.{name}").measure()]
    where = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }
    if "--json" in arguments:
        print(json.dumps({"where": where, "rows": rows}, indent=2))
        return
    print(f"{where['date']}, {where['cores']} cores, Python {where['python']}\n")
    print("| what | median | reach |\n|---|---|---|")
    for row in rows:
        print(f"| {row['what']} | {row['median_ms']} | {row['reach_ms']} |")


main(sys.argv[1:])
