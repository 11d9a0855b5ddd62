"""A passage as it was sent, with the marks of both sides in it, for a screen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from dealdesk.agreements.assembly import passages_of
from dealdesk.agreements.block_runs import block_runs
from dealdesk.agreements.spans import segments
from dealdesk.documents.docx.differences import Untracked
from dealdesk.documents.numbering import Numbering, number_document
from dealdesk.documents.text import CELL_BREAK
from dealdesk.documents.tree import Block, Clause, DocumentTree, Inlines, TableBlock, walk_blocks
from dealdesk.negotiation.model import Answers, Item, Verdict
from dealdesk.negotiation.taking import in_the_manner_of
from dealdesk.negotiation.words import word_edits


class Mark(StrEnum):
    """What became of some words, and by whom."""

    SAME = "same"
    THEIRS_GONE = "theirs gone"
    THEIRS_NEW = "theirs new"
    UNTRACKED_GONE = "untracked gone"
    UNTRACKED_NEW = "untracked new"
    OURS_GONE = "ours gone"
    OURS_NEW = "ours new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words with their mark; `key` names the change that they are of, "" for none."""

    mark: Mark
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A heading, a paragraph or a table's row of a passage: its number, and its words."""

    number: str
    pieces: tuple[Piece, ...]
    is_heading: bool = False
    is_row: bool = False

    @property
    def is_marked(self) -> bool:
        """Tell whether anything in it changes."""
        return any(piece.mark is not Mark.SAME for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class _Span:
    """Words that go, those that come, and ours in their place; ours alone where nobody else's."""

    start: int
    end: int
    key: str
    new: str
    ours: str | None = None
    is_tracked: bool = True
    is_ours: bool = False


_Spans: TypeAlias = Mapping[tuple[str, int], list[_Span]]
_ByHand: TypeAlias = Mapping[tuple[str, int], tuple[str, str]]


def marked_passage(
    base: DocumentTree, instance: str, items: Sequence[Item], answers: Answers
) -> list[Line]:
    """Return an instance's passage as it was sent, with what is to become of it.

    A change that stands in no words of it is not shown; its own words are to be shown beside it.
    """
    spans = _spans(items, answers)
    by_hand = {
        (answer.block_id, answer.run): (key, answer.words)
        for key, answer in answers.items()
        if answer.is_placed
    }
    behind = _behind(items, answers)
    numbering = number_document(base)
    lines: list[Line] = []
    for block in walk_blocks(passages_of(base).get(instance, ())):
        lines += _lines(block, base, numbering, (spans, by_hand))
        lines += behind.get(block.id, ())
    return lines


def _lines(
    block: Block,
    base: DocumentTree,
    numbering: Numbering,
    known: tuple[_Spans, _ByHand],
) -> Iterator[Line]:
    found = numbering.numbers.get(block.id)
    number = found.own if found else ""
    runs = []
    for index, run in enumerate(block_runs(block)):
        text, at = _printed(run, base, numbering), (block.id, index)
        own = [*known[0].get(at, ()), *_hand_spans(text, known[1].get(at))]
        runs.append(tuple(_pieces(text, sorted(own, key=lambda span: (span.start, span.end)))))
    if isinstance(block, TableBlock):
        yield from _rows(runs, len(block.columns))
        return
    for index, pieces in enumerate(runs):
        if pieces:
            yield Line(number, pieces, is_heading=isinstance(block, Clause) and index == 0)
            number = ""


def _hand_spans(text: str, placed: tuple[str, str] | None) -> Iterator[_Span]:
    """Yield what changes where a person put words of ours in place of a run's."""
    if placed is None:
        return
    key, words = placed
    for edit in word_edits(text, " ".join(words.split())):
        yield _Span(edit.start, edit.end, key, edit.new, is_ours=True)


def _printed(run: Inlines, base: DocumentTree, numbering: Numbering) -> str:
    return "".join(part.text for part in segments(run, base, numbering))


def _rows(cells: Sequence[tuple[Piece, ...]], width: int) -> Iterator[Line]:
    """Yield a table's rows, their cells side by side."""
    for start in range(0, len(cells), width):
        pieces: list[Piece] = []
        for cell in cells[start : start + width]:
            pieces += [Piece(Mark.SAME, CELL_BREAK)] if pieces else []
            pieces += cell
        yield Line("", tuple(pieces), is_row=True)


def _spans(items: Sequence[Item], answers: Answers) -> _Spans:
    found: dict[tuple[str, int], list[_Span]] = {}
    for item in items:
        place = item.place
        if not place.is_placed or place.run < 0 or item.inside:
            continue
        own = found.setdefault((place.block_id, place.run), [])
        ours = _our_words(item, answers)
        if item.is_tracked:
            own.append(_Span(place.start, place.end, item.key, item.new, ours))
        elif item.kind in {Untracked.TEXT.value, Untracked.REMOVED.value}:
            own += _untracked_spans(item, ours)
    return found


def _untracked_spans(item: Item, ours: str | None) -> Iterator[_Span]:
    """Yield the words that nobody tracked; other words of ours stand for the whole of them."""
    if ours is not None and ours != item.old:
        yield _Span(0, len(item.old), item.key, item.new, ours, is_tracked=False)
        return
    for edit in word_edits(item.old, item.new):
        kept = None if ours is None else item.old[edit.start : edit.end]
        yield _Span(edit.start, edit.end, item.key, edit.new, kept, is_tracked=False)


def _our_words(item: Item, answers: Answers) -> str | None:
    """Return the words that we put in a change's place, None where it stands or is undecided."""
    answer = answers.get(item.key)
    if answer is None or answer.verdict is Verdict.ACCEPTED:
        return None
    if answer.verdict is Verdict.REJECTED or answer.is_placed:
        return item.old.removesuffix("\n")
    return in_the_manner_of(item.new, answer.words)


def _behind(items: Sequence[Item], answers: Answers) -> Mapping[str, list[Line]]:
    """Return, by block, what was put in behind it as whole paragraphs or rows."""
    found: dict[str, list[Line]] = {}
    for item in items:
        place = item.place
        if place.is_placed and place.run >= 0:
            continue
        block = place.near
        words = item.new.strip("\n")
        if not block or not words:
            continue
        ours = _our_words(item, answers)
        span = _Span(0, 0, item.key, words, ours, is_tracked=item.is_tracked)
        found.setdefault(block, []).append(Line("", tuple(_marks("", span))))
    return found


def _pieces(text: str, spans: Sequence[_Span]) -> Iterator[Piece]:
    at = 0
    for span in spans:
        if span.start < at:
            # Inside another one, which is shown where it stands first.
            if span.is_ours and span.new:
                yield Piece(Mark.OURS_NEW, span.new, span.key)
            continue
        if text[at : span.start]:
            yield Piece(Mark.SAME, text[at : span.start])
        yield from _marks(text[span.start : span.end], span)
        at = max(at, span.end)
    if text[at:]:
        yield Piece(Mark.SAME, text[at:])


def _marks(old: str, span: _Span) -> Iterator[Piece]:
    gone, came = Mark.THEIRS_GONE, Mark.THEIRS_NEW
    if span.is_ours:
        gone, came = Mark.OURS_GONE, Mark.OURS_NEW
    elif not span.is_tracked:
        gone, came = Mark.UNTRACKED_GONE, Mark.UNTRACKED_NEW
    if old:
        yield Piece(gone, old, span.key)
    if span.new:
        mark = came if span.ours is None else Mark.OURS_GONE
        yield Piece(mark, span.new.replace("\n", "¶"), span.key)
    if span.ours:
        yield Piece(Mark.OURS_NEW, span.ours, span.key)
