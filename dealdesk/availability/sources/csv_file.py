"""CSV: one impact or work a line, read line by line, so that a file may be large."""

import csv
from collections.abc import Mapping, Sequence

from dealdesk.availability.sources.source import (
    STATUSES,
    Reading,
    SeenWork,
    Sighting,
    SourceFile,
    Taken,
)

NAME = "csv"
WORK = "maintenance"
REQUIRED = ("component", "status", "start", "end")
OPTIONAL = ("id", "cause", "announced")
MOST = 200_000


def read_csv(files: Sequence[SourceFile], taken: Taken) -> Reading:
    """Return the impacts and works of CSV files with the columns that REQUIRED names.

    The status is one of a component, or "maintenance" with `announced`; an empty end goes on. A
    CSV can't say what it covers, so `taken` has to. Raise HistoryError for the first fault.
    """
    if taken.at is None or taken.since is None:
        raise files[0].error(
            "A CSV does not say which time it covers.", "Give --since and --at, each an instant."
        )
    impacts: list[Sighting] = []
    works: list[SeenWork] = []
    seen: dict[tuple[str, ...], int] = {}
    for file in files:
        rows = csv.DictReader(file.lines())
        _refuse_columns(rows.fieldnames or (), file)
        for row in rows:
            line = rows.line_num
            key = tuple(str(row.get(name) or "") for name in REQUIRED)
            if key in seen:
                raise file.error(f"The row stands twice; first in line {seen[key]}.", line=line)
            seen[key] = line
            if len(seen) > MOST:
                raise file.error(f"There are more than {MOST:,} rows.", "Import fewer years.", line)
            one = _row(row, file, line, taken.at)
            if isinstance(one, SeenWork):
                works.append(one)
            else:
                impacts.append(one)
    return Reading(
        source=NAME,
        at=taken.at,
        covered=(taken.since, taken.at),
        impacts=tuple(impacts),
        works=tuple(works),
        incidents=frozenset(one.incident for one in impacts),
    )


def _refuse_columns(columns: Sequence[str], file: SourceFile) -> None:
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise file.error(
            f"The first line names no column {' or '.join(missing)}.",
            f"Name {', '.join(REQUIRED)}, and if you like {', '.join(OPTIONAL)}.",
            1,
        )


def _row(
    row: Mapping[str, str | None], file: SourceFile, line: int, at: int
) -> Sighting | SeenWork:
    status = (row.get("status") or "").strip()
    component = (row.get("component") or "").strip()
    start = file.instant(row.get("start"), "start", line)
    end = file.instant(row["end"], "end", line) if row.get("end") else None
    if end is not None and end < start:
        raise file.error("It ends before it starts.", line=line)
    id_ = (row.get("id") or "").strip() or f"{component}/{status}/{start}"
    if status == WORK:
        if end is None:
            raise file.error("Maintenance needs an end.", line=line)
        told = file.instant(row["announced"], "announced", line) if row.get("announced") else None
        return SeenWork(id_, id_, component, start, end, told)
    if status not in STATUSES:
        raise file.error(f"“{status}” is no status.", f"Use {', '.join(STATUSES)} or {WORK}.", line)
    if start > at:
        raise file.error("It begins after the file was taken.", "Check the year, or --at.", line)
    return Sighting(id_, id_, component, status, start, end, (row.get("cause") or "").strip())
