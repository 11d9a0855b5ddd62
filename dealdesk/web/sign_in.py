"""Signing in and out; in demo mode, as anybody of the demo with one click."""

from flask import Blueprint, Response, abort, make_response, redirect, request, url_for
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from dealdesk.identity.queries import Person, get_user, list_people
from dealdesk.identity.roles import ROLES
from dealdesk.identity.sessions import end_session
from dealdesk.identity.signing_in import count_sign_in, open_for, sign_in
from dealdesk.kernel.errors import NotFoundError
from dealdesk.kernel.languages import gettext_noop
from dealdesk.web.access import open_to_anybody, requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import aside, page, session, transactional
from dealdesk.web.forms import Form
from dealdesk.web.languages import gettext, lazy_gettext
from dealdesk.web.targets import local_target
from dealdesk.web.tokens import forget_browser, give_form_token
from dealdesk.web.visitors import (
    current_actor,
    current_session,
    find_actor,
    give_token,
    take_token,
    visitor,
)

blueprint = Blueprint("sign_in", __name__)
_WRONG = gettext_noop("Address and password don't belong together. Check both.")
TOO_OFTEN = gettext_noop(
    "There were too many tries. Wait a quarter of an hour, or ask an administrator for a link."
)


class SignInForm(Form):
    """Address and password, and where to go on."""

    email = StringField(
        lazy_gettext("Mail address"),
        [
            InputRequired(lazy_gettext("Write your mail address.")),
            Length(max=254, message=lazy_gettext("It is too long.")),
        ],
    )
    password = PasswordField(
        lazy_gettext("Password"), [InputRequired(lazy_gettext("Write your password."))]
    )
    next = HiddenField()


@blueprint.get("/sign-in")
@open_to_anybody
def form_page() -> str | Response:
    """Show the form; in demo mode the people of the demo as well."""
    target = local_target(request.args.get("next", ""))
    if find_actor() is not None:
        return _go(target)
    return _sign_in_page(SignInForm(formdata=None, next=target))


@blueprint.post("/sign-in")
@open_to_anybody
def enter() -> Response | tuple[str, int]:
    """Sign in, or say why not.

    The try is counted and committed, then the password is looked at, then the session opened:
    what takes long holds nobody up.
    """
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    who, now, email = visitor(), desk().clock.now(), str(form.email.data)
    tried = aside(lambda unit: count_sign_in(unit, email, who, now))
    if tried.is_throttled:
        form.say(gettext(TOO_OFTEN))
        return _sign_in_page(form), 429
    token = None
    if tried.is_right(str(form.password.data)):
        token = aside(lambda unit: sign_in(unit, tried, who, now))
    if token is None or tried.user_id is None:
        form.say(gettext(_WRONG))
        return _sign_in_page(form), 422
    return _entered(token, tried.user_id, str(form.next.data or ""))


@blueprint.post("/sign-in/as/<int:number>")
@open_to_anybody
@transactional
def enter_as(number: int) -> Response:
    """Sign in as a person of the demo: in demo mode alone, and never as anybody real."""
    if not desk().settings.is_demo:
        abort(404)
    user = get_user(session(), number)
    if not user.is_persona or user.deactivated_at is not None:
        raise NotFoundError.of("no-such-person", f"There is no person {number} of the demo.")
    _leave_if_signed_in()
    token = open_for(session(), user, visitor(), desk().clock.now())
    return _entered(token, user.id, request.form.get("next", ""))


@blueprint.post("/sign-out")
@requires("identity:session:own")
@transactional
def leave() -> Response:
    """Sign out."""
    end_session(session(), current_actor(), current_session().session, desk().clock.now())
    forget_browser()
    answer = make_response(redirect(url_for("sign_in.form_page"), 303))
    take_token(answer)
    return answer


def _sign_in_page(form: SignInForm) -> str:
    personas = _personas() if desk().settings.is_demo else ()
    return page(
        "identity/sign-in.html", gettext("Sign in"), form=form, personas=personas, roles=ROLES
    )


def _personas() -> tuple[Person, ...]:
    order = list(ROLES)
    found = [p for p in list_people(session()) if p.is_persona and p.deactivated_at is None]
    return tuple(sorted(found, key=lambda p: (order.index(p.roles[0]), p.name)))


def _leave_if_signed_in() -> None:
    if find_actor() is not None:
        end_session(session(), current_actor(), current_session().session, desk().clock.now())


def _entered(token: str, person: int, target: str) -> Response:
    # What the browser held before it signed in is not carried over.
    give_form_token(person)
    answer = _go(local_target(target))
    give_token(answer, token)
    return answer


def _go(target: str) -> Response:
    return make_response(redirect(target, 303))
