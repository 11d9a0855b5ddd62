"""A deal's way to the customer: send it, see what they did with it, seal what was agreed."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort, make_response, redirect, request, url_for
from flask import session as browser_session
from wtforms import BooleanField, DateField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from dealdesk.deals.contacts import list_contacts
from dealdesk.deals.lifecycle import StageAction, may_move, obstacles
from dealdesk.deals.models import AccountRow, Stage
from dealdesk.deals.queries import READ, may_on
from dealdesk.deals.stage_titles import STAGES
from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.kernel.languages import gettext_noop
from dealdesk.kernel.mail_addresses import LONGEST_ADDRESS
from dealdesk.sharing.operations import revoke_link
from dealdesk.sharing.queries import list_links
from dealdesk.sharing.rules import DAYS, DEFAULT_DAYS, LONGEST_NAME, Recipient
from dealdesk.web.access import requires
from dealdesk.web.deal import deal_page, load_deal
from dealdesk.web.desk import desk
from dealdesk.web.edge import session, transactional
from dealdesk.web.forms import Form
from dealdesk.web.languages import gettext, lazy_gettext
from dealdesk.web.starting import new_key
from dealdesk.web.steps import act, sent_number, undone_if_refused
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.executing import Agreed, seal_deal, sealing_identity
from dealdesk.workflows.moving_on import move_on
from dealdesk.workflows.sending import Step, send_to_customer, share_address
from dealdesk.workflows.stages import readiness_of
from dealdesk.workflows.stored_deals import StoredDeal

blueprint = Blueprint("customer", __name__, url_prefix="/deals/<number>/customer")
SEND, SEAL = "negotiation:round:write", "signing:contract:seal"
SENT = "sent"
LONGEST_NOTE = 2000
# What people do beside sending and sealing, which have their forms: words, and who may.
MOVES = {
    StageAction.PREPARE: gettext_noop("Move to signature"),
    StageAction.REOPEN: gettext_noop("Back to negotiation"),
    StageAction.LOSE: gettext_noop("Close as lost"),
    StageAction.REVIVE: gettext_noop("Take it up again"),
}
_SAYS = {
    Stage.DRAFT: gettext_noop(
        "This version is not with the customer; what they were sent stays listed below."
    ),
    Stage.NEGOTIATION: gettext_noop("The customer has it and may want changes."),
    Stage.SIGNATURE: gettext_noop("Both sides agree; it waits for its seal."),
    Stage.SIGNED: gettext_noop("It is sealed and handed over."),
    Stage.LOST: gettext_noop("It was closed as lost."),
}


_LASTING = {
    7: gettext_noop("7 days"),
    30: gettext_noop("30 days"),
    90: gettext_noop("90 days"),
}


class SendForm(Form):
    """To whom the version goes."""

    name = StringField(
        lazy_gettext("Name"),
        [InputRequired(lazy_gettext("Write whom the link is for.")), Length(max=LONGEST_NAME)],
    )
    email = StringField(
        lazy_gettext("Mail address"),
        [InputRequired(lazy_gettext("Write their mail address.")), Length(max=LONGEST_ADDRESS)],
    )
    days = RadioField(
        lazy_gettext("The link holds for"),
        choices=[SelectChoice(str(n), lazy_gettext(_LASTING[n])) for n in DAYS],
        default=DEFAULT_DAYS,
    )
    has_code = BooleanField(lazy_gettext("Ask for a code, which I tell them by telephone"))
    note = TextAreaField(lazy_gettext("What you want to say with it"), [Length(max=LONGEST_NOTE)])
    seen = HiddenField()
    form_key = HiddenField()


class SealForm(Form):
    """Who agreed for the customer, and when."""

    by = StringField(
        lazy_gettext("Who agreed for the customer"),
        [InputRequired(lazy_gettext("Write who agreed."))],
    )
    on = DateField(
        lazy_gettext("On which day"), [InputRequired(lazy_gettext("Write the day, as 2027-02-28."))]
    )
    seen = HiddenField()


@dataclass(frozen=True, slots=True)
class Move:
    """An action on the deal's stage that is possible now, with what is in its way."""

    action: StageAction
    words: str
    obstacles: tuple[Problem, ...]


@blueprint.get("")
@requires(READ)
def show(number: str) -> str:
    """Show where the deal is with its customer, who has which link, and what can be done."""
    return _page(load_deal(number))


