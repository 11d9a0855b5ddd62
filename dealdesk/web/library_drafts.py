"""Drafts of clauses: started and written by one person, published by a second."""

import re
from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, make_response, redirect, request, url_for
from wtforms import DateField, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from dealdesk.clauses.drafts import (
    change_draft,
    discard_draft,
    get_draft,
    list_live_drafts,
    open_draft,
    return_draft,
    submit_draft,
)
from dealdesk.clauses.lifecycle import DraftAction, DraftState, may_move
from dealdesk.clauses.models import ClauseDraftRow
from dealdesk.clauses.publications import find_last_publication, list_ahead
from dealdesk.identity.queries import names_by_id
from dealdesk.kernel.errors import DomainError
from dealdesk.web.access import requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session, transactional
from dealdesk.web.forms import Form
from dealdesk.web.languages import gettext, lazy_gettext
from dealdesk.web.library_shelf import clause_on, shelf
from dealdesk.web.steps import rules_now, sent_number, undone_if_refused
from dealdesk.web.visitors import can, current_actor
from dealdesk.workflows.clause_preview import printed_positions
from dealdesk.workflows.library_publishing import (
    check_draft,
    clause_folder,
    publish_draft,
    same_version,
)

blueprint = Blueprint("library_drafts", __name__, url_prefix="/library")
EDIT, PUBLISH = "clauses:library:edit", "clauses:library:publish"
_POSITION = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")


class ReasonForm(Form):
    """Why a draft is submitted, or what its author should change."""

    seen = HiddenField()
    reason = TextAreaField(
        lazy_gettext("Reason"), [InputRequired(lazy_gettext("Write a sentence.")), Length(max=2000)]
    )


class PublishForm(Form):
    """From which day a draft is in force."""

    seen = HiddenField()
    effective_on = DateField(
        lazy_gettext("In force from"), [InputRequired(lazy_gettext("Choose a day."))]
    )


@blueprint.get("/drafts")
@requires(EDIT)
def list_page() -> str:
    """Show the drafts that somebody has to write on, or to decide."""
    rows = list_live_drafts(session())
    return page(
        "library/drafts.html",
        gettext("Drafts of clauses"),
        rows=rows,
        ahead=list_ahead(session(), desk().clock.now().date()),
        people=names_by_id(session(), [row.author_id for row in rows if row.author_id]),
    )


@blueprint.post("/clauses/<clause_id>/drafts")
@requires(EDIT)
@transactional
def start(clause_id: str) -> Response:
    """Lead to one's draft, started from the version published last, else from the files."""
    found = clause_on(shelf(), clause_id).clause
    last = find_last_publication(session(), clause_id)
    row = open_draft(
        session(),
        current_actor(),
        clause_id=clause_id,
        folder=clause_folder(found),
        base_sha256=last.sha256 if last else None,
        files=last.files if last else found.files,
        now=desk().clock.now(),
    )
    return _to(row.id)


@blueprint.get("/drafts/<int:draft>")
@requires(EDIT)
def show(draft: int) -> str:
    """Show a draft: its texts to edit, what changed, what the linter finds, what can be done."""
    return _draft_page(get_draft(session(), draft))


@blueprint.post("/drafts/<int:draft>")
@requires(EDIT)
@transactional
def change(draft: int) -> Response | str | tuple[str, int]:
    """Keep a draft's texts, or with `preview` only show what they come to."""
    row = get_draft(session(), draft, writes=True)
    files = _typed_files(row)
    if "preview" in request.form:
        return _draft_page(row, files=files)
    try:
        with undone_if_refused():
            change_draft(
                session(),
                current_actor(),
                row,
                seen=sent_number("seen"),
                files=files,
                now=desk().clock.now(),
            )
    except DomainError as error:
        return _draft_page(row, files=files, said=error), 409
    return _to(row.id)


@blueprint.post("/drafts/<int:draft>/submit")
@requires(EDIT)
@transactional
def submit(draft: int) -> Response | tuple[str, int]:
    """Ask a second person to publish the draft."""
    row, form = get_draft(session(), draft, writes=True), ReasonForm()
    if not form.validate():
        return _draft_page(row, reason=form), 422
    if said := same_version(session(), row, desk().rules.folder, rules_now().library):
        form.say(said)
        return _draft_page(row, reason=form), 422
    try:
        with undone_if_refused():
            submit_draft(
                session(),
                current_actor(),
                row,
                seen=sent_number("seen"),
                reason=str(form.reason.data),
                now=desk().clock.now(),
            )
    except DomainError as error:
        form.say(error)
        return _draft_page(row, reason=form), 409
    return _to(row.id)


