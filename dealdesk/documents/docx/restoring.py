"""The words their file has once unmarked edits are undone: what was sent, and what they tracked.

A value that they tracked prints in other places too, in numbers that follow from it. Those places
stay as they were sent: nobody marked them, and rejecting every mark has to give them back.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lxml import etree

from dealdesk.documents.docx.file import DocxFile
from dealdesk.documents.docx.known_marks import accept_whole
from dealdesk.documents.docx.mapping import BaseParagraph, match_paragraphs
from dealdesk.documents.docx.stream import ParagraphPieces, PieceKind, paragraphs
from dealdesk.documents.docx.wording import reword, worded
from dealdesk.documents.word_edits import word_edits


def put_back(theirs: DocxFile, sent: DocxFile) -> None:
    """Accept their marks, and put words back in paragraphs that were edited without one.

    `sent` has no marks, `theirs` only those that are new since. Paragraphs that were split, joined
    or edited twice in the same words keep what they say, and so does what came or went as a whole.
    """
    base, own = worded(sent), worded(theirs)
    tracked = _tracked_words(base, own)
    edits = [
        (paragraph.parts[0].element, tracked[match.sent])
        for paragraph, match in zip(own, match_paragraphs(base, own), strict=True)
        if match.sent in tracked and paragraph.plain != base[match.sent or 0].plain
    ]
    accept_whole(theirs)
    reword(theirs, theirs.body, edits)


def word_as_tracked(marked: DocxFile, sent: DocxFile, theirs: DocxFile) -> None:
    """Take from a file of ours, made with all their changes, the words that nobody tracked.

    Heads and feet, which name the text by its fingerprint, become those that were sent.
    """
    base, ours = worded(sent), worded(marked)
    tracked = _tracked_words(base, worded(theirs))
    edits: list[tuple[etree._Element, str]] = []
    for paragraph, match in zip(ours, match_paragraphs(base, ours), strict=True):
        if match.sent is None or match.sent not in tracked or len(paragraph.parts) != 1:
            continue
        was, words = base[match.sent], tracked[match.sent]
        # What fields print is computed anew, and is no reason to touch a paragraph.
        if words != was.text or paragraph.plain != was.plain:
            edits.append((paragraph.parts[0].element, words))
    reword(marked, marked.body, edits)
    for name, root in marked.stories():
        if name != marked.main and sent.has(name):
            now, was_there = paragraphs(root), paragraphs(sent.tree(name))
            if len(now) == len(was_there):
                pairs = zip(now, was_there, strict=True)
                reword(marked, root, [(n.element, w.text(final=True)) for n, w in pairs])


def _tracked_words(
    base: Sequence[BaseParagraph], theirs: Sequence[BaseParagraph]
) -> dict[int | None, str]:
    """Return, by the number of a sent paragraph, what it says with their marks alone."""
    found: dict[int | None, str] = {}
    was_joined = False
    for paragraph, match in zip(theirs, match_paragraphs(base, theirs), strict=True):
        is_joined = not paragraph.parts[-1].mark.in_final
        is_whole = len(paragraph.parts) == 1 and not is_joined and not was_joined
        was_joined = is_joined
        if match.sent is not None and is_whole:
            words = _merged(base[match.sent], paragraph)
            if words is not None:
                found[match.sent] = words
    return found


def _merged(sent: BaseParagraph, theirs: BaseParagraph) -> str | None:
    """Return the sent words with the tracked edits; None where unmarked ones overlap them."""
    edits = list(_edits(theirs.parts[0]))
    if not edits:
        return sent.text
    if sent.plain != theirs.plain:
        edits += word_edits(theirs.text, sent.text)
    edits.sort(key=lambda edit: edit[:2])
    if any(one[1] > other[0] for one, other in pairwise(edits)):
        return None
    words = theirs.text
    for start, end, new in reversed(edits):
        words = words[:start] + new + words[end:]
    return words


def _edits(paragraph: ParagraphPieces) -> Iterator[tuple[int, int, str]]:
    """Yield tracked edits by the place in the words before them."""
    at = 0
    for piece in paragraph.pieces:
        if piece.kind is PieceKind.MARK:
            continue
        end = at + len(piece.text) if piece.in_base else at
        if piece.in_base and not piece.in_final:
            yield at, end, ""
        elif piece.in_final and not piece.in_base:
            yield at, at, piece.text
        at = end
