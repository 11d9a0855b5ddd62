"""Accept or reject revisions of a part as Word does: content first, then marks, rows and cells.

Rules from ECMA-376 part 1, 17.13.5, checked against files that Word resolved (redlines.md, 1.3).
"""

from collections.abc import Callable, Iterator
from copy import deepcopy

from lxml import etree

from dealdesk.documents.docx.revisions import (
    FORMER,
    MOVE_RANGES,
    Revision,
    Touches,
    revision_elements,
    revisions,
)
from dealdesk.documents.docx.wml import el, local, qn

Verdict = Callable[[Revision], bool | None]
_DELETED_NAMES = {qn("w:delText"): qn("w:t"), qn("w:delInstrText"): qn("w:instrText")}
_RANGE_MARKS = frozenset(
    {
        "bookmarkStart",
        "bookmarkEnd",
        "commentRangeStart",
        "commentRangeEnd",
        "proofErr",
        "permStart",
        "permEnd",
        *MOVE_RANGES,
    }
)
_BLOCKS = frozenset({"p", "tbl", "sdt"})


def accept_all(root: etree._Element) -> None:
    """Resolve every revision of a part to the text after it."""
    resolve(root, lambda _revision: True)


def reject_all(root: etree._Element) -> None:
    """Resolve every revision of a part to the text before it."""
    resolve(root, lambda _revision: False)


def resolve(root: etree._Element, verdict: Verdict) -> None:
    """Resolve in place the revisions with a verdict: True accepts, False rejects, None leaves."""
    decided = [(r, answer) for r in revisions(root) if (answer := verdict(r)) is not None]
    marks: list[etree._Element] = []
    rows: list[etree._Element] = []
    for revision, accepted in reversed(decided):
        gone = revision.adds != accepted
        match revision.touches:
            case Touches.CONTENT:
                _content(revision.element, gone=gone)
            case Touches.PARAGRAPH_MARK:
                marks += _paragraph_mark(revision.element, gone=gone)
            case Touches.ROW:
                rows += _row(revision.element, gone=gone)
            case Touches.CELL:
                _cell(revision, gone=gone)
            case Touches.NUMBERING:
                _numbering(revision.element, accepted=accepted)
            case Touches.PROPERTIES:
                _properties(revision.element, accepted=accepted)
            case Touches.CONTROL:
                _control(revision.element, gone=gone)
    _drop_empty_links(root)
    _drop_empty_controls(root)
    for paragraph in marks:  # last first, so that a row of removed marks joins up
        _join_next(paragraph)
    for row in rows:
        _drop(row)
    _tidy(root)


def _content(element: etree._Element, *, gone: bool) -> None:
    if gone:
        _drop_content(element)
        return
    if local(element) in {"del", "moveFrom"}:
        _undelete(element)
    _unwrap(element)


def _undelete(element: etree._Element) -> None:
    """Turn deleted words into words; those inside another deletion stay deleted."""
    for words in list(element.iter(*_DELETED_NAMES)):
        if not any(local(a) == "del" and a is not element for a in words.iterancestors()):
            words.tag = _DELETED_NAMES[str(words.tag)]


