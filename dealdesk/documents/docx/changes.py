"""Tracked changes of a Word file as values: what, whose, when, and where on the text before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from lxml import etree

from dealdesk.documents.docx.file import DocxFile, story_name
from dealdesk.documents.docx.places import Place, Places, located
from dealdesk.documents.docx.revisions import Revision, Touches, local_of, parsed_date, revisions
from dealdesk.documents.docx.stream import ParagraphPieces, Piece, PieceKind
from dealdesk.documents.docx.stream import story as story_of
from dealdesk.documents.docx.wml import local, qn
from dealdesk.terms.values import ValueRef


class Kind(StrEnum):
    """Kinds of tracked change."""

    INSERTION = "insertion"
    DELETION = "deletion"
    REPLACEMENT = "replacement"
    MOVE_FROM = "move-from"
    MOVE_TO = "move-to"
    PARAGRAPH_SPLIT = "paragraph-split"
    PARAGRAPH_MERGE = "paragraph-merge"
    ROW_INSERTION = "row-insertion"
    ROW_DELETION = "row-deletion"
    CELL_INSERTION = "cell-insertion"
    CELL_DELETION = "cell-deletion"
    CELL_MERGE = "cell-merge"
    NUMBERING = "numbering"
    FORMATTING = "formatting"
    PARAGRAPH_FORMATTING = "paragraph-formatting"
    TABLE_FORMATTING = "table-formatting"
    SECTION = "section"
    CONTROL_INSERTION = "control-insertion"
    CONTROL_DELETION = "control-deletion"


TEXT_KINDS = frozenset({Kind.INSERTION, Kind.DELETION, Kind.REPLACEMENT})


@dataclass(frozen=True, slots=True)
class Change:
    """One tracked change; `date` is as written, `at` as read (Word writes local time as UTC).

    `elements` are the keys of its revision elements in its part. `inside` is the change of
    another author that it stands in. `move` links the two ends of a move.
    """

    id: str
    kind: Kind
    author: str
    date: str
    at: datetime | None
    old: str
    new: str
    part: str
    place: Place
    elements: tuple[str, ...]
    inside: str = ""
    move: str = ""


@dataclass(slots=True)
class _Group:
    """Pieces that one author changed side by side."""

    author: str
    place: Place
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    elements: list[etree._Element] = field(default_factory=list)
    removed_values: set[ValueRef | None] = field(default_factory=set)
    added_values: set[ValueRef | None] = field(default_factory=set)
    base_end: int = 0
    closed: bool = False
    host: etree._Element | None = None


_FORMAT_KINDS = {
    "rPrChange": Kind.FORMATTING,
    "pPrChange": Kind.PARAGRAPH_FORMATTING,
    "sectPrChange": Kind.SECTION,
}


def read_changes(file: DocxFile, known: DocxFile | None = None) -> list[Change]:
    """Return the tracked changes of all stories in reading order.

    `known` is the file that was sent, when there is one: its custom part tells which bookmark is
    which block where the returned file lost its own.
    """
    own = file.manifest()
    manifest = known.manifest() if known is not None else own
    found: list[Change] = []
    for part, root in file.stories():
        places = Places(manifest, file)
        if known is not None and part == file.main:
            places.sent = known
        found += _story_changes(part, root, places)
    return found


def _story_changes(name: str, root: etree._Element, places: Places) -> list[Change]:
    found = revisions(root)
    if not found:
        return []
    by_element = {r.element: r for r in found}
    part = story_name(name)
    story = story_of(places.file, name)
    spots = located(places, part, story)
    groups = list(_groups(story, spots))
    moves = _moves(root)
    changes = [_text_change(part, g, by_element, moves) for g in groups]
    used = {key for change in changes for key in change.elements}
    rest = [r for r in found if r.key not in used]
    changes = _with_rows(changes, list(_other_changes(part, rest, story, spots)), found)
    order = {r.key: at for at, r in enumerate(found)}
    changes.sort(key=lambda change: min(order[key] for key in change.elements))
    return _with_hosts(changes, groups, by_element)


def _groups(story: Sequence[ParagraphPieces], spots: Sequence[Place]) -> Iterator[_Group]:
    """Yield groups of neighbouring pieces that one author added or removed."""
    open_groups: dict[str, _Group] = {}
    offset = 0
    run_start: Place | None = None
    for paragraph, spot in zip(story, spots, strict=True):
        if run_start is None or not _same_run(run_start, spot):
            offset, run_start = 0, spot
            yield from open_groups.values()
            open_groups = {}
        for piece in paragraph.pieces:
            authors = _authors(piece)
            if piece.in_base or not piece.text:  # words that others put in between part nothing
                for author in [a for a in open_groups if a not in authors]:
                    yield open_groups.pop(author)
            for author, marks in authors.items():
                group = open_groups.get(author)
                if group is None or not _joins(group, piece):
                    if group is not None:
                        yield group
                    group = _Group(author, spot.at(offset))
                    group.base_end = offset
                    open_groups[author] = group
                _add_piece(group, piece, marks)
                if piece.in_base and piece.kind is not PieceKind.MARK:
                    group.base_end = offset + len(piece.text)
            if piece.in_base and piece.kind is not PieceKind.MARK:
                offset += len(piece.text)
            if piece.kind is PieceKind.MARK:
                yield from open_groups.values()
                open_groups = {}
                if piece.in_base:
                    run_start = None
    yield from open_groups.values()


def _same_run(first: Place, second: Place) -> bool:
    return (first.block_id, first.run, first.part) == (second.block_id, second.run, second.part)


def _authors(piece: Piece) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for mark in (*piece.added, *piece.removed):
        found.setdefault(mark.get(qn("w:author"), ""), []).append(mark)
    return found


def _joins(group: _Group, piece: Piece) -> bool:
    """Say whether a piece goes on with a group: same control, moves and plain changes apart."""
    moving = any(local(m) in {"moveFrom", "moveTo"} for m in group.elements)
    if moving != any(local(m) in {"moveFrom", "moveTo"} for m in (*piece.added, *piece.removed)):
        return False
    if piece.kind is PieceKind.MARK:
        return True
    if piece.in_base:
        return not group.removed_values or group.removed_values == {piece.value}
    return True


def _add_piece(group: _Group, piece: Piece, marks: Sequence[etree._Element]) -> None:
    adds = [m for m in marks if m in piece.added]
    removes = [m for m in marks if m in piece.removed]
    if removes and not adds:
        group.old.append(piece.text)
        if piece.kind is not PieceKind.MARK:
            group.removed_values.add(piece.value)
        host = next(iter(piece.added), None)
        group.host = host if host is not None else group.host
    elif adds:
        group.new.append(piece.text)
        if piece.kind is not PieceKind.MARK:
            group.added_values.add(piece.value)
    group.elements += [m for m in marks if m not in group.elements]


def _text_change(
    part: str, group: _Group, known: dict[etree._Element, Revision], moves: dict[str, str]
) -> Change:
    own = [known[e] for e in group.elements if e in known]
    old, new = "".join(group.old), "".join(group.new)
    first = own[0]
    return Change(
        id=f"{part}-{first.key}",
        kind=_kind(own, old, new),
        author=group.author,
        date=first.date,
        at=parsed_date(first.date),
        old=old,
        new=new,
        part=part,
        place=group.place.until(group.base_end, _value(group)),
        elements=tuple(r.key for r in own),
        move=next((moves[r.key] for r in own if r.key in moves), ""),
    )


def _value(group: _Group) -> ValueRef | None:
    """Return the value that a change is about: what it removes stands in one control."""
    values = group.removed_values or group.added_values
    return next(iter(values)) if len(values) == 1 else None


def _kind(own: Sequence[Revision], old: str, new: str) -> Kind:
    names = {r.name for r in own}
    if "moveFrom" in names:
        return Kind.MOVE_FROM
    if "moveTo" in names:
        return Kind.MOVE_TO
    if old == "\n" and not new:
        return Kind.PARAGRAPH_MERGE
    if new == "\n" and not old:
        return Kind.PARAGRAPH_SPLIT
    if old and new:
        return Kind.REPLACEMENT
    return Kind.INSERTION if any(r.adds for r in own) and not old else Kind.DELETION


def _moves(root: etree._Element) -> dict[str, str]:
    """Return the move's name for each revision key that stands in the range of a move."""
    by_element = {r.element: r.key for r in revisions(root)}
    names: dict[str, str] = {}
    open_ranges: dict[str, str] = {}
    for element in root.iter():
        name = local(element)
        if name in {"moveFromRangeStart", "moveToRangeStart"}:
            open_ranges[element.get(qn("w:id"), "")] = element.get(qn("w:name"), "")
        elif name in {"moveFromRangeEnd", "moveToRangeEnd"}:
            open_ranges.pop(element.get(qn("w:id"), ""), None)
        elif name in {"moveFrom", "moveTo"} and element in by_element and open_ranges:
            names[by_element[element]] = list(open_ranges.values())[-1]
    return names


