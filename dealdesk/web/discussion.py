"""What customers ask behind their links, and the deal's answers to them."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from dealdesk.deals.queries import READ, get_deal, may_on
from dealdesk.kernel.errors import DomainError
from dealdesk.sharing.comments import Draft, list_said
from dealdesk.sharing.queries import list_links
from dealdesk.web.access import requires
from dealdesk.web.deal import deal_page, load_deal
from dealdesk.web.desk import desk
from dealdesk.web.edge import session, transactional
from dealdesk.web.languages import gettext
from dealdesk.web.page_words import page_sentence
from dealdesk.web.starting import new_key
from dealdesk.web.steps import undone_if_refused
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.discussing import answer_behind_link
from dealdesk.workflows.sending import Step
from dealdesk.workflows.stored_deals import StoredDeal

blueprint = Blueprint("discussion", __name__, url_prefix="/deals/<number>/discussion")
ANSWER = "negotiation:round:write"


@blueprint.get("")
@requires(READ)
def show(number: str) -> str:
    """Show what was asked and answered behind each link of the deal."""
    return _page(load_deal(number))


@blueprint.post("/<int:link>")
@requires(ANSWER)
@transactional
def answer(number: str, link: int) -> AnyResponse | tuple[str, int]:
    """Answer the person behind a link."""
    row, parts = get_deal(session(), number, actor=current_actor(), needs=ANSWER), desk()
    typed = request.form.get("text", "")
    draft = Draft(typed, request.form.get("form_key", ""))
    step = Step(session(), current_actor(), parts.clock.now(), parts.settings)
    try:
        with undone_if_refused():
            answer_behind_link(step, row, link, draft)
    except DomainError as error:
        if not any(one.place.path for one in error.problems):
            raise
        fault = " ".join(page_sentence(one, {}) for one in error.problems)
        return _page(load_deal(number, ANSWER), link, typed, fault), 422
    return redirect(f"{url_for('discussion.show', number=row.number)}#p-link-{link}", 303)


def _page(stored: StoredDeal, at: int = 0, typed: str = "", fault: str = "") -> str:
    links = list_links(session(), stored.row.id, desk().clock.now())
    said = list_said(session(), [one.link for one in links])
    return deal_page(
        "discussion",
        gettext("Questions of the customer"),
        stored,
        here="customer.show",
        threads=[(one, said[one.link.id]) for one in links if said[one.link.id] or one.is_live],
        may_answer=may_on(session(), stored.row, current_actor(), ANSWER),
        new_key=new_key,
        at=at,
        typed=typed,
        fault=fault,
    )
