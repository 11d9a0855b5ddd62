"""Bring the new file's comments over: their authors and words, on the text they stand on."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dealdesk.documents.docx.commenting import add_comment
from dealdesk.documents.docx.comments import Comment, comment_ranges, read_comments
from dealdesk.documents.docx.editing import Marker
from dealdesk.documents.docx.file import DocxFile
from dealdesk.documents.docx.stream import ParagraphPieces, PieceKind, paragraphs
from dealdesk.documents.docx.wml import local, qn


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment, and where it starts: the how manieth paragraph of a text, and the words' span."""

    comment: Comment
    text: str
    occurrence: int
    span: tuple[int, int]


def remarks_of(file: DocxFile) -> list[Remark]:
    """Return the comments on a body's final text; one over paragraphs stands on its first."""
    comments = read_comments(file)
    if not comments:
        return []
    story = paragraphs(file.body)
    seen: Counter[str] = Counter()
    spots = {p.element: (p, _counted(seen, p.text(final=True))) for p in story}
    ranges = comment_ranges(file.body, story)
    found: list[Remark] = []
    for comment in comments:
        parts = ranges.get(comment.id, [])
        if not parts or parts[0][0] not in spots:
            found.append(Remark(comment, "", 0, (0, 0)))
            continue
        element, words = parts[0]
        paragraph, occurrence = spots[element]
        start = _start(paragraph, comment.id)
        span = (start, start + len(words))
        found.append(Remark(comment, paragraph.text(final=True), occurrence, span))
    return found


def _counted(seen: Counter[str], text: str) -> int:
    seen[text] += 1
    return seen[text] - 1


def _start(paragraph: ParagraphPieces, number: str) -> int:
    """Return where a comment starts in a paragraph's final text."""
    shown = {
        piece.node: len(piece.text)
        for piece in paragraph.pieces
        if piece.in_final and piece.kind is not PieceKind.MARK
    }
    position = 0
    for element in paragraph.element.iter():
        if local(element) == "commentRangeStart" and element.get(qn("w:id")) == number:
            return position
        position += shown.get(element, 0)
    return 0


def bring_remarks(file: DocxFile, remarks: Sequence[Remark]) -> None:
    """Write comments into a file; those that it has already stay as they are."""
    known = {_key(c) for c in read_comments(file)} if remarks else set()
    for remark in (r for r in remarks if _key(r.comment) not in known):
        paragraph, span = _place(paragraphs(file.body), remark)
        marker = Marker(remark.comment.author, remark.comment.date)
        add_comment(file, paragraph, span, remark.comment.text, marker)


def _key(comment: Comment) -> tuple[str, str, str]:
    return comment.author, comment.date, comment.text


def _place(
    story: Sequence[ParagraphPieces], remark: Remark
) -> tuple[ParagraphPieces, tuple[int, int]]:
    """Return the paragraph that says the same; else one with the words; else the last one."""
    same = [p for p in story if p.text(final=True) == remark.text]
    if remark.text and remark.occurrence < len(same):
        return same[remark.occurrence], remark.span
    words = remark.text[slice(*remark.span)]
    with_words = list(_with(story, words))
    return with_words[0] if with_words else (story[-1], (0, 0))


def _with(
    story: Sequence[ParagraphPieces], words: str
) -> Iterator[tuple[ParagraphPieces, tuple[int, int]]]:
    for paragraph in story if words.strip() else ():
        start = paragraph.text(final=True).find(words)
        if start >= 0:
            yield paragraph, (start, start + len(words))