def _other_changes(
    part: str,
    rest: Sequence[Revision],
    story: Sequence[ParagraphPieces],
    spots: Sequence[Place],
) -> Iterator[Change]:
    where = {p.element: at for at, p in enumerate(story)}
    controls = {r.key: r for r in rest if r.touches is Touches.CONTROL}
    closing = {_closing(r, controls.values()) for r in controls.values()}
    for revision in rest:
        if revision.key in closing:
            continue
        paragraph = _paragraph_of(revision.element)
        at = where.get(paragraph) if paragraph is not None else None
        place = spots[at] if at is not None else Place(part=part)
        kind = _other_kind(revision)
        text = _row_text(revision.element) if revision.touches is Touches.ROW else ""
        own = story[at] if at is not None and revision.touches is Touches.CELL else None
        words = own.text(final=revision.adds) if own else text
        removes = kind in {Kind.ROW_DELETION, Kind.CELL_DELETION}
        yield Change(
            id=f"{part}-{revision.key}",
            kind=kind,
            author=revision.author,
            date=revision.date,
            at=revision.at,
            old=words if removes else "",
            new="" if removes else words,
            part=part,
            place=place,
            elements=tuple(k for k in (revision.key, _closing(revision, controls.values())) if k),
        )


def _closing(start: Revision, controls: Iterable[Revision]) -> str:
    """Return the key of the range around the end of the content control that a range opens."""
    control = next(start.element.itersiblings(qn("w:sdt")), None)
    if control is None or start.touches is not Touches.CONTROL:
        return ""
    content = control.find(qn("w:sdtContent"))
    return next((r.key for r in controls if r.element.getparent() is content), "")


