"""Where each inline of a run stands in its printed words, and edits of those words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dealdesk.documents.numbering import Numbering
from dealdesk.documents.text import inline_text
from dealdesk.documents.tree import DocumentTree, Inline, Inlines, Text


@dataclass(frozen=True, slots=True)
class Segment:
    """An inline and its words, which stand from `start` up to `end` in the run's words."""

    inline: Inline
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Words that replace those from `start` up to `end`; an insertion has both equal."""

    start: int
    end: int
    new: str


def in_order(edits: Sequence[Edit]) -> list[Edit]:
    """Return edits by place; those at one place as they were given."""
    return sorted(edits, key=lambda edit: (edit.start, edit.end))


def segments(run: Inlines, tree: DocumentTree, numbering: Numbering) -> tuple[Segment, ...]:
    """Return the inlines of a run with their places in its words, white space as it stands."""
    found: list[Segment] = []
    position = 0
    for inline in run:
        text = inline_text(inline, tree, numbering)
        found.append(Segment(inline, position, position + len(text), text))
        position += len(text)
    return tuple(found)


def edited_text(segment: Segment, edits: Sequence[Edit]) -> str:
    """Return a segment's words after edits that lie inside it."""
    text = segment.text
    for edit in reversed(in_order(edits)):
        text = text[: edit.start - segment.start] + edit.new + text[edit.end - segment.start :]
    return text


def edited_run(parts: Sequence[Segment], edits: Sequence[Edit]) -> Inlines:
    """Return the run after its edits; an inline that an edit cuts into becomes plain words.

    Untouched inlines stay what they are, so that values, terms and references around a changed
    phrase keep their binding.
    """
    inlines: list[Inline] = []
    position = 0
    for edit in in_order(edits):
        inlines += _kept(parts, position, edit.start)
        inlines += [Text(edit.new)] if edit.new else []
        position = edit.end
    inlines += _kept(parts, position, parts[-1].end if parts else 0)
    return tuple(_joined(inlines))


def _kept(parts: Sequence[Segment], start: int, end: int) -> Iterator[Inline]:
    """Yield what stands between two places: whole inlines as they are, parts of one as words."""
    for part in parts:
        if start <= part.start and part.end <= end:
            yield part.inline
        elif part.start < end and part.end > start:
            words = part.text[max(start, part.start) - part.start : min(end, part.end) - part.start]
            yield Text(words, isinstance(part.inline, Text) and part.inline.strong)


def _joined(inlines: Sequence[Inline]) -> Iterator[Inline]:
    """Yield the inlines with neighbouring plain words made one."""
    held: Text | None = None
    for inline in inlines:
        if isinstance(inline, Text) and held is not None and inline.strong == held.strong:
            held = Text(held.text + inline.text, held.strong)
            continue
        if held is not None:
            yield held
        held = inline if isinstance(inline, Text) else None
        if held is None:
            yield inline
    if held is not None:
        yield held
