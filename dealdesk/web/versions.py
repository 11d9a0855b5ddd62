"""A deal's versions: who changed what and when, and any two of them compared."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from dealdesk.agreements.comparison import PassageChange
from dealdesk.deals.change_words import ChangeLine
from dealdesk.deals.queries import READ, list_revisions
from dealdesk.web.access import requires
from dealdesk.web.deal import deal_page, load_deal
from dealdesk.web.edge import session
from dealdesk.web.languages import gettext
from dealdesk.workflows.comparing import compare_versions

blueprint = Blueprint("versions", __name__, url_prefix="/deals/<number>/versions")


@dataclass(frozen=True, slots=True)
class TitledChange:
    """A passage that changed, with its clause's title."""

    title: str
    change: PassageChange


@blueprint.get("")
@requires(READ)
def list_page(number: str) -> str:
    """Show every version with what was changed in it, the latest first."""
    stored = load_deal(number)
    revisions = list_revisions(session(), stored.row.id)
    return deal_page("versions", gettext("Versions"), stored, revisions=revisions)


@blueprint.get("/compare")
@requires(READ)
def compare(number: str) -> str | AnyResponse:
    """Show what differs between two versions: what was entered, then the text word by word."""
    stored = load_deal(number)
    last = stored.version_row.number
    new = _version("to", last) or last
    old = _version("from", last) or max(1, new - 1)
    if old > new:
        return redirect(
            f"{url_for('versions.compare', number=stored.row.number)}?from={new}&to={old}"
        )
    found = compare_versions(session(), stored.in_force, stored.row, old, new)
    entered: Sequence[ChangeLine] = found.entered
    return deal_page(
        "compare",
        gettext("Version %(old)d against %(new)d", old=old, new=new),
        stored,
        here="versions.list_page",
        old=old,
        new=new,
        last=last,
        entered=entered,
        passages=[
            TitledChange(found.titles.get(one.instance, one.instance.capitalize()), one)
            for one in found.passages
        ],
        unread=found.unread,
    )


def _version(name: str, last: int) -> int | None:
    typed = request.args.get(name, "")
    if not (typed.isascii() and typed.isdigit()) or len(typed) > 6:  # noqa: PLR2004
        return None
    return max(1, min(int(typed), last))
