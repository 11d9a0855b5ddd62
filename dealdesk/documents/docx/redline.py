"""Put tracked replacements into a Word file: ours beside the marks that it already carries."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from lxml import etree

from dealdesk.documents.docx.commenting import add_comment
from dealdesk.documents.docx.editing import Marker, replace_span
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.manifest import Manifest
from dealdesk.documents.docx.stream import ParagraphPieces, paragraphs
from dealdesk.kernel.errors import DomainError
from dealdesk.terms.values import ValueRef

Target: TypeAlias = str | ValueRef
Replacement: TypeAlias = tuple[Target, str, str]
Remark: TypeAlias = tuple[Target, str, str]


class RedlineError(DomainError):
    """A tracked change that can't be written where it was asked for."""


def write_tracked_replacements(
    data: bytes, replacements: Sequence[Replacement], author: str, at: datetime
) -> bytes:
    """Return the file with each replacement as a tracked change by an author.

    A replacement is (block id or value, old words, new words). The old words stand once in the
    block, or in the first place that prints the value. Raise RedlineError where they don't.
    """
    return write_redline(data, replacements, (), author, at)


def write_redline(
    data: bytes,
    replacements: Sequence[Replacement],
    comments: Sequence[Remark],
    author: str,
    at: datetime,
) -> bytes:
    """Return the file with replacements as tracked changes, and comments, all by one author.

    A comment is (block id or value, words that it stands on, text). Marks that the file already
    carries stay as they are. Raise RedlineError where the words don't stand once.
    """
    file = open_docx(data)
    root = file.body
    manifest = file.manifest()
    marker = Marker.for_part(root, author, revision_date(at))
    for target, words, text in comments:
        paragraph, start = _found(root, manifest, target, words)
        add_comment(file, paragraph, (start, start + len(words)), text, marker)
    for target, old, new in replacements:
        paragraph, start = _found(root, manifest, target, old)
        replace_span(paragraph, start, start + len(old), new, marker)
    return file.to_bytes()


def revision_date(at: datetime) -> str:
    """Return an instant as revisions carry it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _found(
    root: etree._Element, manifest: Manifest, target: Target, words: str
) -> tuple[ParagraphPieces, int]:
    """Return the paragraph that holds the words, and where they start in its final text."""
    story = paragraphs(root)
    if isinstance(target, ValueRef):
        return _in_value(story, target, words)
    return _in_block(story, manifest, target, words)


def _in_value(
    story: Sequence[ParagraphPieces], ref: ValueRef, old: str
) -> tuple[ParagraphPieces, int]:
    for paragraph in story:
        position = 0
        shown = ""
        begin = -1
        for piece in paragraph.pieces:
            if not piece.in_final:
                continue
            if piece.value == ref:
                begin = position if begin < 0 else begin
                shown += piece.text
            elif begin >= 0:
                break
            position += len(piece.text)
        if begin >= 0:
            if shown.count(old) != 1:
                raise RedlineError.of(
                    "words-not-found", f"{ref} prints “{shown}”, where “{old}” does not stand once."
                )
            return paragraph, begin + shown.index(old)
    raise RedlineError.of("value-not-printed", f"The file does not print {ref}.")


def _in_block(
    story: Sequence[ParagraphPieces], manifest: Manifest, block_id: str, old: str
) -> tuple[ParagraphPieces, int]:
    names = {name for name, place in manifest.runs.items() if place.block_id == block_id}
    own = [p for p in _block_paragraphs(story, manifest, names) if old in p.text(final=True)]
    count = sum(p.text(final=True).count(old) for p in own)
    if count != 1:
        raise RedlineError.of(
            "words-not-found", f"“{old}” stands {count} times in {block_id}; it has to stand once."
        )
    return own[0], own[0].text(final=True).index(old)


def _block_paragraphs(
    story: Sequence[ParagraphPieces], manifest: Manifest, names: set[str]
) -> list[ParagraphPieces]:
    """Return the paragraphs of a block: its bookmarks' own, and the cells below its caption."""
    found: list[ParagraphPieces] = []
    inside = False
    for paragraph in story:
        ours = [b for b in paragraph.bookmarks if b in manifest.runs]
        if ours:
            inside = any(b in names for b in ours)
            if inside:
                found.append(paragraph)
        elif inside and paragraph.cell is not None:
            found.append(paragraph)
    return found
