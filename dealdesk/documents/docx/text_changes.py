"""Changes of words: pieces that one author changed side by side, as insertions to replacements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from dealdesk.documents.docx.changes import Change, Kind
from dealdesk.documents.docx.places import Place
from dealdesk.documents.docx.revisions import Revision, parsed_date, revisions
from dealdesk.documents.docx.stream import ParagraphPieces, Piece, PieceKind
from dealdesk.documents.docx.wml import local, qn
from dealdesk.terms.values import ValueRef


@dataclass(slots=True)
class Group:
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


def groups_of(story: Sequence[ParagraphPieces], spots: Sequence[Place]) -> Iterator[Group]:
    """Yield groups of neighbouring pieces that one author added or removed."""
    open_groups: dict[str, Group] = {}
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
                    group = Group(author, spot.at(offset))
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


def _joins(group: Group, piece: Piece) -> bool:
    """Say whether a piece goes on with a group: same control, moves and plain changes apart."""
    moving = any(local(m) in {"moveFrom", "moveTo"} for m in group.elements)
    if moving != any(local(m) in {"moveFrom", "moveTo"} for m in (*piece.added, *piece.removed)):
        return False
    if piece.kind is PieceKind.MARK:
        return True
    if piece.in_base:
        return not group.removed_values or group.removed_values == {piece.value}
    return True


def _add_piece(group: Group, piece: Piece, marks: Sequence[etree._Element]) -> None:
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


def text_change(
    part: str, group: Group, known: dict[etree._Element, Revision], moves: dict[str, str]
) -> Change:
    """Return a group as a change; `known` are the part's revisions, `moves` their move's names."""
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


def _value(group: Group) -> ValueRef | None:
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


def moves_of(root: etree._Element) -> dict[str, str]:
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
