"""A story as paragraphs of pieces: each bit of text with the marks and control around it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from lxml import etree

from dealdesk.documents.docx.file import DocxFile
from dealdesk.documents.docx.identity import BOOKMARK, INSTANCE, ref_of_tag
from dealdesk.documents.docx.revisions import ADDS, REMOVES, local_of
from dealdesk.documents.docx.wml import local, qn
from dealdesk.terms.values import ValueRef

_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_W_P, _W_TBL, _W_TR, _W_TC, _W_SDT = (qn(f"w:{n}") for n in ("p", "tbl", "tr", "tc", "sdt"))
_NOTES = frozenset({qn("w:footnote"), qn("w:endnote")})
_FIXED_TEXT = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "\u2011",
    "softHyphen": "\u00ad",
}
_OBJECTS = frozenset(
    {"drawing", "pict", "object", "footnoteReference", "endnoteReference", "sym", "pgNum"}
)
_WORDS = frozenset({"t", "delText"})


class PieceKind(StrEnum):
    """What a piece is: words, a break, an object, or the end of a paragraph."""

    WORDS = "words"
    FIXED = "fixed"
    OBJECT = "object"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Piece:
    """One bit of a paragraph; `added` and `removed` are the revision elements that it stands in."""

    kind: PieceKind
    text: str
    node: etree._Element
    added: tuple[etree._Element, ...] = ()
    removed: tuple[etree._Element, ...] = ()
    value: ValueRef | None = None
    in_field: bool = False

    @property
    def in_base(self) -> bool:
        """Say whether the text was there before the tracked changes."""
        return not self.added

    @property
    def in_final(self) -> bool:
        """Say whether the text is there after the tracked changes."""
        return not self.removed


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a table's cell stands, counted from 0 over the rows and cells of the file."""

    table: etree._Element
    row: int
    column: int


@dataclass(slots=True)
class ParagraphPieces:
    """A paragraph with its pieces, the last being its mark."""

    element: etree._Element
    pieces: list[Piece] = field(default_factory=list)
    bookmarks: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    cell: Cell | None = None
    style: str = ""

    @property
    def instance(self) -> str:
        """The clause instance whose control holds the paragraph, "" for none."""
        own = [t.removeprefix(INSTANCE) for t in self.tags if t.startswith(INSTANCE)]
        return own[-1] if own else ""

    def text(self, *, final: bool) -> str:
        """Return the words before or after all tracked changes, without the paragraph's mark."""
        return "".join(
            p.text
            for p in self.pieces
            if p.kind is not PieceKind.MARK and (p.in_final if final else p.in_base)
        )

    @property
    def mark(self) -> Piece:
        """The paragraph's own mark."""
        return self.pieces[-1]


@dataclass(slots=True)
class _Fields:
    """Complex fields that are open; text counts only in a field's result."""

    open: list[bool] = field(default_factory=list)

    def see(self, kind: str) -> None:
        """Take note of a field character."""
        if kind == "begin":
            self.open.append(False)
        elif kind == "separate" and self.open:
            self.open[-1] = True
        elif kind == "end" and self.open:
            self.open.pop()

    @property
    def hidden(self) -> bool:
        """Say whether text here is an instruction."""
        return not all(self.open)


def story(file: DocxFile, part: str) -> list[ParagraphPieces]:
    """Return a story's paragraphs, read once: for a file that stays as it is."""
    if part not in file.read:
        file.read[part] = paragraphs(file.tree(part))
    found: list[ParagraphPieces] = file.read[part]
    return found


def paragraphs(root: etree._Element) -> list[ParagraphPieces]:
    """Return the paragraphs of a story in reading order, text boxes once."""
    fields = _Fields()
    index: dict[etree._Element, int] = {}
    return [
        _paragraph(element, fields, index)
        for element in root.iter(_W_P)
        if not _is_separator(element.getparent())
        and not any(above.tag == _MC_FALLBACK for above in element.iterancestors())
    ]


