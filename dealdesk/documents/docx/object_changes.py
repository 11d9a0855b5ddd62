"""Changes of rows, cells, controls, numbering and looks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from lxml import etree

from dealdesk.documents.docx.changes import Change, Kind
from dealdesk.documents.docx.places import Place
from dealdesk.documents.docx.revisions import Revision, Touches, local_of
from dealdesk.documents.docx.stream import ParagraphPieces
from dealdesk.documents.docx.wml import local, qn

_FORMAT_KINDS = {
    "rPrChange": Kind.FORMATTING,
    "pPrChange": Kind.PARAGRAPH_FORMATTING,
    "sectPrChange": Kind.SECTION,
}


def other_changes(
    part: str,
    rest: Sequence[Revision],
    story: Sequence[ParagraphPieces],
    spots: Sequence[Place],
) -> Iterator[Change]:
    """Yield the changes of marks that are about no words; `spots` are the paragraphs' places."""
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


def with_rows(
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
