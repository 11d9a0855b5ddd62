"""Setting a password by a link: asked for by mail address, used once."""

from flask import Blueprint, Response, make_response, redirect, url_for
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from dealdesk.identity.operations import use_reset
from dealdesk.identity.passwords import WeakPasswordError
from dealdesk.identity.resets import find_reset
from dealdesk.kernel.errors import NotFoundError
from dealdesk.kernel.languages import gettext_noop
from dealdesk.web.access import open_to_anybody
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session, transactional
from dealdesk.web.forms import Form
from dealdesk.web.languages import gettext, lazy_gettext
from dealdesk.web.visitors import visitor
from dealdesk.workflows.invitations import ask_reset

blueprint = Blueprint("passwords", __name__, url_prefix="/password")
TOO_OFTEN = gettext_noop("This was asked too often. Wait a quarter of an hour.")


class AskForm(Form):
    """Where to send the link."""

    email = StringField(
        lazy_gettext("Mail address"),
        [
            InputRequired(lazy_gettext("Write your mail address.")),
            Length(max=254, message=lazy_gettext("It is too long.")),
        ],
    )


class NewPasswordForm(Form):
    """The new password, twice."""

    new = PasswordField(
        lazy_gettext("New password"), [InputRequired(lazy_gettext("Write a new password."))]
    )
    again = PasswordField(
        lazy_gettext("New password, again"),
        [EqualTo("new", lazy_gettext("The two passwords are not the same."))],
    )


@blueprint.get("")
@open_to_anybody
def ask_page() -> str:
    """Ask for the address that the link goes to."""
    return page(
        "identity/ask-password.html", gettext("Set a new password"), form=AskForm(formdata=None)
    )


@blueprint.post("")
@open_to_anybody
@transactional
def ask() -> str | tuple[str, int]:
    """Send the link; the answer is the same whether there is an account or not."""
    form = AskForm()
    status = 422
    if form.validate():
        now = desk().clock.now()
        if ask_reset(
            session(), desk().settings, str(form.email.data), address=visitor().address, now=now
        ):
            return page("identity/password-asked.html", gettext("Look into your mail"))
        form.say(gettext(TOO_OFTEN))
        status = 429
    return page("identity/ask-password.html", gettext("Set a new password"), form=form), status


@blueprint.get("/<token>")
@open_to_anybody
def set_page(token: str) -> str:
    """Ask for the new password, where the link still holds."""
    if find_reset(session(), token, desk().clock.now()) is None:
        raise NotFoundError.of(
            "no-such-link",
            "This link was used, has expired or was replaced by a newer one.",
            remedy="Ask for another.",
        )
    return _set_page(NewPasswordForm(formdata=None), token)


@blueprint.post("/<token>")
@open_to_anybody
@transactional
def set_new(token: str) -> Response | tuple[str, int]:
    """Set the new password; the link is used up and all sessions of the person end."""
    form = NewPasswordForm()
    if not form.validate():
        return _set_page(form, token), 422
    try:
        use_reset(session(), token, str(form.new.data), desk().clock.now())
    except WeakPasswordError as error:
        form.say(error)
        return _set_page(form, token), 422
    return make_response(redirect(url_for("sign_in.form_page"), 303))


def _set_page(form: NewPasswordForm, token: str) -> str:
    return page("identity/set-password.html", gettext("Set your password"), form=form, token=token)
