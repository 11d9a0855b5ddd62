"""What a returned file says as items to decide on, in the order of the agreement."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from dealdesk.agreements.spans import Edit
from dealdesk.documents.docx.changes import Change, Kind
from dealdesk.documents.docx.differences import Difference, Untracked
from dealdesk.documents.docx.places import Place
from dealdesk.documents.docx.reading import Reading
from dealdesk.documents.tree import DocumentTree, walk
from dealdesk.negotiation.model import Item
from dealdesk.negotiation.placing import is_written_by_us
from dealdesk.negotiation.words import place_before, word_edits

_Moved: TypeAlias = Mapping[tuple[str, int], Sequence[Edit]]
_LAST = 1_000_000


def items_of(reading: Reading, base: DocumentTree) -> list[Item]:
    """Return the changes and untracked differences of a file in the order of the text sent."""
    moved = dict(_untracked_words(reading.untracked))
    found = [
        *(_untracked(one, number) for number, one in enumerate(reading.untracked, 1)),
        *(_tracked(one, reading.changes, moved) for one in reading.changes),
    ]
    order = {block.id: at for at, block in enumerate(walk(base))}

    def where(item: Item) -> tuple[int, int, int]:
        place = item.place
        block = place.block_id or place.near
        return order.get(block, _LAST), place.run, place.start

    return list(_each_with_its_key(sorted(found, key=where)))


def _each_with_its_key(items: Sequence[Item]) -> Iterator[Item]:
    """Yield the items; where a mark is more than one change, each gets a key of its own."""
    seen: Counter[str] = Counter()
    for item in items:
        seen[item.key] += 1
        again = seen[item.key]
        yield item if again == 1 else replace(item, key=f"{item.key}#{again}")


def _untracked(difference: Difference, number: int) -> Item:
    place = difference.place
    return Item(
        key=f"untracked-{number}",
        kind=difference.kind.value,
        is_tracked=False,
        is_open_to_us=difference.is_content,
        place=place if place.part == difference.part else replace(place, part=difference.part),
        old=difference.old,
        new=difference.new,
    )


def _tracked(change: Change, changes: Sequence[Change], moved: _Moved) -> Item:
    return Item(
        key=change.id,
        kind=change.kind.value,
        is_tracked=True,
        is_open_to_us=not is_written_by_us(change) and not _is_second_end(change, changes),
        place=_as_sent(change.place, moved),
        old=change.old,
        new=change.new,
        author=change.author,
        date=change.date,
        at=change.at,
        inside=change.inside,
        move=change.move,
    )


def _is_second_end(change: Change, changes: Sequence[Change]) -> bool:
    """Say whether a change is where a move ends; what is decided on is where it starts."""
    return (
        change.kind is Kind.MOVE_TO
        and bool(change.move)
        and any(one.kind is Kind.MOVE_FROM and one.move == change.move for one in changes)
    )


def _untracked_words(
    differences: Sequence[Difference],
) -> Iterator[tuple[tuple[str, int], Sequence[Edit]]]:
    """Yield, by block and run, the edits that nobody tracked: they move what stands behind them."""
    for one in differences:
        if one.kind is Untracked.TEXT and one.place.is_placed:
            yield (one.place.block_id, one.place.run), list(word_edits(one.old, one.new))


def _as_sent(place: Place, moved: _Moved) -> Place:
    """Return a place on the text as it was sent; one inside untracked words is a person's."""
    edits = moved.get((place.block_id, place.run))
    if not edits:
        return place
    start, end = place_before(edits, place.start), place_before(edits, place.end)
    if start is None or end is None:
        return replace(place, block_id="", near=place.block_id, run=-1, start=0, end=0)
    return replace(place, start=start, end=end)
