"""One's own account: sessions that hold now, and the password."""

from flask import Blueprint, Response, make_response, redirect, url_for
from sqlalchemy.orm import Session
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired

from dealdesk.identity.operations import set_password
from dealdesk.identity.passwords import WeakPasswordError
from dealdesk.identity.queries import get_user
from dealdesk.identity.roles import ROLES
from dealdesk.identity.sessions import end_all_sessions, end_session, list_sessions
from dealdesk.identity.signing_in import count_proof, forget_tries
from dealdesk.web.access import requires
from dealdesk.web.browsers import browser_words
from dealdesk.web.desk import desk
from dealdesk.web.edge import aside, page, session, transactional
from dealdesk.web.forms import Form
from dealdesk.web.languages import gettext, lazy_gettext
from dealdesk.web.sign_in import TOO_OFTEN
from dealdesk.web.visitors import current_actor, current_session, visitor

blueprint = Blueprint("account", __name__, url_prefix="/account")
OWN = "identity:session:own"


class PasswordForm(Form):
    """The present password, and the new one twice."""

    present = PasswordField(
        lazy_gettext("Present password"),
        [InputRequired(lazy_gettext("Write your present password."))],
    )
    new = PasswordField(
        lazy_gettext("New password"), [InputRequired(lazy_gettext("Write a new password."))]
    )
    again = PasswordField(
        lazy_gettext("New password, again"),
        [EqualTo("new", lazy_gettext("The two new passwords are not the same."))],
    )


@blueprint.get("")
@requires(OWN)
def show() -> str:
    """Show the person's own sessions, and the form for a new password."""
    return _account_page(PasswordForm(formdata=None))


@blueprint.post("/password")
@requires(OWN)
def change_password() -> Response | tuple[str, int]:
    """Set a new password; all other sessions of the person end.

    As at the door, tries at the present one are counted and committed before it is looked at.
    """
    form, actor, now = PasswordForm(), current_actor(), desk().clock.now()
    if not form.validate():
        return _account_page(form), 422
    mine, here, who = actor.id or 0, current_session().session, visitor()
    tried = aside(lambda unit: count_proof(unit, get_user(unit, mine), who, now))
    if tried.is_throttled:
        form.say(gettext(TOO_OFTEN))
        return _account_page(form), 429
    if not tried.is_right(str(form.present.data)):
        form.say(gettext("The present password is not right."))
        return _account_page(form), 422

    def change(unit: Session) -> None:
        forget_tries(unit, tried)
        set_password(unit, actor, get_user(unit, mine), str(form.new.data), now, but=here)

    try:
        aside(change)
    except WeakPasswordError as error:
        form.say(error)
        return _account_page(form), 422
    return _back()


@blueprint.post("/sessions/<int:number>/end")
@requires(OWN)
@transactional
def end_one(number: int) -> Response:
    """End one of the person's sessions."""
    end_session(session(), current_actor(), number, desk().clock.now())
    return _back()


@blueprint.post("/sessions/end")
@requires(OWN)
@transactional
def end_others() -> Response:
    """End all of the person's sessions but this one."""
    actor = current_actor()
    end_all_sessions(
        session(), actor, actor.id or 0, desk().clock.now(), but=current_session().session
    )
    return _back()


def _back() -> Response:
    return make_response(redirect(url_for("account.show"), 303))


def _account_page(form: PasswordForm) -> str:
    actor = current_actor()
    user = get_user(session(), actor.id or 0)
    return page(
        "identity/account.html",
        gettext("Your account"),
        form=form,
        me=actor,
        roles=[ROLES[role] for role in ROLES if role in actor.roles],
        chosen=current_session().language,
        browser_words=browser_words,
        has_password=user.password_hash is not None,
        sessions=list_sessions(session(), actor, desk().clock.now()),
        here=current_session().session,
    )
