"""CSV of request counts: how many a span of time saw, and how many of them failed."""

import csv
from collections.abc import Sequence
from itertools import pairwise

from dealdesk.availability.history import RequestCount
from dealdesk.availability.sources.source import Reading, SourceFile, Taken
from dealdesk.terms.intervals import joined, without

NAME = "csv-requests"
REQUIRED = ("start", "end", "total", "failed")
MOST = 600_000


def read_requests(files: Sequence[SourceFile], taken: Taken) -> Reading:
    """Return counts with the time that they cover, and the gaps between them.

    Raise HistoryError for the first line that is no count, or that overlaps another.
    """
    counts: list[RequestCount] = []
    for file in files:
        rows = csv.DictReader(file.lines())
        missing = [name for name in REQUIRED if name not in (rows.fieldnames or ())]
        if missing:
            raise file.error(f"The first line names no column {' or '.join(missing)}.", line=1)
        for row in rows:
            counts.append(_count(row, file, rows.line_num))
            if len(counts) > MOST:
                raise file.error(f"There are more than {MOST:,} rows.", "Import fewer months.")
    counts.sort(key=lambda count: count.start)
    if not counts:
        raise files[0].error("The file holds no counts.")
    for earlier, later in pairwise(counts):
        if later.start < earlier.end:
            raise files[0].error("Two counts overlap in time.", "Count each span once.")
    first, last = counts[0].start, max(count.end for count in counts)
    told = joined((count.start, count.end) for count in counts)
    return Reading(
        source=NAME,
        at=taken.at if taken.at is not None else last,
        covered=(first, last),
        gaps=without(((first, last),), told),
        requests=tuple(counts),
    )


def _count(row: dict[str, str], file: SourceFile, line: int) -> RequestCount:
    start = file.instant(row["start"], "start", line)
    end = file.instant(row["end"], "end", line)
    if end <= start:
        raise file.error("It ends before it starts.", line=line)
    total, failed = (row[name] or "" for name in ("total", "failed"))
    if not (total.isdecimal() and failed.isdecimal()) or int(failed) > int(total):
        raise file.error(f"“{failed}” of “{total}” is no count of failures.", line=line)
    return RequestCount(start, end, int(total), int(failed))