def _with_rows(
    texts: Sequence[Change], others: Sequence[Change], found: Sequence[Revision]
) -> list[Change]:
    """Return all changes, a row's own words joined to the row that came or went with them."""
    by_key = {r.key: r for r in found}
    rows = [c for c in others if c.kind in {Kind.ROW_INSERTION, Kind.ROW_DELETION}]
    joined: dict[str, list[str]] = {}
    left: list[Change] = []
    for text in texts:
        row = next((r for r in rows if _is_of_row(text, r, by_key)), None) if rows else None
        if row is None:
            left.append(text)
        else:
            joined.setdefault(row.id, []).extend(text.elements)
    return [*left, *(replace(c, elements=(*c.elements, *joined.get(c.id, ()))) for c in others)]


def _is_of_row(text: Change, row: Change, by_key: Mapping[str, Revision]) -> bool:
    mark = by_key[row.elements[0]]
    element = next((a for a in mark.element.iterancestors() if local(a) == "tr"), None)
    own = [by_key[key] for key in text.elements]
    return text.author == row.author and all(
        r.adds == mark.adds and any(a is element for a in r.element.iterancestors()) for r in own
    )


def _paragraph_of(element: etree._Element) -> etree._Element | None:
    """Return the paragraph of a mark, or the first one of the row, cell or table that it is on."""
    for above in element.iterancestors():
        if local(above) == "p":
            return above
        if local(above) in {"tr", "tc", "tbl"}:
            return next(above.iter(qn("w:p")), None)
    return next(element.itersiblings(qn("w:p")), None)


def _row_text(element: etree._Element) -> str:
    row = next((a for a in element.iterancestors() if local(a) == "tr"), None)
    if row is None:
        return ""
    cells = (
        "".join(t.text or "" for t in cell.iter(qn("w:t"), qn("w:delText")))
        for cell in row.iter(qn("w:tc"))
    )
    return " | ".join(cells)


def _other_kind(revision: Revision) -> Kind:
    match revision.touches:
        case Touches.ROW:
            return Kind.ROW_INSERTION if revision.adds else Kind.ROW_DELETION
        case Touches.CELL if revision.name == "cellMerge":
            return Kind.CELL_MERGE
        case Touches.CELL:
            return Kind.CELL_INSERTION if revision.adds else Kind.CELL_DELETION
        case Touches.CONTROL:
            return Kind.CONTROL_INSERTION if revision.adds else Kind.CONTROL_DELETION
        case Touches.NUMBERING:
            return Kind.NUMBERING
        case Touches.PROPERTIES if revision.name == "pPrChange" and _renumbers(revision.element):
            return Kind.NUMBERING
        case Touches.PROPERTIES if local_of(revision.element.getparent()) in {"tblPr", "trPr"}:
            return Kind.TABLE_FORMATTING
        case Touches.PROPERTIES:
            return _FORMAT_KINDS.get(revision.name, Kind.TABLE_FORMATTING)
        case _:
            return Kind.INSERTION if revision.adds else Kind.DELETION


def _renumbers(change: etree._Element) -> bool:
    """Say whether a change of a paragraph's properties is one of its numbering."""
    now = change.getparent()
    before = change.find(qn("w:pPr"))
    return _numbering(now) != _numbering(before)


def _numbering(properties: etree._Element | None) -> tuple[str, ...]:
    number = properties.find(qn("w:numPr")) if properties is not None else None
    found = [number.find(qn(n)) for n in ("w:ilvl", "w:numId")] if number is not None else []
    return tuple(e.get(qn("w:val"), "") if e is not None else "" for e in found)


def _with_hosts(
    changes: list[Change], groups: Sequence[_Group], known: dict[etree._Element, Revision]
) -> list[Change]:
    """Return the changes, those inside another author's insertion naming it."""
    owner = {key: change.id for change in changes for key in change.elements}
    hosts = {
        known[g.elements[0]].key: owner.get(known[g.host].key, "")
        for g in groups
        if g.host is not None and g.host in known and g.elements[0] in known
    }
    return [_hosted(change, hosts.get(change.elements[0], "")) for change in changes]


def _hosted(change: Change, host: str) -> Change:
    if not host or host == change.id:
        return change
    return replace(change, inside=host)