def _unwrap(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    parent[place : place + 1] = list(element)


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _drop_content(element: etree._Element) -> None:
    """Remove an element; an end or a start of a range that leads outside stays."""
    kept = _unpaired(element)
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    parent[place : place + 1] = kept


def _unpaired(*elements: etree._Element) -> list[etree._Element]:
    """Return the range marks inside whose partner stands outside."""
    ends: dict[tuple[str, str], list[etree._Element]] = {}
    for element in elements:
        for mark in element.iter():
            name = local(mark)
            if name in _RANGE_MARKS and name.endswith(("Start", "End")):
                family = name.removesuffix("Start").removesuffix("End")
                ends.setdefault((family, mark.get(qn("w:id"), "")), []).append(mark)
    return [marks[0] for marks in ends.values() if len(marks) == 1]


def _paragraph_mark(mark: etree._Element, *, gone: bool) -> list[etree._Element]:
    properties = mark.getparent()
    paragraph = next((a for a in mark.iterancestors() if local(a) == "p"), None)
    moved = local(mark) in {"moveFrom", "moveTo"}
    _drop(mark)
    if properties is not None and len(properties) == 0:
        _drop(properties)
    if paragraph is None or not gone or (moved and _ends_move(paragraph)):
        return []
    return [paragraph]


def _ends_move(paragraph: etree._Element) -> bool:
    """Say whether a move's range ends behind the paragraph: Word then keeps its empty mark."""
    for sibling in paragraph.itersiblings():
        if local(sibling) in {"moveFromRangeEnd", "moveToRangeEnd"}:
            return True
        if local(sibling) not in _RANGE_MARKS:
            return False
    return False


def _row(mark: etree._Element, *, gone: bool) -> list[etree._Element]:
    row = next((a for a in mark.iterancestors() if local(a) == "tr"), None)
    _drop(mark)
    return [row] if gone and row is not None else []


def _cell(revision: Revision, *, gone: bool) -> None:
    cell = next((a for a in revision.element.iterancestors() if local(a) == "tc"), None)
    _drop(revision.element)
    if cell is not None and gone and revision.name != "cellMerge":
        row = cell.getparent()
        _drop(cell)
        if row is not None and not row.findall(qn("w:tc")):
            _drop(row)


def _numbering(element: etree._Element, *, accepted: bool) -> None:
    parent = element.getparent()
    if local(element) == "ins" and not accepted and parent is not None:
        _drop(parent)
        return
    if local(element) == "del" and accepted and parent is not None:
        _drop(parent)
        return
    _drop(element)


def _properties(element: etree._Element, *, accepted: bool) -> None:
    """Drop the former properties, or put them back in place of the present ones."""
    owner = element.getparent()
    name = local(element)
    if owner is None or name not in FORMER or accepted:
        _drop(element)
        return
    former = next(iter(element), None)
    _drop(element)
    kept = [child for child in owner if _survives(child, name)]
    for child in list(owner):
        owner.remove(child)
    owner.extend(_ordered([*(deepcopy(list(former)) if former is not None else []), *kept], name))


def _survives(child: etree._Element, change: str) -> bool:
    """Say whether a present property isn't part of what the change recorded."""
    name = local(child)
    match change:
        case "pPrChange":
            return name in {"rPr", "sectPr"}
        case "sectPrChange":
            return name in {"headerReference", "footerReference"}
        case "rPrChange":
            return name in {"ins", "del", "moveFrom", "moveTo"}
        case "trPrChange":
            return name in {"ins", "del"}
        case "tcPrChange":
            return name in {"cellIns", "cellDel", "cellMerge"}
        case _:
            return False


def _ordered(children: list[etree._Element], change: str) -> list[etree._Element]:
    """Return restored and surviving properties in the schema's order."""
    if change in {"sectPrChange", "rPrChange"}:
        first = {"headerReference", "footerReference", "ins", "del", "moveFrom", "moveTo"}
        return sorted(children, key=lambda child: local(child) not in first)
    return children


def _control(start: etree._Element, *, gone: bool) -> None:
    """Keep a content control, or take it from around its words; its range marks go."""
    number = start.get(qn("w:id"), "")
    end_name = qn(f"w:{local(start).removesuffix('Start')}End")
    control = next((s for s in _following(start) if local(s) == "sdt"), None)
    if control is None:
        control = next((a for a in start.iterancestors() if local(a) == "sdt"), None)
    root = start.getroottree().getroot()
    for end in root.iter(end_name):
        if end.get(qn("w:id"), "") == number:
            _drop(end)
            break
    _drop(start)
    if gone and control is not None and control.getparent() is not None:
        content = control.find(qn("w:sdtContent"))
        parent = control.getparent()
        if parent is not None:
            place = parent.index(control)
            parent[place : place + 1] = list(content) if content is not None else []


def _following(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the next sibling that isn't the end or the start of a range."""
    for sibling in element.itersiblings():
        if local(sibling) not in _RANGE_MARKS and not local(sibling).startswith("customXml"):
            yield sibling
            return


def _next_block(block: etree._Element) -> etree._Element | None:
    return next((s for s in block.itersiblings() if local(s) in _BLOCKS), None)


def has_content(paragraph: etree._Element) -> bool:
    """Say whether a paragraph holds more than its properties and the ends of ranges."""
    return any(local(child) not in {"pPr", *_RANGE_MARKS} for child in paragraph)


def _join_next(paragraph: etree._Element) -> None:
    """Take away a paragraph's mark: what it holds moves to the start of the next paragraph.

    The properties of the first stay when it holds words, those of the next one otherwise.
    """
    following = _next_block(paragraph)
    if following is None or local(following) != "p":
        beyond = _beyond_edge(paragraph)
        if beyond is not None:
            _drop_beyond(paragraph, beyond)
        else:
            _close_up(paragraph, following)
        return
    moved = [child for child in paragraph if local(child) != "pPr"]
    if has_content(paragraph):
        _take_properties(following, paragraph)
    else:
        moved = _unpaired(paragraph)
    own = following.find(qn("w:pPr"))
    place = 0 if own is None else 1
    following[place:place] = moved
    _drop(paragraph)


def _beyond_edge(paragraph: etree._Element) -> etree._Element | None:
    """Return the empty paragraph, over the edges of controls, that words are joined with.

    Where it holds words of its own, the edge keeps the two apart.
    """
    if not has_content(paragraph):
        return None
    at = paragraph
    while _next_block(at) is None:
        parent = at.getparent()
        if parent is None or local(parent) not in {"sdt", "sdtContent"}:
            return None
        at = parent
    following = _next_block(at)
    while following is not None and local(following) == "sdt":
        content = following.find(qn("w:sdtContent"))
        following = (
            next((c for c in content if local(c) in _BLOCKS), None) if content is not None else None
        )
    empty = following is not None and local(following) == "p" and not has_content(following)
    return following if empty else None


def _drop_beyond(paragraph: etree._Element, beyond: etree._Element) -> None:
    """Give a paragraph the mark of an empty one in another control, which goes."""
    own, other = paragraph.find(qn("w:pPr")), beyond.find(qn("w:pPr"))
    looks = other.find(qn("w:rPr")) if other is not None else None
    if own is not None and looks is not None and own.find(qn("w:rPr")) is None:
        later = (c for c in own if local(c) in {"sectPr", "pPrChange"})
        at = next(later, None)
        (own.append if at is None else at.addprevious)(looks)
    paragraph.extend(_unpaired(beyond))
    _drop(beyond)


def _take_properties(target: etree._Element, source: etree._Element) -> None:
    """Give the joined paragraph the first one's properties, and the mark of the second."""
    old = target.find(qn("w:pPr"))
    new = source.find(qn("w:pPr"))
    new = deepcopy(new) if new is not None else el("w:pPr")
    for name in ("w:rPr", "w:sectPr"):
        for child in new.findall(qn(name)):
            new.remove(child)
    if old is not None:
        kept = [c for c in old if local(c) in {"rPr", "sectPr"}]
        at = next((i for i, c in enumerate(new) if local(c) == "pPrChange"), len(new))
        new[at:at] = kept
        target.remove(old)
    if len(new):
        target.insert(0, new)


def _close_up(paragraph: etree._Element, following: etree._Element | None) -> None:
    """Drop an empty paragraph with nothing to join, unless its container needs one there."""
    if has_content(paragraph):
        return
    parent = paragraph.getparent()
    if parent is None:
        return
    others = [c for c in parent if local(c) in {"p", "tbl", "sdt"} and c is not paragraph]
    if local(parent) in {"tc", "body", "hdr", "ftr", "footnote", "endnote", "comment"}:
        before = others[-1] if others else None
        if following is None and (before is None or local(before) == "tbl"):
            return
    marks = _unpaired(paragraph)
    place = parent.index(paragraph)
    parent[place : place + 1] = marks


def _tidy(root: etree._Element) -> None:
    """Remove what Word doesn't keep: move ranges without moves, empty tables and controls."""
    if not any(True for _ in root.iter(qn("w:moveFrom"), qn("w:moveTo"))):
        for name in MOVE_RANGES:
            for mark in list(root.iter(qn(f"w:{name}"))):
                _drop(mark)
    for table in list(root.iter(qn("w:tbl"))):
        if table.find(f".//{qn('w:tr')}") is None:
            _drop_table(table)
    _drop_empty_controls(root)


def _drop_empty_controls(root: etree._Element) -> None:
    for control in list(root.iter(qn("w:sdt"))):
        content = control.find(qn("w:sdtContent"))
        if content is not None and not any(local(c) not in _RANGE_MARKS for c in content):
            _drop_control(control, content)


def _drop_empty_links(root: etree._Element) -> None:
    for link in list(root.iter(qn("w:hyperlink"), qn("w:fldSimple"), qn("w:smartTag"))):
        if not any(local(child) not in _RANGE_MARKS for child in link):
            _unwrap(link)


def _drop_table(table: etree._Element) -> None:
    parent = table.getparent()
    if parent is None:
        return
    parent.remove(table)
    if local(parent) == "tc" and not any(local(c) == "p" for c in parent):
        parent.append(el("w:p"))


def _drop_control(control: etree._Element, content: etree._Element) -> None:
    parent = control.getparent()
    if parent is None:
        return
    place = parent.index(control)
    parent[place : place + 1] = list(content)
    if local(parent) == "tc" and not any(local(c) == "p" for c in parent):
        parent.append(el("w:p"))


def unresolved(root: etree._Element) -> int:
    """Return how many revision elements a part still carries."""
    return sum(1 for _ in revision_elements(root))
