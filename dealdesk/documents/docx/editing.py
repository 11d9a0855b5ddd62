"""Write tracked changes into a paragraph: words between two places removed, new words put in.

Places count characters of the paragraph's text after the marks that it already carries; those
marks and their authors stay as they are.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from dealdesk.documents.docx.revisions import local_of
from dealdesk.documents.docx.stream import ParagraphPieces, Piece, PieceKind
from dealdesk.documents.docx.wml import W, el, local, qn

_FIRST_FREE = 900_000
_LAST = 2**31 - 10**6  # Word's ids are signed and of 32 bits


@dataclass(slots=True)
class Marker:
    """Makes revision elements of one author at one time, with ids that are free in the part."""

    author: str
    date: str
    next_id: int = _FIRST_FREE
    first: int = _FIRST_FREE

    @classmethod
    def for_part(cls, root: etree._Element, author: str, date: str) -> "Marker":
        """Return a marker whose ids don't meet any in the part."""
        found = root.xpath("//@w:id", namespaces={"w": W})
        used = [int(i) for i in map(str, found) if i.isdecimal()] if isinstance(found, list) else []
        first = max([_FIRST_FREE - 1, *(i for i in used if i < _LAST)]) + 1
        return cls(author, date, first, first)

    def fresh(self) -> str:
        """Return the next free id."""
        number = self.next_id
        self.next_id += 1
        return str(number)

    def made(self, mark: etree._Element) -> bool:
        """Say whether a revision element is one that this marker made."""
        number = mark.get(qn("w:id"), "")
        mine = (mark.get(qn("w:author")), mark.get(qn("w:date"))) == (self.author, self.date)
        return mine and number.isdecimal() and int(number) >= self.first

    def mark(self, name: str, *children: etree._Element) -> etree._Element:
        """Return a revision element of a name (w:ins, w:del) around children."""
        attributes = {"w:id": self.fresh(), "w:author": self.author, "w:date": self.date}
        return el(name, attributes, *children)


@dataclass(slots=True)
class _Spot:
    """Where new words go: behind an element, with the run whose looks they take."""

    behind: etree._Element
    like: etree._Element | None = None
    before: bool = False


@dataclass(slots=True)
class _Edit:
    removed: list[etree._Element] = field(default_factory=list)
    spot: _Spot | None = None


def replace_span(
    paragraph: ParagraphPieces, start: int, end: int, new: str, marker: Marker
) -> list[etree._Element]:
    """Track a replacement of the final text from `start` up to `end`; return the marks."""
    visible = [p for p in paragraph.pieces if p.in_final and p.kind is not PieceKind.MARK]
    edit = _Edit()
    position = 0
    for piece in visible:
        stop = position + len(piece.text)
        if position < end and stop > start:
            run = _cut_out(piece, max(start - position, 0), min(end, stop) - position)
            edit.removed.append(run)
        position = stop
    marks = _strike(edit.removed, marker)
    if new:
        marks.append(_put(_spot(paragraph, visible, start, edit, marks), new, marker))
    return marks


def _spot(
    paragraph: ParagraphPieces,
    visible: Sequence[Piece],
    start: int,
    edit: _Edit,
    marks: Sequence[etree._Element],
) -> _Spot:
    """Return where new words go: behind the words that they replace, else inside the text."""
    if edit.removed:
        last = edit.removed[-1]
        holder = last.getparent()
        behind = holder if holder is not None and holder in marks else last
        return _Spot(behind, last)
    position = 0
    for piece in visible:
        stop = position + len(piece.text)
        if position < start <= stop:
            run = _cut_out(piece, 0, start - position)
            return _Spot(run, run)
        position = stop
    if visible:
        run = _run_of(visible[0].node)
        return _Spot(_top_inline(run), run, before=True)
    return _empty_spot(paragraph.element)


def _empty_spot(paragraph: etree._Element) -> _Spot:
    """Return the end of a paragraph without words."""
    children = [c for c in paragraph if local(c) != "bookmarkEnd"]
    if children:
        return _Spot(children[-1])
    holder = el("w:pPr")
    paragraph.insert(0, holder)
    return _Spot(holder)


def _run_of(node: etree._Element) -> etree._Element:
    return next(above for above in node.iterancestors() if local(above) == "r")


def _top_inline(run: etree._Element) -> etree._Element:
    """Return the outermost element around a run that may hold no foreign insertion."""
    top = run
    for above in run.iterancestors():
        if local(above) in {"p", "sdtContent"}:
            break
        top = above
    return top


