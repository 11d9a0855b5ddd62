"""Answer a round: a new version from what was decided, and their file with our marks in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from dealdesk.agreements.assembly import make_version
from dealdesk.agreements.model import Inputs, Origin, Version
from dealdesk.agreements.write_back import WriteBack
from dealdesk.clauses.model import Library
from dealdesk.documents.docx.answering import Answering, answer_docx
from dealdesk.documents.docx.limited import in_worker
from dealdesk.documents.docx.writer import render_docx
from dealdesk.files.operations import store_file
from dealdesk.files.ports import Storage
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import ConflictError, DomainError, Place, Problem, RefusedError
from dealdesk.negotiation.lifecycle import RoundState
from dealdesk.negotiation.model import Answer, Answers, Verdict
from dealdesk.negotiation.models import RoundRow
from dealdesk.negotiation.operations import record_answer
from dealdesk.negotiation.queries import Reviewed, answers_of, list_reviewed
from dealdesk.negotiation.standing import progress_of, seen_of
from dealdesk.negotiation.taking import take
from dealdesk.sla.projection import project
from dealdesk.workflows.approval_changes import follow_change
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.building import pretty_json, public_passages
from dealdesk.workflows.deal_rulebook import Rules
from dealdesk.workflows.quoting import Quote, quote_version, with_findings
from dealdesk.workflows.recording import next_rules, record_negotiated_version
from dealdesk.workflows.stored_deals import StoredDeal

_WAY_OUT = "Counter it or reject it, then finish the round."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What answers come to: the inputs, and the quote of the version that would follow.

    `quote` is None where the text can't be assembled; `problems` say everything in the way.
    """

    result: WriteBack
    quote: Quote | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer that was made and proved, and on which decisions: nothing is recorded yet."""

    seen: str
    base: int
    version: Version
    file: bytes


def outcome(
    stored: StoredDeal, rules: Rules, reviewed: Sequence[Reviewed], answers: Answers
) -> Outcome:
    """Return what a round's answers come to on the deal's present version."""
    base = stored.quote.version
    result = take(base.inputs, base.tree, [one.item for one in reviewed], answers)
    names = {one.item.key: at for at, one in enumerate(reviewed, 1)}
    problems = [
        Problem(
            "not-taken",
            f"{_named(left.changes, names)} can't be taken as decided: {left.reason}",
            Place(path=left.changes[0] if left.changes else ""),
            _WAY_OUT,
        )
        for left in result.undecided
    ]
    try:
        version = make_version(result.inputs, rules.library, parent=base, origin=Origin.NEGOTIATED)
    except DomainError as error:
        return Outcome(result, None, (*problems, *error.problems))
    quote = quote_version(stored.quote.deal, version, rules.library, rules.policy, rules.catalogue)
    return Outcome(result, quote, tuple(problems))


def _named(keys: Sequence[str], names: Mapping[str, int]) -> str:
    """Return changes by their numbers on the page."""
    numbers = sorted({names[key] for key in keys if key in names})
    word = "Change" if len(numbers) == 1 else "Changes"
    return f"{word} {' and '.join(map(str, numbers))}" if numbers else "A change"


def prepare_answer(  # noqa: PLR0913 - who answers which round of which deal, with which files, when
    session: Session,
    actor: Actor,
    stored: StoredDeal,
    row: RoundRow,
    storage: Storage,
    *,
    seen: str,
    unstated: Collection[str],
    now: datetime,
) -> Prepared:
    """Make a round's new version and the file that answers it; nothing is written.

    `unstated` are the values, as instance/variable, of which a person recorded that the new words
    state them no more (I9). Raise ConflictError where decisions were made since the page was
    loaded, RefusedError with everything in the way.
    """
    reviewed = list_reviewed(session, row.id)
    _refuse_early(row, stored, reviewed, seen)
    rules = next_rules(session, stored)
    found = outcome(stored, rules, reviewed, answers_of(reviewed))
    if found.problems or found.quote is None:
        raise RefusedError(found.problems)
    inputs = with_unstated(found.result.inputs, unstated)
    base = stored.quote.version
    version = make_version(inputs, rules.library, parent=base, origin=Origin.NEGOTIATED)
    new = _render(version, rules.library)
    author = f"{actor.name} ({stored.quote.deal.seller.name})"
    taken, refused = settled_ids(reviewed)
    given = Answering(
        received=storage.get(row.received_sha256),
        sent=storage.get(row.sent_sha256),
        marked=_render_marked(stored, rules, reviewed),
        new=new,
        taken=taken,
        refused=refused,
        # The foot of each page names the text by its fingerprint.
        furniture={base.hashes.text: version.hashes.text},
    )
    file = in_worker(lambda: answer_docx(given, author, now))
    return Prepared(seen, stored.version_row.id, version, file)


def settled_ids(reviewed: Sequence[Reviewed]) -> tuple[list[str], list[str]]:
    """Return the tracked changes that were taken, countered ones too, and those that were not.

    The second end of a move goes with the first; on looks nobody decides, so they are neither.
    """
    moves = {one.item.move: one for one in reviewed if one.item.move and one.item.is_open_to_us}
    taken: list[str] = []
    refused: list[str] = []
    for one in reviewed:
        holds = moves.get(one.item.move, one) if one.item.move else one
        if one.item.is_tracked and holds.answer is not None:
            # Where words of ours went elsewhere, theirs go.
            is_refused = holds.answer.verdict is Verdict.REJECTED or holds.answer.is_placed
            (refused if is_refused else taken).append(one.item.key)
    return taken, refused


def with_unstated(inputs: Inputs, unstated: Collection[str]) -> Inputs:
    """Return the inputs with values recorded as stated by nothing, where own words stand."""
    dropped: dict[str, list[str]] = {}
    for one in sorted(set(unstated)):
        instance, _, name = one.partition("/")
        dropped.setdefault(instance, []).append(name.partition(".")[0])
    choices = tuple(
        replace(
            choice,
            override=replace(
                choice.override,
                unstated=tuple(
                    dict.fromkeys([*choice.override.unstated, *dropped[choice.instance_id]])
                ),
            ),
        )
        if choice.override is not None and choice.instance_id in dropped
        else choice
        for choice in inputs.choices
    )
    return replace(inputs, choices=choices)


def record_prepared(
    act: Act, stored: StoredDeal, row: RoundRow, storage: Storage, prepared: Prepared
) -> StoredDeal:
    """Record a prepared answer as the deal's next version and return the deal as it stands then.

    Raise ConflictError where anything was decided or recorded since it was prepared.
    """
    session = act.session
    session.refresh(stored.row, with_for_update=True)
    session.refresh(row)
    reviewed = list_reviewed(session, row.id)
    _refuse_early(row, stored, reviewed, prepared.seen)
    counts = dict.fromkeys(Verdict, 0)
    for answer in answers_of(reviewed).values():
        counts[answer.verdict] += 1
    said = ", ".join(f"{count} {verdict.value}" for verdict, count in counts.items() if count)
    words = f"Round {row.number} answered: {said or 'nothing to decide'}."
    after = record_negotiated_version(act, stored, prepared.version, words)
    record_answer(
        session,
        act.actor,
        row,
        version_id=after.version_row.id,
        answer_sha256=store_file(session, storage, prepared.file, act.now),
        now=act.now,
    )
    follow_change(act, stored, after)
    return after


def _refuse_early(
    row: RoundRow, stored: StoredDeal, reviewed: Sequence[Reviewed], seen: str
) -> None:
    if row.state != RoundState.OPEN.value:
        raise ConflictError.of(
            "round-closed", f"Round {row.number} is {row.state} already.",
            remedy="Load the page again.",
        )  # fmt: skip
    if seen != seen_of(reviewed):
        raise ConflictError.of(
            "decided-meanwhile",
            "Somebody decided on a change of this round after you opened the page.",
            remedy="Look at what was decided, then finish it.",
        )
    if row.base_version_id != stored.version_row.id:
        raise ConflictError.of(
            "base-moved",
            f"The deal is at version {stored.version_row.number} now, which they never saw.",
            remedy="Set this round aside, send them the latest version, and take their answer in.",
        )
    progress = progress_of(reviewed)
    if not progress.is_whole:
        left = progress.wanted - progress.decided
        noun = "change is" if left == 1 else "changes are"
        raise RefusedError.of(
            "undecided", f"{left} {noun} not decided yet.", remedy="Decide first."
        )


def _render(version: Version, library: Library) -> bytes:
    """Return our own Word file of a version; RefusedError where it doesn't state its terms."""
    terms = pretty_json(project(version, library)).decode()
    return render_docx(version.tree, terms=terms, passages=public_passages(version))


def _render_marked(stored: StoredDeal, rules: Rules, reviewed: Sequence[Reviewed]) -> bytes:
    """Return our own Word file with everything taken in that they tracked, and nothing else."""
    base = stored.quote.version
    tracked = {one.item.key: Answer(Verdict.ACCEPTED) for one in reviewed if one.item.is_tracked}
    result = take(base.inputs, base.tree, [one.item for one in reviewed], tracked)
    version = make_version(result.inputs, rules.library, parent=base)
    return render_docx(version.tree, terms="", passages=public_passages(version))


def findings_of(found: Outcome, library: Library) -> tuple[Problem, ...]:
    """Return the errors that linters find in what a round comes to."""
    if found.quote is None:
        return ()
    return tuple(
        one.problem for one in with_findings(found.quote, library).findings if one.level == "error"
    )
