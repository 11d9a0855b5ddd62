"""Where a change stands: block, run and span when the file is ours, the heading path otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from dealdesk.documents.docx.file import DocxFile
from dealdesk.documents.docx.identity import CONTENTS
from dealdesk.documents.docx.manifest import Manifest, RunPlace
from dealdesk.documents.docx.mapping import base_paragraphs, match_paragraphs
from dealdesk.documents.docx.stream import ParagraphPieces
from dealdesk.documents.docx.stream import story as story_of
from dealdesk.documents.docx.wml import qn
from dealdesk.documents.tree import instance_of
from dealdesk.terms.values import ValueRef


@dataclass(frozen=True, slots=True)
class Place:
    """A span on the text before the changes.

    `run` counts the runs of the block as `block_runs` does (-1: not a run of it); `start` and
    `end` count characters of that run. `tier` says by what the block is known, `confidence` how
    surely in percent. `near` is the block that it is in or behind when it is in no run of one: a
    caption, a new paragraph, a new row. `style` is a new paragraph's own outside of tables, and
    `row` how many rows stood before a new one, the head left out. What is `in_contents` is
    written anew by each program. Without a block id, what comes
    back is for a person to place, or for the one who knows what a style and a row mean.
    """

    part: str = "body"
    block_id: str = ""
    run: int = -1
    start: int = 0
    end: int = 0
    instance: str = ""
    heading: str = ""
    value: ValueRef | None = None
    tier: str = ""
    confidence: int = 0
    near: str = ""
    style: str = ""
    row: int = -1
    in_contents: bool = False

    @property
    def is_placed(self) -> bool:
        """Say whether the block is known."""
        return bool(self.block_id)

    def at(self, offset: int) -> "Place":
        """Return the place with an empty span."""
        return replace(self, start=offset, end=offset)

    def until(self, end: int, value: ValueRef | None) -> "Place":
        """Return the place with the end of its span and the value that it lies in."""
        return replace(self, end=end, value=value)


@dataclass(slots=True)
class Places:
    """Finds the place of each paragraph of a file."""

    manifest: Manifest
    file: DocxFile
    sent: DocxFile | None = None
    _rows: dict[etree._Element, dict[int, int]] = field(default_factory=dict)

    def locate(self, part: str, story: Sequence[ParagraphPieces]) -> list[Place]:
        """Return the start of each paragraph's run; continuations of a run share its place."""
        found: list[Place] = []
        headings: list[tuple[int, str]] = []
        table_block = ""
        current: Place | None = None
        for paragraph in story:
            known = next((r for b in paragraph.bookmarks if (r := self.manifest.runs.get(b))), None)
            level = outline_level(paragraph.style)
            if level is not None:
                text = paragraph.text(final=False).strip()
                headings = [(one, words) for one, words in headings if one < level]
                headings += [(level, text)] if text else []
            if known is not None:
                table_block = known.block_id
            path = " › ".join(words for _, words in headings)
            if current is None and _is_new(paragraph) and not self._in_new_row(paragraph):
                new = _new_place(part, paragraph, found, path)
                found.append(replace(new, in_contents=CONTENTS in paragraph.tags))
                continue
            if current is None:
                current = self._place(part, paragraph, known, table_block, path)
            found.append(current)
            if CONTENTS in paragraph.tags:
                found[-1] = replace(current, in_contents=True)
            if paragraph.mark.in_base:
                current = None
        return found

    def _place(
        self,
        part: str,
        paragraph: ParagraphPieces,
        known: RunPlace | None,
        table_block: str,
        path: str,
    ) -> Place:
        place = Place(part=part, instance=paragraph.instance, heading=path)
        if paragraph.cell is not None and self.manifest.is_ours and table_block:
            run = self._cell_run(paragraph)
            known_place = _known(place, table_block, run)
            before = self._rows_before(paragraph) if run < 0 else -1
            return replace(known_place, row=before)
        if known is not None:
            return _known(place, known.block_id, known.run)
        return place

    def _in_new_row(self, paragraph: ParagraphPieces) -> bool:
        """Say whether a paragraph stands in a row that is a tracked insertion."""
        cell = paragraph.cell
        return cell is not None and cell.row not in self._numbers(cell.table)

    def _rows_before(self, paragraph: ParagraphPieces) -> int:
        """Return how many rows of the base stand before a paragraph's row, the head left out."""
        cell = paragraph.cell
        return sum(at < cell.row for at in self._numbers(cell.table)) - 1 if cell else -1

    def _numbers(self, table: etree._Element) -> dict[int, int]:
        """Return the numbers of a table's rows that were there before, read once."""
        if table not in self._rows:
            self._rows[table] = _base_rows(table)
        return self._rows[table]

    def _cell_run(self, paragraph: ParagraphPieces) -> int:
        """Return the cell's number among those that stood there before, the head left out."""
        cell = paragraph.cell
        if cell is None:
            return -1
        row = self._numbers(cell.table).get(cell.row)
        width = len(cell.table.findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}"))
        return -1 if row is None or row == 0 else (row - 1) * width + cell.column


def _known(place: Place, block_id: str, run: int) -> Place:
    """Return a place whose block the file's bookmarks name."""
    instance = instance_of(block_id)
    if run < 0:
        return replace(place, near=block_id, instance=instance)
    return replace(
        place, block_id=block_id, run=run, instance=instance, tier="bookmark", confidence=100
    )


def _is_new(paragraph: ParagraphPieces) -> bool:
    """Say whether a paragraph is wholly inserted, its mark included."""
    return not paragraph.mark.in_base and not paragraph.text(final=False)


def _new_place(part: str, paragraph: ParagraphPieces, before: Sequence[Place], path: str) -> Place:
    """Return the place of a new paragraph: behind the last one, in its own control's clause."""
    last = before[-1] if before else Place()
    instance = paragraph.instance or last.instance
    near = last.block_id or last.near
    style = paragraph.style or "Normal" if paragraph.cell is None else ""
    return Place(part=part, instance=instance, heading=path, near=near, style=style)


def _base_rows(table: etree._Element) -> dict[int, int]:
    """Return, for each row that isn't a tracked insertion, its number among those."""
    numbers: dict[int, int] = {}
    for at, row in enumerate(table.iter(qn("w:tr"))):
        if row.find(f"{qn('w:trPr')}/{qn('w:ins')}") is None:
            numbers[at] = len(numbers)
    return numbers


def outline_level(style: str) -> int | None:
    """Return the level of a heading's style, or None for another style."""
    digits = style.lower().removeprefix("heading").strip()
    return int(digits) if style.lower().startswith("heading") and digits.isdecimal() else None


def located(places: Places, part: str, story: Sequence[ParagraphPieces]) -> list[Place]:
    """Return the places of a story's paragraphs, found on the sent file's where there is one."""
    own = places.locate(part, story)
    if places.sent is None:
        return own
    sent_story = story_of(places.sent, places.sent.main)
    sent_spots = Places(places.manifest, places.sent).locate(part, sent_story)
    sent = base_paragraphs(sent_story)
    returned = base_paragraphs(story)
    for paragraph, match in zip(returned, match_paragraphs(sent, returned), strict=True):
        if match.sent is None:
            continue
        spot = sent_spots[sent[match.sent].first]
        spot = replace(spot, tier=str(match.tier), confidence=match.confidence)
        for at in range(paragraph.first, paragraph.first + len(paragraph.parts)):
            own[at] = spot
    return own