def _cut_out(piece: Piece, start: int, end: int) -> etree._Element:
    """Return a run that holds just the piece's characters from `start` up to `end`."""
    run = _isolated(piece.node)
    if piece.kind is not PieceKind.WORDS:
        return run
    text = piece.node.text or ""
    if start > 0:
        _split_before(run, piece.node, text[:start])
    if end < len(text):
        _split_after(run, piece.node, text[end:])
    piece.node.text = text[start:end]
    _keep_spaces(piece.node)
    return run


def _isolated(node: etree._Element) -> etree._Element:
    """Return a run in which the node stands alone beside the run's properties."""
    run = _run_of(node)
    inner = [c for c in run if local(c) != "rPr"]
    place = inner.index(node) if node in inner else -1
    if place < 0 or len(inner) == 1:
        return run
    if place + 1 < len(inner):
        tail = _twin(run)
        tail.extend(inner[place + 1 :])
        run.addnext(tail)
    if place > 0:
        head = _twin(run)
        head.extend(inner[:place])
        run.addprevious(head)
    return run


def _twin(run: etree._Element) -> etree._Element:
    """Return an empty run with the same properties."""
    twin = el("w:r")
    properties = run.find(qn("w:rPr"))
    if properties is not None:
        twin.append(deepcopy(properties))
    return twin


def _split_before(run: etree._Element, node: etree._Element, text: str) -> None:
    head = _twin(run)
    head.append(_words(str(node.tag), text))
    run.addprevious(head)


def _split_after(run: etree._Element, node: etree._Element, text: str) -> None:
    tail = _twin(run)
    tail.append(_words(str(node.tag), text))
    run.addnext(tail)


def _words(tag: str, text: str) -> etree._Element:
    element = etree.Element(tag)
    element.text = text
    _keep_spaces(element)
    return element


def _keep_spaces(node: etree._Element) -> None:
    node.set(qn("xml:space"), "preserve")


def _strike(runs: Sequence[etree._Element], marker: Marker) -> list[etree._Element]:
    """Put runs into deletions, neighbours into one; our own insertion is simply taken out."""
    marks: list[etree._Element] = []
    for run in runs:
        previous = run.getprevious()
        for words in run.iter(qn("w:t")):
            words.tag = qn("w:delText")
        if previous is not None and marks and previous is marks[-1]:
            marks[-1].append(run)
            continue
        mark = marker.mark("w:del")
        run.addprevious(mark)
        mark.append(run)
        marks.append(mark)
    return marks


def _put(spot: _Spot, new: str, marker: Marker) -> etree._Element:
    """Insert new words at a spot, outside of anybody else's insertion or deletion."""
    run = el("w:r")
    properties = spot.like.find(qn("w:rPr")) if spot.like is not None else None
    if properties is not None:
        own = deepcopy(properties)
        for change in own.findall(qn("w:rPrChange")):
            own.remove(change)
        run.append(own)
    for at, line in enumerate(new.split("\t")):
        if at:
            run.append(el("w:tab"))
        run.append(_words(qn("w:t"), line))
    mark = marker.mark("w:ins", run)
    if spot.before:
        spot.behind.addprevious(mark)
    else:
        _leave_foreign(spot.behind, marker).addnext(mark)
    return mark


def _leave_foreign(element: etree._Element, marker: Marker) -> etree._Element:
    """Return an element outside of foreign marks behind which to insert; splits them there."""
    while local_of(parent := element.getparent()) in {"ins", "del", "moveTo", "moveFrom"}:
        if parent is None:
            break
        rest = list(element.itersiblings())
        if rest:
            tail = etree.Element(
                str(parent.tag), {str(k): str(v) for k, v in parent.attrib.items()}
            )
            tail.set(qn("w:id"), marker.fresh())
            tail.extend(rest)
            parent.addnext(tail)
        element = parent
    return element


def bracket_span(
    paragraph: ParagraphPieces,
    span: tuple[int, int],
    before: etree._Element,
    behind: Sequence[etree._Element],
) -> None:
    """Put elements without width around the final text from `start` up to `end`."""
    start, end = span
    runs: list[etree._Element] = []
    position = 0
    for piece in paragraph.pieces:
        if not piece.in_final or piece.kind is PieceKind.MARK:
            continue
        stop = position + len(piece.text)
        if position < end and stop > start:
            runs.append(_cut_out(piece, max(start - position, 0), min(end, stop) - position))
        position = stop
    if not runs:
        paragraph.element.append(before)
        paragraph.element.extend(behind)
        return
    _top_inline(runs[0]).addprevious(before)
    last = _top_inline(runs[-1])
    for element in reversed(behind):
        last.addnext(element)
