"""The clause library browsed by everybody; what was published ahead is taken back here."""

from collections.abc import Sequence

from flask import Blueprint, Response, make_response, redirect, request, url_for

from dealdesk.clauses.drafts import list_live_drafts
from dealdesk.clauses.publications import Publication, get_publication, list_publications
from dealdesk.clauses.withdrawals import is_to_come, take_back
from dealdesk.identity.queries import names_by_id
from dealdesk.kernel.errors import NotFoundError, Problem
from dealdesk.web.access import requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session, transactional
from dealdesk.web.languages import gettext
from dealdesk.web.library_shelf import clause_on, shelf
from dealdesk.web.steps import refused, rules_now
from dealdesk.web.visitors import can, current_actor
from dealdesk.workflows.clause_preview import printed_positions
from dealdesk.workflows.library_publishing import check_draft
from dealdesk.workflows.library_use import list_uses, uses_by_version

blueprint = Blueprint("library", __name__, url_prefix="/library")
READ, EDIT, PUBLISH = "clauses:library:read", "clauses:library:edit", "clauses:library:publish"


@blueprint.get("")
@requires(READ)
def families() -> str:
    """Show every family with the ladder of its clauses."""
    wanted = request.args.get("q", "").strip()[:100].casefold()
    return page(
        "library/families.html",
        gettext("Library"),
        families=[
            (family, [one for one in family.clauses if wanted in one.clause.title.casefold()])
            for family in shelf().families
        ],
        wanted=wanted,
        drafts=len(list_live_drafts(session())),
    )


@blueprint.get("/clauses/<clause_id>")
@requires(READ)
def clause(clause_id: str) -> str:
    """Show a clause: its positions as text, their reasons, its history, and where it is used."""
    return _clause_page(clause_id)


@blueprint.post("/clauses/<clause_id>/publications/<int:number>/withdrawal")
@requires(PUBLISH)
@transactional
def withdraw(clause_id: str, number: int) -> Response | tuple[str, int]:
    """Take a publication back before its day."""
    reason, now = request.form.get("reason", ""), desk().clock.now()
    if get_publication(session(), number).clause_id != clause_id:
        raise NotFoundError.of("no-such-publication", f"{clause_id} has no publication {number}.")
    problems, status = refused(
        lambda: take_back(session(), current_actor(), number, reason=reason, now=now)
    )
    if problems:
        return _clause_page(clause_id, problems), status
    return make_response(redirect(url_for("library.clause", clause_id=clause_id), 303))


def _clause_page(clause_id: str, problems: Sequence[Problem] = ()) -> str:
    history = list_publications(session(), clause_id)
    if history and clause_id not in rules_now().library.clauses:
        return _ahead_page(clause_id, history, problems)
    one = clause_on(shelf(), clause_id)
    uses = list_uses(session(), current_actor(), clause_id) if can("deals:deal:read") else ()
    return page(
        "library/clause.html",
        one.clause.title,
        one=one,
        roles=rules_now().library.roles,
        uses=uses_by_version(uses),
        today=desk().clock.now().date(),
        drafts=[row for row in list_live_drafts(session()) if row.clause_id == clause_id],
        problems=problems,
        **_history_context(clause_id, history),
    )


def _ahead_page(clause_id: str, history: Sequence[Publication], problems: Sequence[Problem]) -> str:
    """Return the page of a new clause whose day has not come, or that was taken back before it."""
    ahead = next((p for p in history if is_to_come(p, desk().clock.now())), None)
    shown = ahead or history[0]
    checked = check_draft(desk().rules.folder, rules_now().library, shown.folder, shown.files)
    return page(
        "library/clause-ahead.html",
        shown.title,
        ahead=ahead,
        printed=printed_positions(checked.library, checked.clause)
        if ahead and checked.library and checked.clause
        else (),
        problems=problems,
        **_history_context(clause_id, history),
    )


def _history_context(clause_id: str, history: Sequence[Publication]) -> dict[str, object]:
    people = [x for p in history for x in (p.author_id, p.publisher_id) if x is not None]
    people += [p.withdrawal.person_id for p in history if p.withdrawal and p.withdrawal.person_id]
    now = desk().clock.now()
    return {
        "clause_id": clause_id,
        "history": history,
        "to_come": {p.id for p in history if is_to_come(p, now)},
        "people": names_by_id(session(), people),
        "reason": request.form.get("reason", ""),
    }


@blueprint.get("/versions")
@requires("deals:deal:read")
def versions() -> str:
    """Show which deals stand on which version of which clause."""
    library = rules_now().library
    return page(
        "library/versions.html",
        gettext("Who is on which version"),
        uses=uses_by_version(list_uses(session(), current_actor())),
        library=library,
    )
