"""Request Tracker: tickets of a REST 2 search, with Created, Started and SLA.

RT's "Started" is the moment at which a ticket left the state "new" by an agent: the nearest to a
qualified person who begins to diagnose. Our export names levels AGREEMENT/severity.
"""

from collections.abc import Sequence

from dealdesk.availability.response_sources.events import Naming
from dealdesk.availability.responses import ResponseEvent
from dealdesk.availability.sources.source import SourceFile

NAME = "rt"
# RT writes this for a time that has not come.
_NEVER = "1970-01-01T00:00:00Z"


def read_request_tracker(files: Sequence[SourceFile], naming: Naming) -> tuple[ResponseEvent, ...]:
    """Return the first response of each ticket that has a service level, and its resolution."""
    events: list[ResponseEvent] = []
    for file in files:
        data = file.json()
        items = data.get("items") if isinstance(data, dict) else data
        for item in file.listed(items, "items"):
            ticket = file.mapping(item, "A ticket")
            agreement, slash, level = str(ticket.get("SLA") or "").rpartition("/")
            if not level:
                continue
            received = file.instant(ticket.get("Created"), "Created")
            for metric, field in (("first_response", "Started"), ("resolution", "Resolved")):
                if field not in ticket:
                    continue
                text = ticket[field]
                is_open = not text or text == _NEVER
                events.append(
                    ResponseEvent(
                        ticket=str(ticket.get("id")),
                        customer=naming.customer or (agreement if slash else ""),
                        severity=naming.severity(level),
                        received=received,
                        done=None if is_open else file.instant(text, field),
                        metric=metric,
                    )
                )
    return tuple(events)
