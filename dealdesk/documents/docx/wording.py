"""Give a file the words of another one, in its own looks: programs write looks as they like."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from lxml import etree

from dealdesk.documents.docx.editing import Marker, replace_span
from dealdesk.documents.docx.file import DocxFile
from dealdesk.documents.docx.identity import CONTENTS
from dealdesk.documents.docx.mapping import BaseParagraph, base_paragraphs, match_paragraphs
from dealdesk.documents.docx.redline import revision_date
from dealdesk.documents.docx.resolver import resolve
from dealdesk.documents.docx.stream import ParagraphPieces, paragraphs
from dealdesk.documents.word_edits import word_edits

_WORDER = "DealDesk words"
_TOC = ("TOC", "CONTENTS")


def word_as(file: DocxFile, other: DocxFile, furniture: Mapping[str, str]) -> bool:
    """Give a file without marks the words of another one; tell whether that was possible.

    It is where both have the same paragraphs in the same order. `furniture` says which words in
    heads and feet become which.
    """
    wanted, own = worded(other), worded(file)
    matches = [match.sent for match in match_paragraphs(wanted, own)]
    if matches != list(range(len(wanted))):
        return False
    edits = [pair for pair in zip(own, wanted, strict=True) if pair[0].plain != pair[1].plain]
    if any(len(one.parts) != 1 for one, _ in edits):
        return False
    reword(file, file.body, [(one.parts[0].element, target.text) for one, target in edits])
    _reword_furniture(file, furniture)
    return True


def reword(
    file: DocxFile, root: etree._Element, edits: Iterable[tuple[etree._Element, str]]
) -> None:
    """Give paragraphs of a story, in a file without marks, other words."""
    marker = Marker.for_part(root, _WORDER, revision_date(datetime.now(UTC)))
    for element, words in edits:
        _reword(root, element, words, marker)
    _settle(file)


def worded(file: DocxFile) -> list[BaseParagraph]:
    """Return the paragraphs that say something, without the contents that programs write."""
    return [
        one
        for one in base_paragraphs(paragraphs(file.body))
        if one.plain and CONTENTS not in one.tags and not _is_toc(one)
    ]


def _is_toc(paragraph: BaseParagraph) -> bool:
    return any(part.style.upper().startswith(_TOC) for part in paragraph.parts)


def _reword(root: etree._Element, element: etree._Element, words: str, marker: Marker) -> None:
    """Edit a paragraph to say those words, from its end so that places stay what they are."""
    now = _pieces(root, element).text(final=True)
    for start, end, new in reversed(list(word_edits(now, words))):
        # Runs are cut by each edit: they are read again for the next one.
        replace_span(_pieces(root, element), start, end, new, marker)


def _pieces(root: etree._Element, element: etree._Element) -> ParagraphPieces:
    return next(one for one in paragraphs(root) if one.element is element)


def _reword_furniture(file: DocxFile, furniture: Mapping[str, str]) -> None:
    for name, root in file.stories():
        if name == file.main:
            continue
        marker = Marker.for_part(root, _WORDER, revision_date(datetime.now(UTC)))
        for old, new in furniture.items():
            for one in paragraphs(root):
                at = one.text(final=True).find(old)
                if at >= 0:
                    replace_span(one, at, at + len(old), new, marker)
    _settle(file)


def _settle(file: DocxFile) -> None:
    """Take our own edits as accepted."""
    for _, root in file.stories():
        resolve(root, lambda revision: True if revision.author == _WORDER else None)
    file.read.clear()
