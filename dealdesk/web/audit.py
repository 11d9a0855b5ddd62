"""The record of events: the whole log for auditors, one deal's for whoever may see the deal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, request, stream_with_context

from dealdesk.audit.exports import as_csv, as_json_lines
from dealdesk.audit.queries import Event, find_events, iterate_events, list_events
from dealdesk.deals.queries import get_deal
from dealdesk.identity.queries import names_of
from dealdesk.web.access import requires
from dealdesk.web.deal import deal_page, load_deal
from dealdesk.web.edge import page, session
from dealdesk.web.languages import gettext
from dealdesk.web.visitors import current_actor
from dealdesk.web.wording import event_words

blueprint = Blueprint("audit", __name__)
PAGE = 100
READ_ALL, READ_DEAL = "audit:event:read", "deals:deal:read"


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event as the pages show it: who, what, when, and what was said beside it."""

    position: int
    stream: str
    event: str
    words: str
    who: str
    at: datetime
    names: dict[str, str]
    facts: dict[str, str]
    sha256: str


@blueprint.get("/audit")
@requires(READ_ALL)
def log() -> str:
    """Show the latest events of all streams; `stream` and `event` in the address narrow them."""
    stream, kind = request.args.get("stream", "")[:80], request.args.get("event", "")[:120]
    before = request.args.get("before", type=int)
    found = find_events(session(), stream=stream, event=kind, before=before, limit=PAGE + 1)
    lines = list(_lines(found[:PAGE]))
    return page(
        "audit/log.html",
        gettext("Audit"),
        lines=lines,
        stream=stream,
        event=kind,
        older=found[PAGE - 1].id if len(found) > PAGE else None,
    )


@blueprint.get("/audit/events.<form>")
@requires(READ_ALL)
def export_all(form: str) -> Response:
    """Give every event as CSV or as JSON, a line an event."""
    return _exported(iterate_events(session()), form, "audit")


@blueprint.get("/deals/<number>/activity")
@requires(READ_DEAL)
def activity(number: str) -> str:
    """Show what happened on a deal, the last first."""
    stored = load_deal(number)
    before = request.args.get("before", type=int)
    found = list_events(session(), stored.row.id, limit=PAGE + 1, before=before)
    return deal_page(
        "activity",
        gettext("Activity"),
        stored,
        lines=list(_lines(found[:PAGE])),
        older=found[PAGE - 1].position if len(found) > PAGE else None,
    )


@blueprint.get("/deals/<number>/activity.<form>")
@requires(READ_DEAL)
def export_deal(number: str, form: str) -> Response:
    """Give a deal's events as CSV or as JSON, a line an event."""
    row = get_deal(session(), number, actor=current_actor())
    return _exported(iterate_events(session(), row.id), form, f"{row.number}-activity")


def _exported(events: Iterator[Event], form: str, name: str) -> Response:
    if form == "csv":
        text, media = as_csv(events), "text/csv; charset=utf-8"
    elif form == "json":
        text, media = as_json_lines(events), "application/x-ndjson"
    else:
        abort(404)
    # Line by line: a record of years is never in memory whole.
    answer = Response(stream_with_context(text), content_type=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def _lines(events: Iterable[Event]) -> Iterator[EventLine]:
    found = list(events)
    people = names_of(session(), {one.actor for one in found})
    for one in found:
        yield EventLine(
            position=one.position,
            stream=one.stream,
            event=one.event,
            words=event_words(one.event),
            who=people.get(one.actor, one.actor),
            at=one.at,
            names=dict(one.names),
            facts={key: fact_words(value) for key, value in one.facts.items()},
            sha256=one.sha256,
        )


def fact_words(value: object) -> str:
    """Return a fact as a line: names before their values, semicolons between what has several."""
    if isinstance(value, dict):
        return ", ".join(
            f"{str(key).replace('_', ' ')} {fact_words(one)}" for key, one in value.items()
        )
    if isinstance(value, list):
        parted = "; " if any(isinstance(one, dict) for one in value) else ", "
        return parted.join(fact_words(one) for one in value)
    return str(value)
