"""The words that the pages of a PDF print, decoded through each font's ToUnicode map.

`pdf_words` gives them in the order in which they were drawn, running heads and feet included;
`marked_words` by the marks that the structure tree refers to.
"""

import re
from collections.abc import Iterator
from io import BytesIO

from pikepdf import Dictionary, Name, Object, Pdf, PdfError, String, parse_content_stream

from dealdesk.kernel.errors import DomainError

_DEEPEST = 4
_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f]+)>")

Glyphs = dict[bytes, str]


def pdf_words(pdf: bytes) -> str:
    """Return the words of all pages, one line per text object.

    Raise DomainError when the PDF or one of its pages can't be read.
    """
    try:
        with Pdf.open(BytesIO(pdf)) as document:
            return "\n".join(
                "".join(_words(page.obj, page.obj.get(Name.Resources), 0))
                for page in document.pages
            )
    except (PdfError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise DomainError.of(
            "pdf-unreadable", "The words of the PDF can't be read; it is damaged."
        ) from error


def _words(stream: Object, resources: Object | None, depth: int) -> Iterator[str]:
    glyphs: Glyphs = {}
    for instruction in parse_content_stream(stream):
        operands = instruction.operands
        match str(instruction.operator):
            case "Tf":
                glyphs = _glyphs(_resource(resources, Name.Font, operands[0]))
            case "Tj" | "'" | '"':
                yield _decoded(bytes(operands[-1]), glyphs)
            case "TJ":
                shown = [bytes(item) for item in operands[0] if isinstance(item, String)]
                yield _decoded(b"".join(shown), glyphs)
            case "ET":
                yield "\n"
            case "Do" if depth < _DEEPEST:
                form = _resource(resources, Name.XObject, operands[0])
                if form is not None and form.get(Name.Subtype) == Name.Form:
                    yield from _words(form, form.get(Name.Resources, resources), depth + 1)


def marked_words(page: Object) -> dict[int, str]:
    """Return the words of a page by the id of their marked content; artifacts have none."""
    words: dict[int, str] = {}
    marks: list[int | None] = []
    glyphs: Glyphs = {}
    resources = page.get(Name.Resources)
    for instruction in parse_content_stream(page):
        operands = instruction.operands
        shown = ""
        match str(instruction.operator):
            case "BDC":
                mark = operands[1].get(Name.MCID) if isinstance(operands[1], Dictionary) else None
                marks.append(int(mark) if mark is not None else None)
            case "BMC":
                marks.append(None)
            case "EMC" if marks:
                marks.pop()
            case "Tf":
                glyphs = _glyphs(_resource(resources, Name.Font, operands[0]))
            case "Tj" | "'" | '"':
                shown = _decoded(bytes(operands[-1]), glyphs)
            case "TJ":
                parts = [bytes(item) for item in operands[0] if isinstance(item, String)]
                shown = _decoded(b"".join(parts), glyphs)
        mark_id = next((m for m in reversed(marks) if m is not None), None)
        if shown and mark_id is not None:
            words[mark_id] = words.get(mark_id, "") + shown
    return words


def _resource(resources: Object | None, kind: Name, name: Object) -> Object | None:
    held = resources.get(kind) if resources is not None else None
    return held.get(str(name)) if held is not None else None


def _glyphs(font: Object | None) -> Glyphs:
    """Return what each two-byte code of a font means, from its ToUnicode map."""
    table = font.get(Name.ToUnicode) if font is not None else None
    if table is None:
        return {}
    glyphs: Glyphs = {}
    for kind, body in _SECTION.findall(table.read_bytes()):
        codes = [bytes.fromhex(code.decode()) for code in _HEX.findall(body)]
        if kind == b"bfchar":
            glyphs |= {
                code: text.decode("utf-16-be")
                for code, text in zip(codes[::2], codes[1::2], strict=False)
            }
        else:
            glyphs |= _ranges(codes)
    return glyphs


def _ranges(codes: list[bytes]) -> Glyphs:
    glyphs: Glyphs = {}
    for first, last, text in zip(codes[::3], codes[1::3], codes[2::3], strict=False):
        start = int.from_bytes(text)
        for offset in range(min(int.from_bytes(last) - int.from_bytes(first) + 1, 0x10000)):
            code = (int.from_bytes(first) + offset).to_bytes(len(first))
            glyphs[code] = (start + offset).to_bytes(len(text)).decode("utf-16-be")
    return glyphs


def _decoded(codes: bytes, glyphs: Glyphs) -> str:
    if not glyphs:
        return codes.decode("latin-1")
    return "".join(glyphs.get(codes[at : at + 2], "") for at in range(0, len(codes), 2))
