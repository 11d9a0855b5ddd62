"""One deal shared with one colleague: who has it, giving it, taking it back."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice

from dealdesk.deals.colleagues import SHARE, list_colleagues, share_deal, take_back_deal
from dealdesk.deals.queries import READ, get_deal, may_on
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.languages import gettext_noop
from dealdesk.web.access import requires
from dealdesk.web.deal import deal_page, load_deal
from dealdesk.web.desk import desk
from dealdesk.web.edge import session, transactional
from dealdesk.web.forms import Form
from dealdesk.web.languages import gettext, lazy_gettext
from dealdesk.web.steps import undone_if_refused
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.stored_deals import StoredDeal

blueprint = Blueprint("colleagues", __name__, url_prefix="/deals/<number>/colleagues")
LEVELS = {
    "read": gettext_noop("Reads the deal"),
    "write": gettext_noop("Reads and changes the deal"),
}


class ColleagueForm(Form):
    """With whom the deal is shared, and for what."""

    email = StringField(lazy_gettext("Mail address of the colleague"))
    level = RadioField(
        lazy_gettext("What they do with it"),
        choices=[SelectChoice(key, lazy_gettext(words)) for key, words in LEVELS.items()],
        default="read",
        validate_choice=False,
    )


@blueprint.get("")
@requires(READ)
def show(number: str) -> str:
    """Show with whom the deal is shared."""
    return _page(load_deal(number), ColleagueForm(formdata=None))


@blueprint.post("")
@requires(SHARE)
@transactional
def add(number: str) -> AnyResponse | tuple[str, int]:
    """Share the deal with a colleague."""
    row, form = get_deal(session(), number, actor=current_actor(), needs=SHARE), ColleagueForm()
    email, level = str(form.email.data or ""), str(form.level.data or "")
    try:
        with undone_if_refused():
            share_deal(session(), current_actor(), row, email, level, now=desk().clock.now())
    except DomainError as error:
        form.put(error)
        return _page(load_deal(number, SHARE), form), 422
    return redirect(url_for("colleagues.show", number=row.number), 303)


@blueprint.post("/<int:user>/take-back")
@requires(SHARE)
@transactional
def take_back(number: str, user: int) -> AnyResponse:
    """Take the deal back from a colleague."""
    row = get_deal(session(), number, actor=current_actor(), needs=SHARE)
    take_back_deal(session(), current_actor(), row, user, desk().clock.now())
    return redirect(url_for("colleagues.show", number=row.number), 303)


def _page(stored: StoredDeal, form: ColleagueForm) -> str:
    return deal_page(
        "colleagues",
        gettext("Colleagues"),
        stored,
        here="audit.activity",
        form=form,
        people=list_colleagues(session(), stored.row.id),
        levels=LEVELS,
        may_share=may_on(session(), stored.row, current_actor(), SHARE),
    )