@blueprint.post("/send")
@requires(SEND)
@transactional
def send(number: str) -> Response | tuple[str, int]:
    """Send the latest version to a person by a link."""
    stored, form = load_deal(number, SEND), SendForm()
    if not form.validate():
        return _page(stored, send_form=form), 422
    recipient = Recipient(
        str(form.name.data), str(form.email.data), int(form.days.data), bool(form.has_code.data)
    )
    try:
        with undone_if_refused():
            link = send_to_customer(
                _step(),
                stored,
                recipient,
                seen=sent_number("seen"),
                note=str(form.note.data or ""),
                form=str(form.form_key.data or ""),
            )
    except DomainError as error:
        form.say(error)
        return _page(load_deal(number, SEND), send_form=form), 409
    address = share_address(desk().settings, link.token)
    browser_session[SENT] = {"to": link.row.email, "address": address, "code": link.code}
    return _back(number)


@blueprint.post("/links/<int:link>/revoke")
@requires(SEND)
@transactional
def revoke(number: str, link: int) -> Response:
    """Take a link back at once."""
    stored = load_deal(number, SEND)
    revoke_link(session(), current_actor(), stored.row.id, link, desk().clock.now())
    return _back(number)


@blueprint.post("/stage/<action>")
@requires(SEND)
@transactional
def move(number: str, action: str) -> Response:
    """Move the deal to another stage."""
    chosen = next((one for one in MOVES if one.value == action), None)
    if chosen is None:
        abort(404)
    stored = load_deal(number, SEND)
    move_on(act(), stored, chosen, request.form.get("reason", "").strip())
    return _back(number)


@blueprint.post("/seal")
@requires(SEAL)
@transactional
def seal(number: str) -> Response | tuple[str, int]:
    """Seal the agreed version and hand it over."""
    stored, form, parts = load_deal(number, SEAL), SealForm(), desk()
    if not form.validate():
        return _page(stored, seal_form=form), 422
    on = form.on.data
    assert isinstance(on, date)
    agreed = Agreed(str(form.by.data), on)
    try:
        with undone_if_refused():
            identity = sealing_identity(parts.settings, parts.clock.now())
            seal_deal(_step(), stored, parts.storage, identity, agreed, seen=sent_number("seen"))
    except DomainError as error:
        form.say(error)
        return _page(load_deal(number, SEAL), seal_form=form), 409
    return make_response(redirect(url_for("contract.show", number=number), 303))


def _page(
    stored: StoredDeal, *, send_form: SendForm | None = None, seal_form: SealForm | None = None
) -> str:
    ready, stage = readiness_of(session(), stored), Stage(stored.row.stage)
    seen = str(stored.version_row.number)
    may_send, may_seal = _may(SEND, stored), _may(SEAL, stored)
    moves = [
        Move(action, words, obstacles(stage, action, ready))
        for action, words in MOVES.items()
        if may_send and may_move(stage, action)
    ]
    return deal_page(
        "customer",
        gettext("Customer"),
        stored,
        stage=stage,
        stage_words=gettext(STAGES[stage]),
        says=_SAYS[stage],
        can_send=may_send and may_move(stage, StageAction.SEND),
        can_seal=may_seal and may_move(stage, StageAction.SEAL),
        may_send=may_send,
        in_the_way=obstacles(stage, StageAction.SEND, ready),
        before_seal=obstacles(stage, StageAction.SEAL, ready),
        moves=moves,
        is_trial=desk().settings.certificate is None,
        send_form=send_form or _send_form(stored, seen),
        seal_form=seal_form or SealForm(formdata=None, seen=seen, by=_signer(stored)),
        links=list_links(session(), stored.row.id, desk().clock.now()),
        sent=browser_session.pop(SENT, None) if may_send else None,
    )


def _send_form(stored: StoredDeal, seen: str) -> SendForm:
    """Return the form with the customer's signer, by the account's people where it knows them."""
    signer = stored.quote.deal.customer.signer
    name, email = (signer.name, signer.email) if signer else ("", "")
    account = session().get(AccountRow, stored.row.account_id) if stored.row.account_id else None
    people = list_contacts(session(), account) if account else ()
    known = next((one for one in people if one.name == name or (not name and one.is_signer)), None)
    return SendForm(
        formdata=None,
        seen=seen,
        form_key=new_key(),
        name=name or (known.name if known else ""),
        email=email or (known.email if known else ""),
    )


def _signer(stored: StoredDeal) -> str:
    signer = stored.quote.deal.customer.signer
    return signer.name if signer else ""


def _may(permission: str, stored: StoredDeal) -> bool:
    """Tell whether the person who asks may do that on a deal that they see."""
    return may_on(session(), stored.row, current_actor(), permission)


def _step() -> Step:
    return Step(session(), current_actor(), desk().clock.now(), desk().settings)


def _back(number: str) -> Response:
    return make_response(redirect(url_for("customer.show", number=number), 303))
