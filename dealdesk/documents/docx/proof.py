"""What a story says, for proofs of equality: rows, cells, and words with their looks."""

from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from dealdesk.documents.docx.tokens import Looks, Reads, spoken
from dealdesk.documents.docx.wml import local, qn

Said: TypeAlias = tuple[str, tuple[tuple[str, str, Looks], ...]]
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TR, _TC, _P = qn("w:tr"), qn("w:tc"), qn("w:p")


def said(root: etree._Element, read: Reads = spoken) -> list[Said]:
    """Return rows, cells and paragraphs in order; a paragraph as its words and their looks.

    Text behind a mark that is tracked as deleted belongs to the same paragraph.
    """
    found: list[Said] = []
    held: list[tuple[str, str, Looks]] = []
    left_out = set(_left_out(root))
    joined = set(_removed_marks(root))
    for element in root.iter(_TR, _TC, _P):
        if element in left_out:
            continue
        if element.tag != _P:
            found.append((local(element), ()))
            continue
        held += read(element)
        if element not in joined:
            found.append(("p", tuple(_merged(held))))
            held = []
    return [*found, ("p", tuple(_merged(held)))] if held else found


def _left_out(root: etree._Element) -> Iterator[etree._Element]:
    """Yield what stands in rows that are tracked as deleted, or a second time in a fallback."""
    for fallback in root.iter(_FALLBACK):
        yield from fallback.iter(_TR, _TC, _P)
    for mark in root.iter(qn("w:del")):
        properties = mark.getparent()
        row = properties.getparent() if properties is not None else None
        if row is not None and properties is not None and properties.tag == qn("w:trPr"):
            yield from row.iter(_TR, _TC, _P)


def _removed_marks(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs whose mark is tracked as deleted."""
    for mark in root.iter(qn("w:del"), qn("w:moveFrom")):
        looks = mark.getparent()
        properties = looks.getparent() if looks is not None and local(looks) == "rPr" else None
        owner = properties.getparent() if properties is not None else None
        if properties is not None and owner is not None and properties.tag == qn("w:pPr"):
            yield owner


def _merged(words: list[tuple[str, str, Looks]]) -> list[tuple[str, str, Looks]]:
    merged: list[tuple[str, str, Looks]] = []
    for tag, text, looks in words:
        if merged and merged[-1][0] == tag != "whole" and merged[-1][2] == looks:
            merged[-1] = (tag, merged[-1][1] + text, looks)
        else:
            merged.append((tag, text, looks))
    return merged
