"""Two people on one deal: both sides' changes side by side, and what is kept of mine."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from dealdesk.deals.change_words import ChangeLine, change_lines
from dealdesk.deals.merging import ABSENT, Change, Found, Path
from dealdesk.deals.queries import WRITE
from dealdesk.kernel.errors import DomainError, RefusedError
from dealdesk.web.access import requires
from dealdesk.web.deal import deal_page, load_deal
from dealdesk.web.desk import desk
from dealdesk.web.edge import transactional
from dealdesk.web.page_words import placed_sentence
from dealdesk.web.steps import act, rules_now, sent_number, undone_if_refused
from dealdesk.web.unsaved import Keeping, forget, sent_keeping
from dealdesk.workflows.deal_edits import StaleDealError, Target, clause_titles, save_values
from dealdesk.workflows.stored_deals import StoredDeal

blueprint = Blueprint("merging", __name__, url_prefix="/deals/<number>")
MOST_CHANGES = 500


@dataclass(frozen=True, slots=True)
class MyChange:
    """One change of mine: in words, as it is sent again, and what they made of the same thing."""

    line: ChangeLine
    sent: str
    theirs: str
    is_conflict: bool


def merge_page(stored: StoredDeal, stale: StaleDealError, keeping: Keeping) -> str:
    """Return the page that shows both sides' changes and lets one keep what is right.

    What was typed stays kept until the merge is saved.
    """
    titles = clause_titles(rules_now().library)
    return deal_page(
        "merge",
        "Changed by two people",
        stored,
        stale=stale,
        keeping=keeping,
        theirs=list(change_lines(stale.merge.theirs, titles)),
        mine=list(_mine(stale, titles)),
    )


def _mine(stale: StaleDealError, titles: Mapping[str, str]) -> Iterator[MyChange]:
    theirs = dict(zip(stale.merge.theirs, change_lines(stale.merge.theirs, titles), strict=True))
    for change, line in zip(stale.merge.mine, change_lines(stale.merge.mine, titles), strict=True):
        touching = [
            words.new or "taken out"
            for other, words in theirs.items()
            if _meet(other.path, change.path)
        ]
        yield MyChange(
            line, _sent(change), "; ".join(touching), change.key in stale.merge.conflicts
        )


def _meet(one: Path, other: Path) -> bool:
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]


def _sent(change: Change) -> str:
    value = {} if change.new is ABSENT else {"value": change.new}
    return json.dumps({"path": list(change.path), **value}, ensure_ascii=False)


@blueprint.post("/merge")
@requires(WRITE)
@transactional
def save(number: str) -> AnyResponse | tuple[str, int]:
    """Save what is kept of my changes over the version that was shown."""
    stored = load_deal(number, WRITE)
    keeping = sent_keeping(request.form.get("kept_form", "")[:120])
    target = Target(stored.row.number, sent_number("seen"))
    try:
        with undone_if_refused():
            save_values(act(), target, dict(_kept()))
            forget(stored.row.id, keeping)
    except StaleDealError as stale:
        return merge_page(load_deal(number, WRITE), stale, keeping), 409
    except DomainError as error:
        titles = clause_titles(desk().rules.library)
        problems = [placed_sentence(problem, {}, titles) for problem in error.problems]
        return deal_page("merge", "Changed by two people", stored, problems=problems), 422
    return redirect(url_for("versions.list_page", number=stored.row.number), 303)


def _kept() -> Iterator[tuple[Path, Found]]:
    """Yield the changes whose “mine” is chosen. Raise RefusedError for what is none of ours."""
    for index in range(MOST_CHANGES):
        sent = request.form.get(f"change-{index}")
        if sent is None:
            return
        if request.form.get(f"keep-{index}") == "mine":
            yield _change(sent)


def _change(sent: str) -> tuple[Path, Found]:
    try:
        found = json.loads(sent)
        path = tuple(found["path"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _unreadable() from error
    parts_are_sound = all(
        isinstance(part, str) or (isinstance(part, int) and not isinstance(part, bool))
        for part in path
    )
    value = found.get("value", ABSENT)
    if not path or not parts_are_sound or (value is not ABSENT and not _is_plain(value)):
        raise _unreadable()
    return path, value


def _is_plain(value: object) -> bool:
    match value:
        case str() | bool() | int():
            return True
        case list():
            return all(_is_plain(one) for one in value)
        case dict():
            return all(isinstance(key, str) and _is_plain(one) for key, one in value.items())
        case _:
            return False


def _unreadable() -> RefusedError:
    return RefusedError.of(
        "not-a-change",
        "What was sent is not a change that this page offered.",
        remedy="Load the deal again and make the change there.",
    )
