"""Paragraphs that were deleted in one place and inserted in another, marked as moves."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from dealdesk.documents.docx.alignment import Leaf
from dealdesk.documents.docx.editing import Marker
from dealdesk.documents.docx.wml import el, local, qn

_WORDS = 4


@dataclass(frozen=True, slots=True)
class Marked:
    """A paragraph that came or went, with what it said before it was marked."""

    signature: tuple[object, ...]
    words: int
    element: etree._Element


def marked(leaf: Leaf, element: etree._Element) -> Marked:
    """Return a leaf that is about to be marked; `element` is the paragraph that carries it."""
    return Marked(leaf.signature, len(leaf.words), element)


def mark_moves(gone: Sequence[Marked], came: Sequence[Marked], marker: Marker) -> None:
    """Turn each pair of a deleted and an inserted paragraph with the same words into a move."""
    left = {one.signature: one.element for one in gone if one.words >= _WORDS}
    used: set[int] = set()
    for one in came:
        element = one.element
        source = left.get(one.signature)
        if source is None or id(source) in used or not _is_plain(source):
            continue
        if source.getparent() is None or not _is_plain(element):
            continue
        used.add(id(source))
        name = f"move{marker.next_id}"
        _move(source, "w:moveFrom", name, marker)
        _move(element, "w:moveTo", name, marker)


def _is_plain(paragraph: etree._Element) -> bool:
    """Say whether a paragraph holds our one kind of mark and no other."""
    return all(local(c) in {"pPr", "ins", "del", "bookmarkStart", "bookmarkEnd"} for c in paragraph)


def _move(paragraph: etree._Element, name: str, move: str, marker: Marker) -> None:
    for mark in list(paragraph.iter(qn("w:ins"), qn("w:del"))):
        mark.tag = qn(name)
    for words in list(paragraph.iter(qn("w:delText"), qn("w:delInstrText"))):
        words.tag = qn("w:t") if local(words) == "delText" else qn("w:instrText")
    number = marker.fresh()
    attributes = {
        "w:id": number,
        "w:author": marker.author,
        "w:date": marker.date,
        "w:name": move,
    }
    at = 1 if len(paragraph) and local(paragraph[0]) == "pPr" else 0
    paragraph.insert(at, el(f"{name}RangeStart", attributes))
    paragraph.append(el(f"{name}RangeEnd", {"w:id": number}))
