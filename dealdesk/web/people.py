"""People: added, given roles, deactivated; for administrators."""

from flask import Blueprint, Response, make_response, redirect, request, url_for
from wtforms import SelectMultipleField, StringField, widgets
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from dealdesk.identity.operations import (
    NewPerson,
    activate_user,
    add_user,
    deactivate_user,
    set_roles,
)
from dealdesk.identity.queries import Person, get_person, get_user, list_people
from dealdesk.identity.roles import ROLES
from dealdesk.kernel.errors import DomainError
from dealdesk.web.access import requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session, transactional
from dealdesk.web.forms import Form
from dealdesk.web.languages import gettext, lazy_gettext
from dealdesk.web.steps import undone_if_refused
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.invitations import invite

blueprint = Blueprint("people", __name__, url_prefix="/people")
MANAGE = "identity:user:manage"


_CHOICES = [SelectChoice(value=key, label=lazy_gettext(words)) for key, words in ROLES.items()]


class RolesField(SelectMultipleField):  # type: ignore[misc] # the library has no types
    """Roles as boxes to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class PersonForm(Form):
    """A new person."""

    name = StringField(
        lazy_gettext("Name"), [InputRequired(lazy_gettext("Write a name.")), Length(max=120)]
    )
    email = StringField(
        lazy_gettext("Mail address"),
        [InputRequired(lazy_gettext("Write a mail address.")), Length(max=254)],
    )
    team = StringField(lazy_gettext("Team"), [Length(max=120)])
    roles = RolesField(lazy_gettext("Roles"), choices=_CHOICES)


class RolesForm(Form):
    """The roles of a person."""

    roles = RolesField(lazy_gettext("Roles"), choices=_CHOICES)


@blueprint.get("")
@requires(MANAGE)
def list_page() -> str:
    """Show everybody, and the form for a new person."""
    return _people_page(PersonForm(formdata=None))


@blueprint.post("")
@requires(MANAGE)
@transactional
def add() -> Response | tuple[str, int]:
    """Add a person, who sets a password by a link that is mailed to them."""
    form = PersonForm()
    if not form.validate():
        return _people_page(form), 422
    person = NewPerson(
        email=str(form.email.data),
        name=str(form.name.data),
        roles=tuple(form.roles.data or ()),
        team=str(form.team.data or ""),
    )
    try:
        with undone_if_refused():
            now = desk().clock.now()
            row = add_user(session(), current_actor(), person, now)
            invite(session(), desk().settings, current_actor(), row, now)
    except DomainError as error:
        form.say(error)
        return _people_page(form), 422
    return _to(row.id)


@blueprint.get("/<int:number>")
@requires(MANAGE)
def show(number: int) -> str:
    """Show one person with their roles."""
    return _person_page(get_person(session(), number))


@blueprint.post("/<int:number>/roles")
@requires(MANAGE)
@transactional
def change_roles(number: int) -> Response | tuple[str, int]:
    """Give a person these roles and no others."""
    form = RolesForm()
    user = get_user(session(), number)
    if not form.validate():
        return _person_page(get_person(session(), number), form), 422
    try:
        with undone_if_refused():
            set_roles(session(), current_actor(), user, form.roles.data or (), desk().clock.now())
    except DomainError as error:
        form.say(error)
        return _person_page(get_person(session(), number), form), 422
    return _to(number)


@blueprint.post("/<int:number>/deactivate")
@requires(MANAGE)
@transactional
def deactivate(number: int) -> Response:
    """Deactivate a person; their sessions end at once."""
    deactivate_user(session(), current_actor(), get_user(session(), number), desk().clock.now())
    return _to(number)


@blueprint.post("/<int:number>/activate")
@requires(MANAGE)
@transactional
def activate(number: int) -> Response:
    """Let a deactivated person sign in again."""
    activate_user(session(), current_actor(), get_user(session(), number), desk().clock.now())
    return _to(number)


@blueprint.post("/<int:number>/invite")
@requires(MANAGE)
@transactional
def send_link(number: int) -> Response:
    """Send a person a link that sets their password; links sent before end."""
    user = get_user(session(), number)
    invite(session(), desk().settings, current_actor(), user, desk().clock.now())
    return _to(number)


def _to(number: int) -> Response:
    return make_response(redirect(url_for("people.show", number=number), 303))


def _people_page(form: PersonForm) -> str:
    return page(
        "identity/people.html",
        gettext("People"),
        people=list_people(session()),
        form=form,
        roles=ROLES,
        wanted=request.args.get("q", "")[:100],
    )


def _person_page(person: Person, form: RolesForm | None = None) -> str:
    return page(
        "identity/person.html",
        person.name,
        person=person,
        form=form or RolesForm(formdata=None, roles=list(person.roles)),
        me=current_actor(),
    )
