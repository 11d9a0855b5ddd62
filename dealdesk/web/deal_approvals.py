"""A deal's approvals: who would decide and why, ask them, answer them, take it back."""

from collections.abc import Sequence

from flask import Blueprint, Response, make_response, redirect, request, url_for

from dealdesk.approvals.request_queries import get_deal_request, list_requests, list_said
from dealdesk.deals.queries import READ
from dealdesk.identity.permissions import may
from dealdesk.kernel.errors import Problem
from dealdesk.web.access import requires
from dealdesk.web.deal import blueprint as deal_pages
from dealdesk.web.deal import deal_page, load_deal
from dealdesk.web.decisions import role_cards
from dealdesk.web.desk import desk
from dealdesk.web.edge import session, transactional
from dealdesk.web.languages import gettext
from dealdesk.web.request_cards import ask_cards
from dealdesk.web.steps import act, refused, sent_number
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.approval_work import load_desk
from dealdesk.workflows.request_checks import may_decide
from dealdesk.workflows.request_deciding import answer as answer_question
from dealdesk.workflows.stored_deals import StoredDeal
from dealdesk.workflows.submitting import submit_deal, withdraw_deal

blueprint = Blueprint("approvals", __name__, url_prefix="/deals/<number>/approvals")
SUBMIT = "approvals:request:submit"


def approvals_page(stored: StoredDeal, problems: Sequence[Problem] = ()) -> str:
    """Return the page of a deal's approvals, with what was typed where something was refused."""
    people = load_desk(session(), desk().clock.now())
    rows = list_requests(session(), stored.row.id)
    said = list_said(session(), [row.id for row in rows])
    cards = list(ask_cards(people, stored, rows, said, desk().clock.now()))
    return deal_page(
        "approvals",
        gettext("Approvals"),
        stored,
        cards=cards,
        decided=[card for card in role_cards(stored.quote) if card.decisions],
        roles=stored.quote.policy.roles,
        is_all_asked=bool(cards) and all(card.is_asked for card in cards),
        mine={
            card.row.id
            for card in cards
            if card.row is not None and may_decide(current_actor(), people, stored, card.row)
        },
        may_submit=may(current_actor(), SUBMIT, people.owned(stored)),
        problems=problems,
        form=request.form,
    )


@deal_pages.get("/approvals")
@requires(READ)
def approvals(number: str) -> str:
    """Show who has to decide and why, asked or not yet, and what was decided."""
    return approvals_page(load_deal(number))


@blueprint.post("/submissions")
@requires(SUBMIT)
@transactional
def submit(number: str) -> Response | tuple[str, int]:
    """Ask every role that has something left to decide."""
    stored = load_deal(number, SUBMIT)
    seen = sent_number("version")
    problems, status = refused(
        lambda: submit_deal(act(), stored, request.form.get("note", ""), seen_version=seen)
    )
    return _answer(number, problems, status)


@blueprint.post("/withdrawals")
@requires(SUBMIT)
@transactional
def withdraw(number: str) -> Response | tuple[str, int]:
    """Take the submission back; what was decided stays decided."""
    stored = load_deal(number, SUBMIT)
    seen = sent_number("submission")
    problems, status = refused(lambda: withdraw_deal(act(), stored, seen=seen))
    return _answer(number, problems, status)


@blueprint.post("/requests/<int:asked>/answers")
@requires(SUBMIT)
@transactional
def answer(number: str, asked: int) -> Response | tuple[str, int]:
    """Answer what somebody who decides asked."""
    stored = load_deal(number, SUBMIT)
    row = get_deal_request(session(), stored.row.id, asked)
    words = request.form.get("words", "")
    problems, status = refused(lambda: answer_question(act(), stored, row, words))
    return _answer(number, problems, status)


def _answer(number: str, problems: Sequence[Problem], status: int) -> Response | tuple[str, int]:
    if problems:
        return approvals_page(load_deal(number), problems), status
    return make_response(redirect(url_for("deal.approvals", number=number), 303))