def _is_separator(holder: etree._Element | None) -> bool:
    """Say whether something is the line between text and notes, which Word keeps as a note."""
    return holder is not None and holder.tag in _NOTES and holder.get(qn("w:type")) is not None


def _paragraph(
    element: etree._Element, fields: _Fields, index: dict[etree._Element, int]
) -> ParagraphPieces:
    tags = tuple(reversed([_tag(a) for a in element.iterancestors(_W_SDT)]))
    result = ParagraphPieces(
        element=element,
        tags=tags,
        cell=_cell(element, index),
        style=_style(element),
    )
    value = next((ref for t in reversed(tags) if (ref := ref_of_tag(t))), None)
    result.bookmarks = tuple(_bookmarks(element))
    result.pieces.extend(_pieces(element, fields, (), (), value))
    result.pieces.append(_mark(element))
    return result


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return style.get(qn("w:val"), "") if style is not None else ""


def _tag(control: etree._Element) -> str:
    tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
    return tag.get(qn("w:val"), "") if tag is not None else ""


def _bookmarks(paragraph: etree._Element) -> Iterator[str]:
    for start in paragraph.iter(qn("w:bookmarkStart")):
        name = start.get(qn("w:name"), "")
        if name.startswith(BOOKMARK):
            yield name


def _cell(paragraph: etree._Element, index: dict[etree._Element, int]) -> Cell | None:
    cell = next(paragraph.iterancestors(_W_TC), None)
    row = next(cell.iterancestors(_W_TR), None) if cell is not None else None
    table = next(row.iterancestors(_W_TBL), None) if row is not None else None
    if cell is None or row is None or table is None:
        return None
    if table not in index:
        index[table] = 0
        for at, one in enumerate(r for r in table.iter(_W_TR) if _nearest(r, _W_TBL) is table):
            index[one] = at
            cells = (c for c in one.iter(_W_TC) if _nearest(c, _W_TR) is one)
            index.update({own: column for column, own in enumerate(cells)})
    return Cell(table, index[row], index[cell])


def _nearest(element: etree._Element, tag: str) -> etree._Element | None:
    return next(element.iterancestors(tag), None)


def _mark(paragraph: etree._Element) -> Piece:
    properties = paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
    marks = list(properties) if properties is not None else []
    return Piece(
        PieceKind.MARK,
        "\n",
        paragraph,
        tuple(m for m in marks if local(m) in ADDS),
        tuple(m for m in marks if local(m) in REMOVES),
    )


def _pieces(
    parent: etree._Element,
    fields: _Fields,
    added: tuple[etree._Element, ...],
    removed: tuple[etree._Element, ...],
    value: ValueRef | None,
) -> Iterator[Piece]:
    for child in parent:
        if not isinstance(child.tag, str):
            continue
        name = local(child)
        if name in {"p", "pPr", "rPr", "sdtPr", "sdtEndPr", "tbl"} or child.tag == _MC_FALLBACK:
            continue
        if name == "fldChar":
            fields.see(child.get(qn("w:fldCharType"), ""))
        elif name in _WORDS:
            if not fields.hidden and local_of(parent) in {"r", "del"}:
                yield Piece(
                    PieceKind.WORDS,
                    child.text or "",
                    child,
                    added,
                    removed,
                    value,
                    bool(fields.open),
                )
        elif name in _FIXED_TEXT:
            if not fields.hidden and local_of(parent) == "r":
                text = _FIXED_TEXT[name]
                yield Piece(PieceKind.FIXED, text, child, added, removed, value, bool(fields.open))
        elif name in _OBJECTS:
            if not fields.hidden:
                yield Piece(PieceKind.OBJECT, "\ufffc", child, added, removed, value)
        elif name in {"ins", "moveTo"}:
            yield from _pieces(child, fields, (*added, child), removed, value)
        elif name in {"del", "moveFrom"}:
            yield from _pieces(child, fields, added, (*removed, child), value)
        elif child.tag == _W_SDT:
            inner = ref_of_tag(_tag(child)) or value
            yield from _pieces(child, fields, added, removed, inner)
        else:
            yield from _pieces(child, fields, added, removed, value)
