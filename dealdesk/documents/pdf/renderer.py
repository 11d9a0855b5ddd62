"""Print a document tree as one PDF that is PDF/A-3a and PDF/UA-1, with files attached."""

import gc
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealdesk.documents.html import render_html
from dealdesk.documents.pdf.fonts import font_faces, font_files, refuse_missing_glyphs
from dealdesk.documents.pdf.metadata import with_pdf_ua
from dealdesk.documents.text import canonical_text
from dealdesk.documents.tree import DocumentTree, SignatureBlock, walk
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.hashing import sha256_bytes, sha256_text

if TYPE_CHECKING:
    from types import ModuleType

_SPACE_BEFORE = re.compile(r" <((?:dfn|span|a|strong)\b[^>]*)>")
STYLESHEET = Path(__file__).resolve().parents[3] / "templates" / "paper" / "agreement.css"
_POINTS_A_PIXEL = 0.75
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")


class PdfUnavailableError(DomainError):
    """The libraries that lay out pages are not installed; everything but PDF works."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that travels inside the PDF as associated data."""

    name: str
    data: bytes
    description: str


def load_weasyprint() -> "ModuleType":
    """Return WeasyPrint. Raise PdfUnavailableError that names the Debian packages it lacks."""
    try:
        # Imported late: it loads Pango, and all else has to work where Pango is absent. What it
        # prints then would stand in the answer; our own sentence says it.
        with redirect_stdout(io.StringIO()):
            return import_module("weasyprint")
    except OSError as error:
        raise PdfUnavailableError.of(
            "pango-missing",
            "PDF files can't be made here: a library is missing.",
            remedy=f"On Debian: apt-get install {' '.join(PACKAGES)}",
        ) from error


def print_html(tree: DocumentTree, extra_fonts: Path | None = None) -> str:
    """Return the HTML that is printed, fonts and paper style included."""
    files = font_files(extra_fonts)
    refuse_missing_glyphs(canonical_text(tree) + tree.title, files)
    paper = STYLESHEET.read_text("utf-8")
    if extra_fonts is not None:
        # Extra fonts stand behind ours in every list of families.
        paper = paper.replace('"Source Serif 4";', '"Source Serif 4", Extra;')
        paper = paper.replace("Inter;", "Inter, Extra;")
    return spaces_inside(render_html(tree, font_faces(files) + paper))


def spaces_inside(html: str) -> str:
    """Move a space in front of an inline element into it.

    WeasyPrint 70 breaks a line after its first word where all of it fits but the space before an
    inline element; a space inside the element is no such place.
    """
    return _SPACE_BEFORE.sub(r"<\1> ", html)


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """Where a party signs: its block's id, the page from 0, a box in points from below left."""

    block_id: str
    page: int
    box: tuple[Decimal, Decimal, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """A PDF and the places where its parties sign."""

    data: bytes
    signatures: tuple[SignaturePlace, ...]
    pages: int


def render_pdf(
    tree: DocumentTree, attachments: Sequence[Attached] = (), extra_fonts: Path | None = None
) -> RenderedPdf:
    """Return the document as PDF/A-3a and PDF/UA-1, tagged; the same input gives the same bytes.

    Raise GlyphError for a character without a glyph, PdfUnavailableError without Pango.
    """
    weasyprint = load_weasyprint()
    # Imported with WeasyPrint, whose class it extends.
    from dealdesk.documents.pdf.fetcher import FontsOnly  # noqa: PLC0415

    html = print_html(tree, extra_fonts)
    fetcher = FontsOnly(font_files(extra_fonts))
    with _collector_paused():
        document = weasyprint.HTML(string=html, url_fetcher=fetcher).render()
        _say_pdf_ua(document)
        pdf: bytes = document.write_pdf(
            pdf_variant="pdf/a-3a",
            pdf_identifier=bytes.fromhex(render_key(html, attachments))[:16],
            attachments=[_attachment(weasyprint, one, tree) for one in attachments],
        )
        places = tuple(_signature_places(document, tree))
        pages = len(document.pages)
    return RenderedPdf(pdf, places, pages)


def _signature_places(document: Any, tree: DocumentTree) -> Iterator[SignaturePlace]:
    """Yield the place of each signature block's first line, found in the laid-out pages."""
    lines = {f"{b.id}-signature": b.id for b in walk(tree) if isinstance(b, SignatureBlock)}
    for number, page in enumerate(document.pages):
        for box in page._page_box.descendants():  # noqa: SLF001 - laid-out boxes have no public face
            element = getattr(box, "element", None)
            block_id = lines.pop(element.get("id", ""), None) if element is not None else None
            if block_id is not None:
                left, low = box.position_x + 90, page.height - box.position_y - box.margin_height()
                corners = (left, low + 2, left + 240, low + 40)
                points = tuple(Decimal(str(round(c * _POINTS_A_PIXEL, 2))) for c in corners)
                yield SignaturePlace(block_id, number, (points[0], points[1], points[2], points[3]))


def render_key(html: str, attachments: Sequence[Attached]) -> str:
    """Return the SHA-256 that names a rendering: equal keys have equal bytes."""
    parts = [sha256_text(html), *(f"{a.name}:{sha256_bytes(a.data)}" for a in attachments)]
    return sha256_text("\n".join(parts))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from running: it costs an eighth of a rendering's time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
        gc.collect()


def _say_pdf_ua(document: Any) -> None:
    """Wrap the document's own metadata writer, so that the file says both standards."""
    generate: Callable[..., bytes] = document.metadata.generate_rdf_metadata
    document.metadata.generate_rdf_metadata = lambda *args: with_pdf_ua(generate(*args))


def _attachment(weasyprint: "ModuleType", one: Attached, tree: DocumentTree) -> Any:
    day = datetime.combine(tree.dated_on, time(), UTC)
    return weasyprint.Attachment(
        string=one.data,
        name=one.name,
        description=one.description,
        relationship="Data",
        created=day,
        modified=day,
    )
