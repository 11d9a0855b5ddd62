"""A new clause, and with it a new family: drafted in the browser from a skeleton."""

from flask import Blueprint, Response, make_response, redirect, url_for
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from dealdesk.clauses.drafts import find_live_draft
from dealdesk.clauses.models import ClauseDraftRow
from dealdesk.clauses.skeleton import LONGEST_LINE, NewClause
from dealdesk.kernel.errors import DomainError
from dealdesk.web.access import requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session, transactional
from dealdesk.web.forms import Form
from dealdesk.web.languages import gettext, lazy_gettext
from dealdesk.web.steps import rules_now, undone_if_refused
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.library_starting import DRAFTED, start_clause

blueprint = Blueprint("library_new", __name__, url_prefix="/library/drafts/new")
EDIT = "clauses:library:edit"


class ClauseForm(Form):
    """What a new clause is called, whose it is, and what its first position comes to."""

    title = StringField(
        lazy_gettext("Title"),
        [InputRequired(lazy_gettext("Write the title.")), Length(max=LONGEST_LINE)],
    )
    id = StringField(lazy_gettext("Id"), [InputRequired(lazy_gettext("Write an id."))])
    family = SelectField(lazy_gettext("Family"), validate_choice=False)
    family_title = StringField(lazy_gettext("The new family's title"))
    owner = SelectField(
        lazy_gettext("Owned by"), default="commercial_counsel", validate_choice=False
    )
    sentence = StringField(
        lazy_gettext("What the first position says, in one line"),
        [InputRequired(lazy_gettext("Write in one line what the first position says."))],
    )
    explanation = StringField(
        lazy_gettext("What that means, for sales"),
        [InputRequired(lazy_gettext("Write a sentence for sales."))],
    )


@blueprint.get("")
@requires(EDIT)
def show() -> str:
    """Show the form of a new clause."""
    return _page(ClauseForm(formdata=None))


@blueprint.post("")
@requires(EDIT)
@transactional
def start() -> Response | tuple[str, int]:
    """Start the draft of a new clause from a skeleton with its first position."""
    form = ClauseForm()
    if not form.validate():
        return _page(form), 422
    try:
        with undone_if_refused():
            row = start_clause(
                session(), current_actor(), _typed(form), rules_now().library, desk().clock.now()
            )
    except DomainError as error:
        form.put(error)
        is_drafted = any(one.code == DRAFTED for one in error.problems)
        return _page(form, find_live_draft(session(), _typed(form).id) if is_drafted else None), 422
    return make_response(redirect(url_for("library_drafts.show", draft=row.id), 303))


def _typed(form: ClauseForm) -> NewClause:
    def words(name: str) -> str:
        return str(form[name].data or "").strip()

    return NewClause(
        id=words("id").lower(),
        title=words("title"),
        owner=words("owner"),
        sentence=words("sentence"),
        explanation=words("explanation"),
        family=words("family"),
        family_title=words("family_title"),
    )


def _page(form: ClauseForm, other: ClauseDraftRow | None = None) -> str:
    library = rules_now().library
    families = [(family.id, family.title) for family in library.families.values()]
    form.family.choices = [("", gettext("A new family")), *families]
    form.owner.choices = [(role, gettext(title)) for role, title in library.roles.items()]
    return page("library/new.html", gettext("New clause"), form=form, other=other)
