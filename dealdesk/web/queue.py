"""What waits on a person's decision, by deadline, and the page on which they decide."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from flask import Blueprint, Response, make_response, redirect, request, url_for

from dealdesk.approvals.asks import reasons_of
from dealdesk.approvals.lifecycle import Kind, RequestAction, RequestState, may_move
from dealdesk.approvals.policy import Policy
from dealdesk.approvals.request_models import RequestRow
from dealdesk.approvals.request_queries import (
    MOST_LISTED,
    Asked,
    find_first_asked,
    get_request,
    list_asked,
    list_away,
    list_escalated,
    list_requests,
    list_said,
)
from dealdesk.approvals.routing import Absence, Capacity, capacity, may_stand_in
from dealdesk.deals.deal import Verdict
from dealdesk.identity.queries import Person, get_actor
from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.web.access import requires
from dealdesk.web.approving import act, refused
from dealdesk.web.decision_view import legal_lines, price_lines, since_last, why_me
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session, transactional
from dealdesk.web.promise_view import promise_of
from dealdesk.web.request_cards import request_status
from dealdesk.web.standing import Status, status_of
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.approval_work import Act, Desk, load_desk, sellers
from dealdesk.workflows.deal_rulebook import rules_in_force
from dealdesk.workflows.request_deciding import (
    Said,
    Seen,
    ask,
    decide,
    delegate,
    independence_faults,
)
from dealdesk.workflows.stored_deals import StoredDeal, load_stored_deal

blueprint = Blueprint("queue", __name__, url_prefix="/queue")
DECIDE = "approvals:decision:record"
Step = Callable[[Act, StoredDeal, RequestRow, Seen, str], object]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the queue."""

    asked: Asked
    role: str
    as_what: str
    status: Status
    reasons: tuple[str, ...]
    is_late: bool


@blueprint.get("")
@requires(DECIDE)
def list_page() -> str:
    """Show what waits on the person who asks, the first due first."""
    now, actor = desk().clock.now(), current_actor()
    policy = rules_in_force(session(), desk().rules).policy
    away = list_away(session(), now)
    mine = list_asked(session(), actor=actor, policy=policy, away=away)
    above = list_escalated(session(), actor=actor, policy=policy)
    return page(
        "queue/list.html",
        "Queue",
        lines=[_line(one, policy, away, now) for one in mine],
        escalated=[_line(one, policy, away, now) for one in above],
        away=[one for one in away if one.user == actor.id],
        most=MOST_LISTED,
    )


def first_lines(count: int) -> tuple[list[Line], int]:
    """Return the first so many of what waits on the person who asks, and how much waits in all."""
    now, actor = desk().clock.now(), current_actor()
    policy = rules_in_force(session(), desk().rules).policy
    away = list_away(session(), now)
    found, total = find_first_asked(session(), count, actor=actor, policy=policy, away=away)
    return [_line(one, policy, away, now) for one in found], total


def _line(one: Asked, policy: Policy, away: Sequence[Absence], now: datetime) -> Line:
    row = one.request
    return Line(
        asked=one,
        role=policy.title_of(row.role),
        as_what=_as_what(row, policy, away),
        status=request_status(row, now),
        reasons=tuple(reason.message for reason in reasons_of(row.reasons)),
        is_late=row.due_at is not None and row.due_at <= now,
    )


def _as_what(row: RequestRow, policy: Policy, away: Sequence[Absence]) -> str:
    actor = current_actor()
    match capacity(actor, row.role, policy, delegate=row.delegate_id, away=away):
        case Capacity.DELEGATE:
            return "given to you"
        case Capacity.COVER:
            absent = [
                one.name for one in away if one.delegate == actor.id and row.role in one.roles
            ]
            return f"for {', '.join(absent)}, who is away"
        case Capacity.HOLDER if row.delegate_id not in {None, actor.id}:
            return "given to somebody else"
        case _:
            return ""


@blueprint.get("/<int:number>")
@requires(DECIDE)
def show(number: int) -> str:
    """Show one request: price and legal, why me, what changed, questions, and the decision."""
    return _page(number)


@blueprint.post("/<int:number>")
@requires(DECIDE)
@transactional
def settle(number: int) -> Response | tuple[str, int]:
    """Do what the pressed button says: approve, reject, except, ask, or give to somebody."""
    step = _STEPS.get(request.form.get("do", ""))
    now, actor = desk().clock.now(), current_actor()
    away = list_away(session(), now)
    policy = rules_in_force(session(), desk().rules).policy
    found = get_request(session(), number, actor=actor, policy=policy, away=away, writes=True)
    stored = load_stored_deal(session(), found.deal, desk().rules, now)

    def work() -> None:
        if step is None:
            raise DomainError.of("no-button", "The form says nothing to do.")
        step(act(away), stored, found.request, _seen(), request.form.get("words", ""))

    problems, status = refused(work)
    if problems:
        return _page(number, problems), status
    is_still_mine = request.form.get("do") == "ask"
    here = url_for("queue.show", number=number)
    return make_response(redirect(here if is_still_mine else url_for("queue.list_page"), 303))