@blueprint.post("/drafts/<int:draft>/return")
@requires(PUBLISH)
@transactional
def give_back(draft: int) -> Response | tuple[str, int]:
    """Give the draft back to its author with what to change."""
    row, form = get_draft(session(), draft, writes=True), ReasonForm()
    if not form.validate():
        return _draft_page(row, reason=form), 422
    return_draft(
        session(),
        current_actor(),
        row,
        seen=sent_number("seen"),
        note=str(form.reason.data),
        now=desk().clock.now(),
    )
    return _to(row.id)


@blueprint.post("/drafts/<int:draft>/publish")
@requires(PUBLISH)
@transactional
def publish(draft: int) -> Response | tuple[str, int]:
    """Put the draft in force from a day on."""
    row, form = get_draft(session(), draft, writes=True), PublishForm()
    if not form.validate():
        return _draft_page(row, publishing=form), 422
    day = form.effective_on.data
    try:
        with undone_if_refused():
            publish_draft(
                session(),
                current_actor(),
                row,
                seen=sent_number("seen"),
                folder=desk().rules.folder,
                library=rules_now().library,
                effective_on=day if isinstance(day, date) else desk().clock.now().date(),
                now=desk().clock.now(),
            )
    except DomainError as error:
        form.say(error)
        return _draft_page(row, publishing=form), 409
    return make_response(redirect(url_for("library.clause", clause_id=row.clause_id), 303))


@blueprint.post("/drafts/<int:draft>/discard")
@requires(EDIT)
@transactional
def discard(draft: int) -> Response:
    """Discard the draft for good."""
    row = get_draft(session(), draft, writes=True)
    discard_draft(session(), current_actor(), row, seen=sent_number("seen"), now=desk().clock.now())
    return make_response(redirect(url_for("library_drafts.list_page"), 303))


def _typed_files(row: ClauseDraftRow) -> Mapping[str, str]:
    """Return the texts as typed: those of the draft, without what is ticked, and a new position's.

    Whatever else a form names is not the draft's.
    """
    files = {
        name: request.form.get(f"file-{name}", text)
        for name, text in row.files.items()
        if f"out-{name}" not in request.form
    }
    new = request.form.get("new-position", "").strip().lower()
    if _POSITION.fullmatch(new):
        files.setdefault(f"{new}.md", "")
    return files


def _to(draft: int) -> Response:
    return make_response(redirect(url_for("library_drafts.show", draft=draft), 303))


def _draft_page(
    row: ClauseDraftRow,
    *,
    files: Mapping[str, str] | None = None,
    said: DomainError | None = None,
    reason: ReasonForm | None = None,
    publishing: PublishForm | None = None,
) -> str:
    rules, actor, state = rules_now(), current_actor(), DraftState(row.state)
    shown = files if files is not None else row.files
    base = find_last_publication(session(), row.clause_id)
    is_own = row.author_id in {None, actor.id}
    checked = check_draft(desk().rules.folder, rules.library, row.folder, shown)
    return page(
        "library/draft.html",
        gettext("Draft of %(clause)s", clause=row.clause_id),
        row=row,
        files=shown,
        checked=checked,
        printed=printed_positions(checked.library, checked.clause)
        if checked.library and checked.clause
        else (),
        unnamed=set(shown) - set(checked.clause.files) if checked.clause else set(),
        base=base,
        is_new=row.clause_id not in rules.library.clauses,
        # What was changed stands open, wherever it is in the list.
        was=base.files if base else {},
        said=said,
        author=names_by_id(session(), [row.author_id] if row.author_id else []).get(row.author_id),
        reason=reason or ReasonForm(formdata=None),
        publishing=publishing or PublishForm(formdata=None, effective_on=desk().clock.now().date()),
        can_change=is_own and may_move(state, DraftAction.CHANGE),
        can_submit=is_own and may_move(state, DraftAction.SUBMIT),
        can_decide=row.author_id != actor.id
        and can(PUBLISH)
        and may_move(state, DraftAction.PUBLISH),
        can_discard=may_move(state, DraftAction.DISCARD),
    )
