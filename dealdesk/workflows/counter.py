"""Take a counsel's Word file back in: its tracked changes become new inputs and a new version."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dealdesk.agreements.assembly import make_version
from dealdesk.agreements.changes import AcceptedChange, Undecided
from dealdesk.agreements.model import Origin, Version
from dealdesk.agreements.structure import (
    AddedParagraph,
    AddedRow,
    MovedParagraph,
    RemovedRow,
    Structural,
    change_ids,
)
from dealdesk.agreements.write_back import WriteBack, write_back
from dealdesk.clauses.model import Library
from dealdesk.documents.docx.changes import TEXT_KINDS, Change, Kind
from dealdesk.documents.docx.limited import in_worker
from dealdesk.documents.docx.reading import Reading, read_docx
from dealdesk.documents.tree import instance_of
from dealdesk.kernel.errors import Place, Problem, RefusedError

_WORDS = TEXT_KINDS | {Kind.PARAGRAPH_SPLIT, Kind.PARAGRAPH_MERGE}
_LOOKS = frozenset({Kind.FORMATTING, Kind.PARAGRAPH_FORMATTING, Kind.TABLE_FORMATTING})


@dataclass(frozen=True, slots=True)
class Counter:
    """What came back: the changes read, what they came to, and the version that follows."""

    reading: Reading
    result: WriteBack
    version: Version


def take_counter(sent: bytes, received: bytes, base: Version, library: Library) -> Counter:
    """Return the next version with every tracked change of a returned file accepted.

    Raise RefusedError while a person has something to decide: untracked differences, changes
    that have no place, conflicts.
    """
    # A file from outside is read in a process with limits on time and memory.
    reading = in_worker(lambda: read_docx(received, sent))
    result = write_back(
        base.inputs,
        base.tree,
        list(accepted(reading.changes)),
        list(structural(reading.changes)),
    )
    undecided = [*_unplaced(reading.changes), *result.undecided]
    problems = [
        *(Problem("undecided", f"{', '.join(u.changes)}: {u.reason}") for u in undecided),
        *(
            Problem(
                "untracked",
                f"An edit was not tracked: “{one.old}” became “{one.new}”.",
                Place(path=one.where),
            )
            for one in reading.untracked
            if one.is_content
        ),
    ]
    if problems:
        raise RefusedError(problems)
    version = make_version(result.inputs, library, parent=base, origin=Origin.NEGOTIATED)
    return Counter(reading, result, version)


def accepted(changes: Sequence[Change]) -> Iterator[AcceptedChange]:
    """Yield the changes of words that have a place, as changes of one run of the base."""
    for change in changes:
        if change.kind in _WORDS and change.place.is_placed and change.place.run >= 0:
            yield AcceptedChange(
                id=change.id,
                block_id=change.place.block_id,
                run=change.place.run,
                start=change.place.start,
                end=change.place.end,
                old=change.old,
                new=change.new,
                author=change.author,
            )


def structural(changes: Sequence[Change]) -> Iterator[Structural]:
    """Yield the paragraphs and rows that came, went or moved as a whole."""
    for change in changes:
        place = change.place
        match change.kind:
            case Kind.INSERTION if _is_paragraph(change):
                words = change.new.removesuffix("\n")
                yield AddedParagraph(change.id, place.near, words, place.style, change.author)
            case Kind.ROW_INSERTION if place.near:
                cells = tuple(change.new.split(" | "))
                yield AddedRow(change.id, place.near, place.row, cells, change.author)
            case Kind.ROW_DELETION if place.is_placed and place.run >= 0:
                yield RemovedRow(change.id, place.block_id, place.run, change.author)
            case Kind.MOVE_FROM if place.is_placed:
                yield from _moved(change, changes)
            case _:
                pass


def _is_paragraph(change: Change) -> bool:
    """Say whether a change is a whole new paragraph that stands in the clause before it."""
    place = change.place
    beside = bool(place.near) and place.instance == instance_of(place.near)
    return not place.is_placed and beside and change.new.endswith("\n")


def _moved(gone: Change, changes: Sequence[Change]) -> Iterator[MovedParagraph]:
    ends = [c for c in changes if c.kind is Kind.MOVE_TO and c.move and c.move == gone.move]
    if len(ends) != 1 or not _is_paragraph(ends[0]) or ends[0].new != gone.old:
        return
    place = ends[0].place
    words = gone.old.removesuffix("\n")
    yield MovedParagraph(
        gone.id, gone.place.block_id, place.near, words, place.style, gone.author, ends[0].id
    )


def _unplaced(changes: Sequence[Change]) -> Iterator[Undecided]:
    """Yield what a person has to place; looks, contents and empty paragraphs are written by us."""
    placed = {change.id for change in accepted(changes)}
    placed |= {i for change in structural(changes) for i in change_ids(change)}
    for change in changes:
        empty = change.kind is Kind.PARAGRAPH_SPLIT and not change.place.is_placed
        ours = change.kind in _LOOKS or empty or change.place.in_contents
        if change.id not in placed and not ours:
            kind = change.kind.value.replace("-", " ")
            yield Undecided((change.id,), f"A person has to place this {kind}.")
