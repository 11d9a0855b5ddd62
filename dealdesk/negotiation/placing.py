"""Changes of a file as changes of the agreement: of words, of build, and for a person to place."""

from collections.abc import Iterator, Sequence

from dealdesk.agreements.changes import AcceptedChange, Undecided
from dealdesk.agreements.structure import (
    AddedParagraph,
    AddedRow,
    MovedParagraph,
    RemovedRow,
    Structural,
    change_ids,
)
from dealdesk.documents.docx.changes import TEXT_KINDS, Change, Kind
from dealdesk.documents.tree import instance_of

_WORDS = TEXT_KINDS | {Kind.PARAGRAPH_SPLIT, Kind.PARAGRAPH_MERGE}
_LOOKS = frozenset({Kind.FORMATTING, Kind.PARAGRAPH_FORMATTING, Kind.TABLE_FORMATTING})


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
            case Kind.INSERTION if is_new_paragraph(change):
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


def is_new_paragraph(change: Change) -> bool:
    """Say whether a change is a whole new paragraph that stands in the clause before it."""
    place = change.place
    beside = bool(place.near) and place.instance == instance_of(place.near)
    return not place.is_placed and beside and change.new.endswith("\n")


def _moved(gone: Change, changes: Sequence[Change]) -> Iterator[MovedParagraph]:
    ends = [c for c in changes if c.kind is Kind.MOVE_TO and c.move and c.move == gone.move]
    if len(ends) != 1 or not is_new_paragraph(ends[0]) or ends[0].new != gone.old:
        return
    place = ends[0].place
    words = gone.old.removesuffix("\n")
    yield MovedParagraph(
        gone.id, gone.place.block_id, place.near, words, place.style, gone.author, ends[0].id
    )


def is_written_by_us(change: Change) -> bool:
    """Say whether our own files write that anew: looks, contents and paragraphs without words."""
    empty = change.kind is Kind.PARAGRAPH_SPLIT and not change.place.is_placed
    return change.kind in _LOOKS or empty or change.place.in_contents


def unplaced(changes: Sequence[Change]) -> Iterator[Undecided]:
    """Yield what a person has to place."""
    placed = {change.id for change in accepted(changes)}
    placed |= {i for change in structural(changes) for i in change_ids(change)}
    for change in changes:
        if change.id not in placed and not is_written_by_us(change):
            kind = change.kind.value.replace("-", " ")
            yield Undecided((change.id,), f"A person has to place this {kind}.")
