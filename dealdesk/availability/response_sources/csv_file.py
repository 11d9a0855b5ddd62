"""CSV: a promise of a ticket on each line, read line by line."""

import csv
from collections.abc import Iterator, Sequence

from dealdesk.availability.response_sources.events import Naming
from dealdesk.availability.responses import METRICS, ResponseEvent
from dealdesk.availability.sources.source import SourceFile

NAME = "csv"
REQUIRED = ("ticket", "customer", "severity", "received", "responded")
OPTIONAL = ("metric", "category")
MOST = 1_000_000


def read_csv(files: Sequence[SourceFile], naming: Naming) -> tuple[ResponseEvent, ...]:
    """Return the events of CSV files; an empty `responded` is still open."""
    return tuple(event for file in files for event in _events(file, naming))


def _events(file: SourceFile, naming: Naming) -> Iterator[ResponseEvent]:
    rows = csv.DictReader(file.lines())
    missing = [name for name in REQUIRED if name not in (rows.fieldnames or ())]
    if missing:
        raise file.error(
            f"The first line names no column {' or '.join(missing)}.",
            f"Name {', '.join(REQUIRED)}, and if you like {', '.join(OPTIONAL)}.",
            1,
        )
    seen: dict[tuple[str, str, str], int] = {}
    for row in rows:
        line = rows.line_num
        metric = row.get("metric") or "first_response"
        if metric not in METRICS:
            raise file.error(f"“{metric}” is no promise.", f"Use {', '.join(METRICS)}.", line)
        key = (row["ticket"], metric, row["received"])
        if key in seen:
            raise file.error(f"The row stands twice; first in line {seen[key]}.", line=line)
        seen[key] = line
        if len(seen) > MOST:
            raise file.error(f"There are more than {MOST:,} rows.", "Import fewer months.", line)
        received = file.instant(row["received"], "received", line)
        done = file.instant(row["responded"], "responded", line) if row["responded"] else None
        if done is not None and done < received:
            raise file.error("It was answered before it was received.", line=line)
        yield ResponseEvent(
            ticket=row["ticket"],
            customer=naming.customer or row["customer"],
            severity=naming.severity(row["severity"]),
            received=received,
            done=done,
            metric=metric,
            category=row.get("category") or "",
        )
