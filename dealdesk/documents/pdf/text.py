"""Read the canonical words back from one of our PDFs, by its structure tree.

Title, table of contents and signature blocks are no part of the canonical text; html.py marks
them so that they can be told apart here: an H1's group, lists, and articles.
"""

from collections.abc import Iterator
from io import BytesIO

from pikepdf import Array, Dictionary, Name, Object, Pdf, PdfError

from dealdesk.documents.pdf.words import marked_words
from dealdesk.documents.text import CELL_BREAK
from dealdesk.kernel.errors import DomainError

_LEFT_OUT = frozenset({"/L", "/Art", "/H1"})
_BLOCKS = frozenset({"/P", "/H2", "/H3", "/H4", "/H5", "/H6", "/Caption", "/TR"})
_DEEPEST = 500


def pdf_canonical_text(data: bytes) -> str:
    """Return the words that the PDF's structure holds, a line per block.

    Raise DomainError for a PDF that isn't tagged or can't be read.
    """
    try:
        with Pdf.open(BytesIO(data)) as document:
            root = document.Root.get(Name.StructTreeRoot)
            if root is None:
                raise DomainError.of(
                    "pdf-untagged", "The PDF has no structure, so its text can't be told apart."
                )
            return "".join(f"{line}\n" for line in _Reader(document).lines(root.K, 0) if line)
    except (PdfError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise DomainError.of("pdf-unreadable", "The text of the PDF can't be read.") from error


class _Reader:
    """Walks a structure tree; each page's words are read once."""

    def __init__(self, document: Pdf) -> None:
        self._pages = {page.obj.objgen: page.obj for page in document.pages}
        self._words: dict[tuple[int, int], dict[int, str]] = {}

    def _marked(self, page: Object, mark: int) -> str:
        if page.objgen not in self._words:
            self._words[page.objgen] = marked_words(self._pages[page.objgen])
        return self._words[page.objgen].get(mark, "")

    def lines(self, node: Object, depth: int) -> Iterator[str]:
        """Yield the lines of the blocks below a node of the tree."""
        if depth > _DEEPEST:
            raise DomainError.of("pdf-deep", "The structure of the PDF is nested too deep.")
        for element in _children(node):
            kind = str(element.get(Name.S, ""))
            if kind in _LEFT_OUT or _is_left_out_group(element, kind):
                continue
            if kind == "/THead" and not _has_caption(node):
                continue  # a table that goes on over the page repeats its head
            if kind in _BLOCKS:
                yield self._text(element, element.Pg, kind)
            else:
                yield from self.lines(element.get(Name.K, Array()), depth + 1)

    def _text(self, element: Object, above: Object, kind: str) -> str:
        page = element.get(Name.Pg, above)
        between = CELL_BREAK if kind == "/TR" else ""
        parts: list[str] = []
        for child in _kids(element.get(Name.K, Array())):
            if not isinstance(child, Dictionary):
                parts.append(self._marked(page, int(child)))
            elif child.get(Name.Type) == Name.MCR:
                parts.append(self._marked(child.get(Name.Pg, page), int(child.MCID)))
            elif Name.S in child:
                parts.append(self._text(child, page, str(child.S)))
        return between.join(parts)


def _kids(node: Object) -> Iterator[Object]:
    if isinstance(node, Array):
        yield from node
    else:
        yield node


def _children(node: Object) -> Iterator[Object]:
    for child in _kids(node):
        if isinstance(child, Dictionary) and Name.S in child:
            yield child


def _has_caption(table: Object) -> bool:
    return any(str(child.S) == "/Caption" for child in _children(table))


def _is_left_out_group(element: Object, kind: str) -> bool:
    """Tell whether a group holds the title or the table of contents."""
    if kind != "/NonStruct":
        return False
    return any(str(child.S) in {"/L", "/H1"} for child in _children(element.get(Name.K, Array())))
