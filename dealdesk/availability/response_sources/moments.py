"""CSV of moments: what happened to each ticket when, from which every promise is derived."""

import csv
from collections.abc import Sequence

from dealdesk.availability.conversation import Moment, Ticket, promises_of
from dealdesk.availability.response_sources.events import Naming
from dealdesk.availability.responses import ResponseEvent
from dealdesk.availability.sources.source import SourceFile

NAME = "csv-moments"
REQUIRED = ("ticket", "customer", "severity", "at", "moment")


def read_moments(files: Sequence[SourceFile], naming: Naming) -> tuple[ResponseEvent, ...]:
    """Return the promises of the tickets whose moments CSV files list, in any order.

    Raise HistoryError for a moment that we don't know, or a ticket that was never received.
    """
    found: dict[str, list[tuple[int, Moment]]] = {}
    heads: dict[str, tuple[str, str, str]] = {}
    for file in files:
        rows = csv.DictReader(file.lines())
        missing = [name for name in REQUIRED if name not in (rows.fieldnames or ())]
        if missing:
            raise file.error(f"The first line names no column {' or '.join(missing)}.", line=1)
        for row in rows:
            if row["moment"] not in set(Moment):
                known = ", ".join(Moment)
                words = f"“{row['moment']}” is no moment."
                raise file.error(words, f"Use {known}.", rows.line_num)
            at = file.instant(row["at"], "at", rows.line_num)
            found.setdefault(row["ticket"], []).append((at, Moment(row["moment"])))
            customer = naming.customer or row["customer"]
            category = row.get("category") or ""
            heads[row["ticket"]] = customer, naming.severity(row["severity"]), category
    events: list[ResponseEvent] = []
    for id_, moments in found.items():
        ordered = tuple(sorted(moments, key=lambda pair: pair[0]))
        if ordered[0][1] is not Moment.RECEIVED:
            raise files[0].error(f"The ticket {id_} was never received.")
        customer, severity, category = heads[id_]
        events += promises_of(Ticket(id_, customer, severity, ordered, category))
    return tuple(events)
