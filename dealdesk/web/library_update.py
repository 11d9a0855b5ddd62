"""A draft deal is offered the clauses in force: what would change, and taking them."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from dealdesk.deals.queries import WRITE
from dealdesk.web.access import requires
from dealdesk.web.deal import deal_page, load_deal
from dealdesk.web.edge import transactional
from dealdesk.web.languages import gettext
from dealdesk.web.steps import act, sent_number
from dealdesk.workflows.deal_edits import Target
from dealdesk.workflows.library_use import offer_of, take_offer

blueprint = Blueprint("library_update", __name__, url_prefix="/deals/<number>/library-update")


@blueprint.get("")
@requires(WRITE)
def show(number: str) -> str:
    """Show what the clauses in force would change in a draft."""
    stored = load_deal(number, WRITE)
    return deal_page("library-update", gettext("Clauses in force"), stored, offer=offer_of(stored))


@blueprint.post("")
@requires(WRITE)
@transactional
def take(number: str) -> Response:
    """Record the draft's next version with the clauses in force."""
    take_offer(act(), Target(number, sent_number("seen_version")))
    return redirect(url_for("deal.clauses", number=number), 303)
