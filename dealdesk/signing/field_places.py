"""Find where signers sign: beside the signature blocks, which a rendered PDF names as targets."""

from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO

from pikepdf import Array, Name, NameTree, Object, Pdf, PdfError

from dealdesk.kernel.errors import DomainError
from dealdesk.signing.pdf_fields import Box, SignatureFieldPlace

# Points. The paper's signature lines are 95 mm long; the field stands right of them.
_MM = Decimal(72) / Decimal("25.4")
_INDENT, _WIDTH, _HEIGHT, _EDGE = 100 * _MM, 60 * _MM, 26 * _MM, 10 * _MM


def places_beside_blocks(pdf: bytes, blocks: Mapping[str, str]) -> tuple[SignatureFieldPlace, ...]:
    """Return a place for each signature block: block id → label, which readers announce.

    Raise DomainError when the PDF can't be read or doesn't name one of the blocks.
    """
    try:
        with Pdf.open(BytesIO(pdf)) as document:
            return tuple(_place(document, block, label) for block, label in blocks.items())
    except PdfError as error:
        raise DomainError.of(
            "pdf-unreadable", "The file is not a PDF that can be read, or it is damaged."
        ) from error


def _place(document: Pdf, block: str, label: str) -> SignatureFieldPlace:
    target = _target(document, block)
    if target is None:
        raise DomainError.of(
            "no-signature-block",
            f"The PDF doesn't say where the signature block “{block}” stands.",
            remedy="Print the agreement again from its document tree.",
        )
    pages = {page.obj.objgen: index for index, page in enumerate(document.pages)}
    index = pages[target[0].objgen]
    # A dot in a field's name would make it the child of another field.
    name = block.replace(".", "-")
    return SignatureFieldPlace(name, label, index, _box(document.pages[index].mediabox, target))


def _target(document: Pdf, block: str) -> Object | None:
    names = document.Root.get(Name.Names)
    if names is None or Name.Dests not in names:
        return None
    found = NameTree(names.Dests).get(block)
    return found if isinstance(found, Array) else None


def _box(page: Object, target: Object) -> Box:
    left, top = _exact(target[2]) + _INDENT, _exact(target[3])
    right = min(left + _WIDTH, _exact(page[2]) - _EDGE)
    return _rounded(left), _rounded(top - _HEIGHT), _rounded(right), _rounded(top)


def _exact(number: object) -> Decimal:
    return Decimal(str(number))


def _rounded(points: Decimal) -> Decimal:
    return points.quantize(Decimal("0.01"))
