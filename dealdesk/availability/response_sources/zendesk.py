"""Zendesk: tickets with their metrics, and organisations for the customer's name.

Zendesk keeps how long the first public reply of an agent took, in minutes of the calendar; newer
accounts in seconds too. Whole minutes are taken at their end, so that a reply is never too early.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dealdesk.availability.response_sources.events import Naming
from dealdesk.availability.responses import SECURITY, ResponseEvent
from dealdesk.availability.sources.source import SourceFile

NAME = "zendesk"
_MINUTE = 60
_SECURITY_TAG = "security"


def read_zendesk(files: Sequence[SourceFile], naming: Naming) -> tuple[ResponseEvent, ...]:
    """Return the first response and the resolution of each ticket whose metrics are given.

    A ticket tagged "security" is a security report. Raise HistoryError for metrics without ticket.
    """
    tickets: dict[str, Mapping[str, Any]] = {}
    metrics: dict[str, Mapping[str, Any]] = {}
    names: dict[str, str] = {}
    for file in files:
        data = file.mapping(file.json(), "The file")
        if not {"tickets", "ticket_metrics", "metric_sets", "organizations"} & set(data):
            raise file.error("The file holds neither tickets nor ticket_metrics.")
        tickets |= {str(t.get("id")): t for t in data.get("tickets", ())}
        names |= {str(o.get("id")): str(o.get("name")) for o in data.get("organizations", ())}
        for one in (*data.get("ticket_metrics", ()), *data.get("metric_sets", ())):
            metrics[str(one.get("ticket_id"))] = one
    events: list[ResponseEvent] = []
    for id_, metric in metrics.items():
        ticket = tickets.get(id_)
        if ticket is None:
            raise files[0].error(f"There are metrics of ticket {id_}, but not the ticket.")
        customer = naming.customer or names.get(str(ticket.get("organization_id")), "")
        events += _events(files[0], ticket, metric, customer, naming)
    return tuple(events)


def _events(
    file: SourceFile,
    ticket: Mapping[str, Any],
    metric: Mapping[str, Any],
    customer: str,
    naming: Naming,
) -> list[ResponseEvent]:
    received = file.instant(ticket.get("created_at"), "created_at")
    spent = {"first_response": _reply_seconds(metric), "resolution": _solved_seconds(metric)}
    return [
        ResponseEvent(
            ticket=str(ticket.get("id")),
            customer=customer,
            severity=naming.severity(str(ticket.get("priority"))),
            received=received,
            done=received + seconds if seconds is not None else None,
            metric=name,
            category=SECURITY if _SECURITY_TAG in ticket.get("tags", ()) else "",
        )
        for name, seconds in spent.items()
    ]


def _reply_seconds(metric: Mapping[str, Any]) -> int | None:
    exact = (metric.get("reply_time_in_seconds") or {}).get("calendar")
    if isinstance(exact, int):
        return exact
    minutes = (metric.get("reply_time_in_minutes") or {}).get("calendar")
    return (minutes + 1) * _MINUTE - 1 if isinstance(minutes, int) else None


def _solved_seconds(metric: Mapping[str, Any]) -> int | None:
    minutes = (metric.get("full_resolution_time_in_minutes") or {}).get("calendar")
    return (minutes + 1) * _MINUTE - 1 if isinstance(minutes, int) else None
