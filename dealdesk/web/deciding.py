"""The page on which somebody decides on a request, and what its buttons do."""

from collections.abc import Iterator, Sequence

from flask import Response, make_response, redirect, request, url_for

from dealdesk.approvals.asks import reasons_of
from dealdesk.approvals.lifecycle import Kind, RequestAction, RequestState, may_move
from dealdesk.approvals.request_models import RequestRow
from dealdesk.approvals.request_queries import (
    get_request,
    list_away,
    list_requests,
    list_said,
    successor_of,
)
from dealdesk.approvals.routing import capacity, may_stand_in
from dealdesk.identity.queries import Person
from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.web.access import requires
from dealdesk.web.decision_steps import STEPS, seen_version
from dealdesk.web.decision_view import legal_lines, price_lines, since_last, why_me
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session, transactional
from dealdesk.web.languages import gettext
from dealdesk.web.promise_view import promise_of
from dealdesk.web.queue import DECIDE, blueprint
from dealdesk.web.request_cards import request_status
from dealdesk.web.standing import status_of
from dealdesk.web.steps import act, refused, rules_now, sent_number
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.approval_work import Desk, load_desk, sellers
from dealdesk.workflows.request_checks import independence_faults
from dealdesk.workflows.stored_deals import StoredDeal, load_stored_deal

# The word in an address that says that one came from the deal's own page.
DEAL = "deal"


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
    step = STEPS.get(request.form.get("do", ""))
    now, actor = desk().clock.now(), current_actor()
    away = list_away(session(), now)
    rules = rules_now()
    found = get_request(session(), number, actor=actor, policy=rules.policy, away=away, writes=True)
    stored = load_stored_deal(session(), found.deal, desk().rules, now, in_force=rules)

    def work() -> None:
        if step is None:
            raise DomainError.of("no-button", "The form says nothing to do.")
        step(act(away), stored, found.request, seen_version(), request.form.get("words", ""))

    problems, status = refused(work)
    if problems:
        return _page(number, problems, takes_over=True), status
    return make_response(redirect(_next(number, stored.row.number), 303))


def _next(number: int, deal: str) -> str:
    """Return where a step leads: back to where one came from, or to the answer one waits for."""
    if request.form.get("do") == "ask":
        return url_for("queue.show", number=number, back=_back())
    return url_for("deal.approvals", number=deal) if _back() else url_for("queue.list_page")


def _back() -> str | None:
    """Return the word that leads back to the deal, where one came from there."""
    return DEAL if request.values.get("back") == DEAL else None


def _page(number: int, problems: Sequence[Problem] = (), *, takes_over: bool = False) -> str:
    """Return a request's page.

    With `takes_over`, one that was asked anew meanwhile shows the new request, with what was typed.
    """
    now, actor, parts = desk().clock.now(), current_actor(), desk()
    rules = rules_now()
    people = load_desk(session(), now)
    found = get_request(session(), number, actor=actor, policy=rules.policy, away=people.away)
    stored = load_stored_deal(session(), found.deal, rules, now, in_force=rules)
    row, quote = found.request, stored.quote
    mine = reasons_of(row.reasons)
    others = list_requests(session(), row.deal_id)
    anew = successor_of(row, others)
    if takes_over and anew is not None:
        return _page(anew.id, problems)
    said = list_said(session(), [one.id for one in others])
    as_what = capacity(
        actor,
        row.role,
        quote.policy,
        of=found.owned,
        delegate=row.delegate_id,
        away=people.away,
    )
    return page(
        "queue/request.html",
        f"{found.deal.customer}: {gettext(quote.policy.title_of(row.role))}",
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
        to=sent_number("to"),
        back=_back(),
        anew=anew.id if anew else None,
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