def _seen() -> Seen:
    return Seen(request.form.get("revision", 0, type=int), request.form.get("version", 0, type=int))


def _verdict(verdict: Verdict) -> Step:
    def step(on: Act, stored: StoredDeal, row: RequestRow, seen: Seen, words: str) -> object:
        said = Said(verdict, words, _expiry() if verdict is Verdict.EXCEPTION else None)
        return decide(on, stored, row, said, seen)

    return step


def _with_condition(on: Act, stored: StoredDeal, row: RequestRow, seen: Seen, words: str) -> object:
    if not words.strip():
        raise DomainError.of(
            "no-words", "The condition is missing.", remedy="Write it, or approve without one."
        )
    return decide(on, stored, row, Said(Verdict.APPROVED, words), seen)


def _ask(on: Act, stored: StoredDeal, row: RequestRow, seen: Seen, words: str) -> None:
    ask(on, stored, row, words, seen)


def _delegate(on: Act, stored: StoredDeal, row: RequestRow, seen: Seen, words: str) -> None:
    del words
    to = request.form.get("to", 0, type=int)
    if not to:
        raise DomainError.of("nobody", "Choose to whom you give it.")
    delegate(on, stored, row, get_actor(session(), to), seen)


def _expiry() -> datetime | None:
    """Return the end of the day that was given, or None where none can be read."""
    try:
        day = datetime.strptime(request.form.get("until", ""), "%Y-%m-%d")  # noqa: DTZ007 - a day
    except ValueError:
        return None
    return datetime.combine(day.date(), time(23, 59, 59), UTC)


_STEPS: dict[str, Step] = {
    "approve": _verdict(Verdict.APPROVED),
    "condition": _with_condition,
    "except": _verdict(Verdict.EXCEPTION),
    "reject": _verdict(Verdict.REJECTED),
    "ask": _ask,
    "delegate": _delegate,
}


def _page(number: int, problems: Sequence[Problem] = ()) -> str:
    now, actor, parts = desk().clock.now(), current_actor(), desk()
    rules = rules_in_force(session(), parts.rules)
    people = load_desk(session(), now)
    found = get_request(session(), number, actor=actor, policy=rules.policy, away=people.away)
    stored = load_stored_deal(session(), found.deal, rules, now, in_force=rules)
    row, quote = found.request, stored.quote
    mine = reasons_of(row.reasons)
    others = list_requests(session(), row.deal_id)
    said = list_said(session(), [one.id for one in others])
    as_what = capacity(actor, row.role, quote.policy, delegate=row.delegate_id, away=people.away)
    return page(
        "queue/request.html",
        f"{found.deal.customer}: {quote.policy.title_of(row.role)}",
        stored=stored,
        deal=quote.deal,
        quote=quote,
        row=row,
        role=quote.policy.title_of(row.role),
        is_exception=row.kind == Kind.EXCEPTION.value,
        status=request_status(row, now),
        deal_status=status_of(quote),
        why=list(why_me(quote, row)),
        prices=list(price_lines(quote, mine)),
        legal=list(legal_lines(quote, stored.rules.library, mine)),
        promise=promise_of(quote, stored.rules.library, parts.settings, mine),
        since=since_last(session(), actor, stored, row),
        # A request that superseded another still shows what was asked on that one.
        said=[
            one
            for earlier in others
            if (earlier.role, earlier.kind) == (row.role, row.kind)
            for one in said.get(earlier.id, ())
        ],
        others=[one for one in _latest(others) if one.id != row.id],
        request_status=lambda one: request_status(one, now),
        as_what=as_what,
        faults=independence_faults(actor, stored, row) if as_what else [],
        can_decide=may_move(RequestState(row.state), RequestAction.APPROVE),
        delegate=people.person(row.delegate_id),
        closed_by=people.person(row.closed_by_id),
        candidates=list(_candidates(people, stored, row)),
        problems=problems,
        words=request.form.get("words", ""),
        until=request.form.get("until", ""),
        policy=quote.policy,
    )


def _latest(rows: Sequence[RequestRow]) -> Sequence[RequestRow]:
    """Return the last request of each role."""
    return list({(row.role, row.kind): row for row in rows}.values())


def _candidates(people: Desk, stored: StoredDeal, row: RequestRow) -> Iterator[Person]:
    barred = {*sellers(stored), current_actor().id, row.delegate_id}
    for person in people.people:
        is_free = person.deactivated_at is None and person.id not in barred
        if is_free and may_stand_in(person.roles, row.role, stored.quote.policy):
            yield person
