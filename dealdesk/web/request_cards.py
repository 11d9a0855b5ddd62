"""A deal's requests as cards: who would be asked and why, who is asked, who decided what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dealdesk.approvals.asks import Ask, is_same, reasons_of
from dealdesk.approvals.lapses import lapse_of
from dealdesk.approvals.lifecycle import LIVE, Kind, RequestState
from dealdesk.approvals.request_models import RequestRow
from dealdesk.approvals.request_queries import Said
from dealdesk.approvals.routing import Capacity, Decider, why_nobody
from dealdesk.identity.queries import Person
from dealdesk.kernel.languages import gettext_noop
from dealdesk.web.languages import gettext
from dealdesk.web.standing import Status
from dealdesk.workflows.approval_work import Desk, needed
from dealdesk.workflows.stored_deals import StoredDeal

_STATUS: Mapping[str, Status] = {
    "waiting": Status("quiet", gettext_noop("Later stage")),
    "open": Status("wait", gettext_noop("Asked")),
    "questioned": Status("info", gettext_noop("Question asked")),
    "approved": Status("ok", gettext_noop("Approved")),
    "rejected": Status("stop", gettext_noop("Rejected")),
    "withdrawn": Status("quiet", gettext_noop("Withdrawn")),
    "superseded": Status("quiet", gettext_noop("Superseded")),
}
LATE = Status("stop", gettext_noop("Overdue"))
EXCEPTED = Status("ok", gettext_noop("Excepted"))


def request_status(row: RequestRow, now: datetime) -> Status:
    """Return where a request is, in a word; an open one whose time is over is overdue."""
    if row.state == RequestState.OPEN.value and row.due_at is not None and row.due_at <= now:
        return LATE
    if row.state == RequestState.APPROVED.value and row.kind == Kind.EXCEPTION.value:
        return EXCEPTED
    return _STATUS[row.state]


@dataclass(frozen=True, slots=True)
class AskCard:
    """A role that has something left to decide: who may, and the request where it is asked.

    `lapses` say why an earlier decision no longer holds; `is_asked` that a request for just this
    is under way; `nobody` why nobody of the role decides, where that is so.
    """

    ask: Ask
    title: str
    is_exception: bool
    deciders: tuple[str, ...]
    nobody: str
    lapses: tuple[str, ...]
    is_asked: bool
    status: Status
    row: RequestRow | None
    delegate: Person | None
    said: tuple[Said, ...]


def ask_cards(
    desk: Desk,
    stored: StoredDeal,
    rows: Sequence[RequestRow],
    said: Mapping[int, Sequence[Said]],
    now: datetime,
) -> Iterator[AskCard]:
    """Yield what is left to decide on a deal, in the order of the stages."""
    policy = stored.quote.policy
    last = {(row.role, Kind(row.kind)): row for row in rows}
    for ask in needed(stored):
        row = last.get(ask.key)
        if row is not None and not is_same(reasons_of(row.reasons), ask.reasons):
            row = None
        deciders = desk.deciders(stored, ask.role)
        is_asked = row is not None and RequestState(row.state) in LIVE
        is_settled_so = row is not None and row.state == RequestState.REJECTED.value
        yield AskCard(
            ask=ask,
            title=policy.title_of(ask.role),
            is_exception=ask.kind is Kind.EXCEPTION,
            deciders=tuple(map(_name, deciders)),
            nobody="" if deciders else _nobody(desk, stored, ask.role),
            lapses=tuple(_lapses(stored, ask)),
            is_asked=is_asked,
            status=request_status(row, now)
            if row is not None and (is_asked or is_settled_so)
            else Status("quiet", gettext_noop("Not asked yet")),
            row=row if is_asked or is_settled_so else None,
            delegate=desk.person(row.delegate_id) if row is not None else None,
            said=tuple(said.get(row.id, ())) if row is not None else (),
        )


def _nobody(desk: Desk, stored: StoredDeal, role: str) -> str:
    policy = stored.quote.policy
    return why_nobody(role, policy, desk.people, desk.away, of=desk.owned(stored))


def _name(one: Decider) -> str:
    if one.capacity is Capacity.COVER:
        return gettext(
            "%(cover)s for %(name)s, who is away", cover=one.person.name, name=one.instead_of
        )
    return one.person.name


def _lapses(stored: StoredDeal, ask: Ask) -> Iterator[str]:
    if ask.kind is Kind.EXCEPTION:
        for one in stored.quote.standing.expired:
            if one.role == ask.role and one.expires_at is not None:
                day = f"{one.expires_at.day} {one.expires_at:%b %Y}"
                yield f"{one.person}'s exception held until {day}."
        return
    for reason in ask.reasons:
        lapse = lapse_of(ask.role, reason, stored.quote.deal.decisions, stored.quote.policy)
        if lapse is not None:
            yield f"{reason.subject}: {lapse.message}"
