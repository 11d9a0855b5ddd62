"""The text of a Word file: before its tracked changes, after them, or with them marked."""

import unicodedata
from collections.abc import Iterator, Sequence
from copy import deepcopy
from enum import StrEnum

from lxml import etree

from dealdesk.documents.docx.file import DocxFile, open_docx, story_name
from dealdesk.documents.docx.identity import FURNITURE
from dealdesk.documents.docx.labels import Counter, Scheme, scheme_of
from dealdesk.documents.docx.resolver import accept_all, reject_all
from dealdesk.documents.docx.revisions import has_marks
from dealdesk.documents.docx.stream import ParagraphPieces, Piece, PieceKind, paragraphs
from dealdesk.documents.text import CELL_BREAK


class View(StrEnum):
    """Which text is meant."""

    BASE = "base"
    FINAL = "final"
    MARKUP = "markup"


def docx_canonical_text(data: bytes, view: View = View.FINAL) -> str:
    """Return the canonical text of one of our files: equal to that of the tree it was made from."""
    file = open_docx(data)
    lines = story_lines(file.body, scheme_of(file), view, furniture=False)
    return "".join(f"{line}\n" for line in lines)


def docx_text(file: DocxFile, view: View) -> str:
    """Return the text of all stories: the body, then heads, feet and notes under their names."""
    scheme = scheme_of(file)
    parts: list[str] = []
    for name, root in file.stories():
        lines = list(story_lines(root, scheme, view, furniture=True))
        if name != file.main and any(lines):
            parts.append(f"[{story_name(name)}]\n")
        parts += [f"{line}\n" for line in lines if line]
    return "".join(parts)


def story_lines(
    root: etree._Element, scheme: Scheme, view: View, *, furniture: bool
) -> Iterator[str]:
    """Yield one line per paragraph or table row, with its number.

    Without `furniture`, our title, contents and signature blocks are left out.
    """
    if view is not View.MARKUP and has_marks(root):
        root = deepcopy(root)
        (accept_all if view is View.FINAL else reject_all)(root)
    counter = Counter(scheme)
    row: list[tuple[int, str]] = []
    at: tuple[etree._Element, int] | None = None
    for paragraph in paragraphs(root):
        if not furniture and any(tag in FURNITURE for tag in paragraph.tags):
            continue
        words = _words(paragraph, counter, view)
        cell = paragraph.cell
        here = (cell.table, cell.row) if cell else None
        if at is not None and here != at:
            yield _row_line(row)
            row = []
        at = here
        if cell is not None:
            row.append((cell.column, words))
        elif words or furniture:
            yield words
    if at is not None:
        yield _row_line(row)


def _row_line(cells: Sequence[tuple[int, str]]) -> str:
    texts: dict[int, list[str]] = {}
    for column, words in cells:
        texts.setdefault(column, []).append(words)
    return CELL_BREAK.join(" ".join(w for w in words if w) for words in texts.values())


def _words(paragraph: ParagraphPieces, counter: Counter, view: View) -> str:
    label = counter.label(paragraph.element)
    text = _marked(paragraph) if view is View.MARKUP else paragraph.text(final=True)
    folded = " ".join(unicodedata.normalize("NFC", text).split())
    return " ".join(part for part in (label, folded) if part)


def _marked(paragraph: ParagraphPieces) -> str:
    """Return a paragraph with its changes: [-taken out-] and {+put in+}."""
    shown: list[tuple[str, list[str]]] = []
    for piece in paragraph.pieces:
        form = _form(piece)
        text = "¶" if piece.kind is PieceKind.MARK and form != "%s" else piece.text
        if shown and shown[-1][0] == form:
            shown[-1][1].append(text)
        else:
            shown.append((form, [text]))
    return "".join(form % "".join(texts) for form, texts in shown if "".join(texts).strip("\n"))


def _form(piece: Piece) -> str:
    if piece.added and piece.removed:
        return "{+[-%s-]+}"
    if piece.added:
        return "{+%s+}"
    return "[-%s-]" if piece.removed else "%s"
