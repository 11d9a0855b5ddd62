"""Two people on one deal: both sides' changes side by side, and what is kept of mine."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from dealdesk.deals.change_words import ChangeLine, change_lines
from dealdesk.deals.merging import ABSENT, Change, Found, Path, is_path
from dealdesk.deals.queries import WRITE
from dealdesk.kernel.errors import DomainError, RefusedError
from dealdesk.kernel.located_yaml import Data
from dealdesk.web.access import requires
from dealdesk.web.deal import deal_page, load_deal
from dealdesk.web.edge import transactional
from dealdesk.web.languages import gettext
from dealdesk.web.page_words import placed_sentence
from dealdesk.web.steps import act, rules_now, sent_number, undone_if_refused
from dealdesk.web.unsaved import Keeping, forget, sent_keeping
from dealdesk.workflows.deal_edits import (
    StaleDealError,
    Target,
    both_sides,
    clause_titles,
    save_values,
)
from dealdesk.workflows.stored_deals import StoredDeal

blueprint = Blueprint("merging", __name__, url_prefix="/deals/<number>")
MOST_CHANGES = 500
_DEEPEST = 12
_LARGEST = 10**30


@dataclass(frozen=True, slots=True)
class MyChange:
    """One change of mine: in words, as it is sent again, and what they made of the same thing.

    `is_kept` until one chooses theirs.
    """

    line: ChangeLine
    sent: str
    theirs: str
    is_conflict: bool
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of the page: every change that it offered, and which of them are kept."""

    every: Mapping[Path, Found]
    kept: Mapping[Path, Found]


def merge_page(
    stored: StoredDeal,
    stale: StaleDealError,
    keeping: Keeping,
    *,
    left: Collection[Path] = (),
    problems: Sequence[str] = (),
) -> str:
    """Return the page that shows both sides' changes and lets one keep what is right.

    What was typed stays kept until the merge is saved. `left` are the paths where theirs was
    chosen, `problems` say why what was chosen can't be saved.
    """
    titles = clause_titles(rules_now().library)
    return deal_page(
        "merge",
        gettext("Changed by two people"),
        stored,
        stale=stale,
        keeping=keeping,
        theirs=list(change_lines(stale.merge.theirs, titles)),
        mine=list(_mine(stale, titles, left)),
        problems=problems,
    )


def _mine(
    stale: StaleDealError, titles: Mapping[str, str], left: Collection[Path]
) -> Iterator[MyChange]:
    theirs = dict(zip(stale.merge.theirs, change_lines(stale.merge.theirs, titles), strict=True))
    for change, line in zip(stale.merge.mine, change_lines(stale.merge.mine, titles), strict=True):
        touching = [
            words.new or gettext("taken out")
            for other, words in theirs.items()
            if _meet(other.path, change.path)
        ]
        yield MyChange(
            line,
            _sent(change),
            "; ".join(touching),
            is_conflict=change.key in stale.merge.conflicts,
            is_kept=change.path not in left,
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
    sent, target = _sent_changes(), Target(stored.row.number, sent_number("seen"))
    try:
        with undone_if_refused():
            save_values(act(), target, sent.kept)
            forget(stored.row.id, keeping)
    except StaleDealError as stale:
        return merge_page(load_deal(number, WRITE), stale, keeping), 409
    except DomainError as error:
        titles = clause_titles(rules_now().library)
        problems = [placed_sentence(problem, {}, titles) for problem in error.problems]
        base = Target(stored.row.number, sent_number("base"))
        again, left = both_sides(act(), base, sent.every), sent.every.keys() - sent.kept.keys()
        return merge_page(stored, again, keeping, left=left, problems=problems), 422
    return redirect(url_for("versions.list_page", number=stored.row.number), 303)


def _sent_changes() -> Sent:
    """Return the changes that were sent. Raise RefusedError for what is none of ours."""
    if f"change-{MOST_CHANGES}" in request.form:
        raise RefusedError.of(
            "too-many-changes",
            f"You changed more than {MOST_CHANGES} things that somebody else's version touches.",
            remedy="Load the deal again and make your changes there.",
        )
    every: dict[Path, Found] = {}
    kept: dict[Path, Found] = {}
    for index in range(MOST_CHANGES):
        text = request.form.get(f"change-{index}")
        if text is None:
            break
        path, value = _change(text)
        every[path] = value
        if request.form.get(f"keep-{index}") == "mine":
            kept[path] = value
    return Sent(every, kept)


def _change(text: str) -> tuple[Path, Found]:
    try:
        found = json.loads(text)
        path = tuple(_clean(step) for step in found["path"])
        value = _clean(found["value"]) if "value" in found else ABSENT
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _unreadable() from error
    if not is_path(path):
        raise _unreadable()
    return path, value


def _clean(value: object, depth: int = 0) -> Data:
    """Return a value as a form's fields could have brought it. Raise ValueError where none could.

    That is: without NUL, no half of a surrogate pair, no number beyond any that we read.
    """
    match value:
        case str():
            value.encode()
            return value.replace("\x00", "")
        case bool():
            return value
        case int() if abs(value) < _LARGEST:
            return value
        case list() if depth < _DEEPEST:
            return [_clean(one, depth + 1) for one in value]
        case dict() if depth < _DEEPEST:
            # Keys of JSON are strings always.
            return {str(_clean(key)): _clean(one, depth + 1) for key, one in value.items()}
    raise ValueError(value)


def _unreadable() -> RefusedError:
    return RefusedError.of(
        "not-a-change",
        "What was sent is not a change that this page offered.",
        remedy="Load the deal again and make the change there.",
    )
