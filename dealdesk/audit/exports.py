"""Events for other programs: CSV and JSON, a line an event, streamed."""

import csv
import io
import json
from collections.abc import Iterable, Iterator

from dealdesk.audit.queries import Event
from dealdesk.kernel.hashing import canonical_json

COLUMNS = ("stream", "position", "at", "event", "actor", "facts", "names", "sha256")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(events: Iterable[Event]) -> Iterator[str]:
    """Yield the head and a line an event; facts and names are JSON in their cells.

    A cell that a spreadsheet would take for a formula starts with an apostrophe.
    """
    yield _line(COLUMNS)
    for one in events:
        facts, names = canonical_json(dict(one.facts)), canonical_json(dict(one.names))
        yield _line(
            (
                one.stream,
                str(one.position),
                one.at.isoformat(),
                one.event,
                one.actor,
                facts,
                names,
                one.sha256,
            )
        )


def as_json_lines(events: Iterable[Event]) -> Iterator[str]:
    """Yield a line of JSON an event (newline-delimited JSON)."""
    for one in events:
        yield (
            json.dumps(
                {
                    "stream": one.stream,
                    "position": one.position,
                    "at": one.at.isoformat(),
                    "event": one.event,
                    "actor": one.actor,
                    "facts": dict(one.facts),
                    "names": dict(one.names),
                    "sha256": one.sha256,
                },
                ensure_ascii=False,
            )
            + "\n"
        )


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(["'" + c if c.startswith(_FORMULA) else c for c in cells])
    return buffer.getvalue()
