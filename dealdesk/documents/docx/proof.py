"""What a story says, for proofs of equality: rows, cells, and words with their looks."""

from typing import TypeAlias

from lxml import etree

from dealdesk.documents.docx.alignment import has_removed_mark
from dealdesk.documents.docx.tokens import Looks, spoken
from dealdesk.documents.docx.wml import local, qn

Said: TypeAlias = tuple[str, tuple[tuple[str, str, Looks], ...]]
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def said(root: etree._Element) -> list[Said]:
    """Return rows, cells and paragraphs in order; a paragraph as its words and their looks.

    Text behind a mark that is tracked as deleted belongs to the same paragraph.
    """
    found: list[Said] = []
    held: list[tuple[str, str, Looks]] = []
    for element in root.iter(qn("w:tr"), qn("w:tc"), qn("w:p")):
        if any(above.tag == _FALLBACK for above in element.iterancestors()):
            continue
        if local(element) != "p":
            if _is_gone(element):
                continue
            found.append((local(element), ()))
            continue
        if _is_gone(element):
            continue
        held += spoken(element)
        if not has_removed_mark(element):
            found.append(("p", tuple(_merged(held))))
            held = []
    return [*found, ("p", tuple(_merged(held)))] if held else found


def _is_gone(element: etree._Element) -> bool:
    rows = [element] if local(element) == "tr" else list(element.iterancestors(qn("w:tr")))
    return any(r.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None for r in rows)


def _merged(words: list[tuple[str, str, Looks]]) -> list[tuple[str, str, Looks]]:
    merged: list[tuple[str, str, Looks]] = []
    for tag, text, looks in words:
        if merged and merged[-1][0] == tag != "whole" and merged[-1][2] == looks:
            merged[-1] = (tag, merged[-1][1] + text, looks)
        else:
            merged.append((tag, text, looks))
    return merged
