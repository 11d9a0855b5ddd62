"""Take what was decided into the agreement: the inputs that follow, and what is left (I8)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dealdesk.agreements.block_runs import block_runs
from dealdesk.agreements.changes import AcceptedChange, Undecided
from dealdesk.agreements.model import Inputs
from dealdesk.agreements.spans import segments
from dealdesk.agreements.write_back import WriteBack, write_back
from dealdesk.documents.docx.changes import TEXT_KINDS, Change, Kind
from dealdesk.documents.docx.differences import Untracked
from dealdesk.documents.numbering import number_document
from dealdesk.documents.tree import DocumentTree, instance_of, walk
from dealdesk.negotiation.model import Answer, Answers, Item, Verdict
from dealdesk.negotiation.placing import accepted, is_new_paragraph, structural, unplaced
from dealdesk.negotiation.words import word_edits

NOBODY = "an edit that was not tracked"
_TAKEN = (Verdict.ACCEPTED, Verdict.COUNTERED)


def take(inputs: Inputs, base: DocumentTree, items: Sequence[Item], answers: Answers) -> WriteBack:
    """Return the inputs after what was accepted and countered; `base` is the tree that was sent.

    What can't be taken as it was decided is left as undecided, with the reason.
    """
    lost: list[Undecided] = []
    placed = {key: answer for key, answer in answers.items() if answer.is_placed}
    rest = {key: answer for key, answer in answers.items() if key not in placed}
    changes = list(_tracked(items, rest, lost))
    words = [
        *accepted(changes),
        *_untracked(items, rest, lost),
        *_by_hand(base, placed, lost),
    ]
    result = write_back(inputs, base, words, list(structural(changes)))
    return replace(result, undecided=(*lost, *unplaced(changes), *result.undecided))


def runs_of(base: DocumentTree, instance: str) -> Iterator[tuple[str, int, str]]:
    """Yield the words of an instance, or of all, that words can be put in place of.

    Each as block, run and what it prints; parts that are made from others are left out.
    """
    numbering = number_document(base)
    for block in walk(base):
        if instance and instance_of(block.id) != instance:
            continue
        for at, run in enumerate(block_runs(block)):
            text = "".join(part.text for part in segments(run, base, numbering))
            if text:
                yield block.id, at, text


def _by_hand(
    base: DocumentTree, placed: Answers, lost: list[Undecided]
) -> Iterator[AcceptedChange]:
    """Yield the edits that turn words of the sent text into those that a person put there."""
    texts = {(block, run): text for block, run, text in runs_of(base, "")} if placed else {}
    for key, answer in placed.items():
        old = texts.get((answer.block_id, answer.run))
        if old is None:
            lost.append(
                Undecided((key,), "The words that ours were to replace do not stand there.")
            )
            continue
        for edit in word_edits(old, " ".join(answer.words.split())):
            was = old[edit.start : edit.end]
            yield AcceptedChange(
                key, answer.block_id, answer.run, edit.start, edit.end, was, edit.new, answer.author
            )


def hindrance(item: Item) -> str:
    """Return why a change can't be accepted as it stands, "" where it can."""
    if item.is_tracked:
        left = [] if item.inside else list(unplaced([item.change]))
        if left and Kind(item.kind) is not Kind.MOVE_FROM:
            return left[0].reason
        return ""
    if _edits_words(item):
        return ""
    if item.kind == Untracked.ADDED.value:
        return "Nobody marked where this paragraph belongs."
    return "This is not about words of the agreement, which our own file writes anew."


def can_be_countered(item: Item) -> bool:
    """Tell whether words of ours can stand in a change's place."""
    if not item.is_tracked:
        return _edits_words(item)
    change = item.change
    placed = change.kind in TEXT_KINDS and change.place.is_placed and change.place.run >= 0
    return not item.inside and (placed or is_new_paragraph(change))


def _edits_words(item: Item) -> bool:
    kinds = {Untracked.TEXT.value, Untracked.REMOVED.value}
    return item.kind in kinds and item.place.is_placed and item.place.run >= 0


def _tracked(items: Sequence[Item], answers: Answers, lost: list[Undecided]) -> Iterator[Change]:
    nested = [one for one in items if one.is_tracked and one.inside]
    moves = {one.move: one.key for one in items if one.kind == Kind.MOVE_FROM.value and one.move}
    for item in items:
        if not item.is_tracked or item.inside:
            continue
        is_end = item.kind == Kind.MOVE_TO.value and item.move in moves
        answer = answers.get(moves[item.move] if is_end else item.key)
        if answer is None or answer.verdict not in _TAKEN:
            continue
        if answer.verdict is Verdict.COUNTERED:
            yield _countered(item.change, answer)
        elif item.is_open_to_us or is_end:
            inner = [one for one in nested if one.inside == item.key]
            yield _with_inner(item.change, inner, answers, lost)


def _countered(change: Change, answer: Answer) -> Change:
    words = in_the_manner_of(change.new, answer.words)
    if is_new_paragraph(change):
        return replace(change, new=f"{words.strip()}\n", author=answer.author)
    old = change.old
    if old.endswith("\n") and not change.new.endswith("\n"):
        old = old.removesuffix("\n")  # the paragraph stays, with our words in it
    kind = Kind.REPLACEMENT if old else Kind.INSERTION
    return replace(change, kind=kind, old=old, new=words, author=answer.author)


def in_the_manner_of(theirs: str, ours: str) -> str:
    """Return our words with the blanks around them that theirs have, on one line."""
    words = " ".join(ours.split())
    if not theirs.strip():
        return words
    lead = theirs[: len(theirs) - len(theirs.lstrip())]
    tail = theirs[len(theirs.rstrip()) :].replace("\n", "")
    return f"{lead}{words}{tail}"


def _with_inner(
    change: Change, inner: Sequence[Item], answers: Answers, lost: list[Undecided]
) -> Change:
    """Return an insertion with what others changed inside of it."""
    for one in inner:
        answer = answers.get(one.key)
        if answer is None or answer.verdict not in _TAKEN:
            continue
        if change.new.count(one.old) != 1:
            reason = "It reaches out of the insertion that it stands in."
            lost.append(Undecided((one.key,), reason))
            continue
        change = replace(change, new=change.new.replace(one.old, one.new))
    return change


def _untracked(
    items: Sequence[Item], answers: Answers, lost: list[Undecided]
) -> Iterator[AcceptedChange]:
    for item in items:
        answer = answers.get(item.key)
        if item.is_tracked or answer is None or answer.verdict not in _TAKEN:
            continue
        if not _edits_words(item):
            lost.append(Undecided((item.key,), hindrance(item)))
            continue
        theirs = answer.verdict is Verdict.ACCEPTED
        new = item.new if theirs else " ".join(answer.words.split())
        author = NOBODY if theirs else answer.author
        yield from _edits_of(item, new, author)


def _edits_of(item: Item, new: str, author: str) -> Iterator[AcceptedChange]:
    place, old = item.place, item.old
    if not new:
        whole = (0, len(old), f"{old}\n", "")
        spans = [whole]
    else:
        spans = [(e.start, e.end, old[e.start : e.end], e.new) for e in word_edits(old, new)]
    for start, end, gone, came in spans:
        yield AcceptedChange(item.key, place.block_id, place.run, start, end, gone, came, author)
