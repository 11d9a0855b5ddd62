"""Prepare a tagged PDF for signatures: empty signature fields and the scope of table heads.

Later signers may only fill what the certifying seal found in place; fields added afterwards would
make it invalid. The widgets stand in the structure tree, so that PDF/UA-1 still holds (7.18.4).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from pikepdf import Array, Dictionary, Name, Object, Pdf, PdfError, String

from dealdesk.kernel.errors import DomainError

SEAL_FIELD = "Seal"
_SEAL_LABEL = "Seal of the issuer, which certifies the document"
_NOWHERE = (Decimal(0), Decimal(0), Decimal(0), Decimal(0))
_PRINT = 4
_SIGNATURES_EXIST_APPEND_ONLY = 3
_DEEPEST_STRUCTURE = 500

Box = tuple[Decimal, Decimal, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class SignatureFieldPlace:
    """Where a signer will sign: a page (from 0) and a box in points from the lower left corner."""

    name: str
    label: str
    page: int
    box: Box


def prepare_signature_fields(pdf: bytes, fields: Sequence[SignatureFieldPlace]) -> bytes:
    """Return the PDF with an empty tagged signature field at each place and /Scope on table heads.

    A field without extent for the seal itself is always added, on the first page. The same input
    gives the same bytes. Raise DomainError when the PDF can't be read or isn't tagged, when a page
    doesn't exist, or when a name is already taken.
    """
    try:
        with Pdf.open(BytesIO(pdf)) as document:
            return _prepared(document, [*fields, _seal_place()])
    except PdfError as error:
        raise DomainError.of(
            "pdf-unreadable",
            "The file is not a PDF that can be read, or it is damaged.",
            remedy="Build the agreement again.",
        ) from error


def _seal_place() -> SignatureFieldPlace:
    return SignatureFieldPlace(SEAL_FIELD, _SEAL_LABEL, 0, _NOWHERE)


def _prepared(document: Pdf, fields: Sequence[SignatureFieldPlace]) -> bytes:
    tree = _structure_tree(document)
    _set_table_scopes(tree.K)
    _check(document, fields)
    for field in fields:
        _add_field(document, tree, field)
    out = BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def _structure_tree(document: Pdf) -> Object:
    tree = document.Root.get(Name.StructTreeRoot)
    if tree is None or Name.ParentTree not in tree:
        raise DomainError.of(
            "pdf-untagged",
            "The PDF has no structure tree, so its signature fields can't be tagged.",
            remedy="Render it as PDF/A-3a or PDF/UA-1.",
        )
    return tree


def _check(document: Pdf, fields: Sequence[SignatureFieldPlace]) -> None:
    taken = {str(field.get(Name.T, "")) for field in _form(document).Fields}
    for field in fields:
        if not 0 <= field.page < len(document.pages):
            raise DomainError.of(
                "no-such-page",
                f"The signature field “{field.name}” is to stand on page {field.page + 1}, "
                f"and the PDF has {len(document.pages)} pages.",
            )
        if field.name in taken:
            raise DomainError.of(
                "field-name-taken", f"Two signature fields are named “{field.name}”."
            )
        taken.add(field.name)


def _form(document: Pdf) -> Object:
    if Name.AcroForm not in document.Root:
        document.Root.AcroForm = document.make_indirect(Dictionary(Fields=Array()))
    form = document.Root.AcroForm
    if Name.Fields not in form:
        form.Fields = Array()
    return form


def _add_field(document: Pdf, tree: Object, field: SignatureFieldPlace) -> None:
    page = document.pages[field.page].obj
    widget = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(field.name),
            TU=String(field.label),
            F=_PRINT,
            Rect=Array(list(field.box)),
            P=page,
        )
    )
    if field.box != _NOWHERE:
        widget.AP = Dictionary(N=_blank_appearance(document, field.box))
    form = _form(document)
    form.Fields.append(widget)
    form.SigFlags = _SIGNATURES_EXIST_APPEND_ONLY
    _append(document, page, Name.Annots, widget)
    page.Tabs = Name.S
    _tag(document, tree, widget, field.label)


def _blank_appearance(document: Pdf, box: Box) -> Object:
    # PDF/A wants an appearance for each annotation that takes up room (ISO 19005-3, 6.3.3).
    left, bottom, right, top = box
    return document.make_stream(
        b"",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, right - left, top - bottom]),
        Resources=Dictionary(),
    )


def _tag(document: Pdf, tree: Object, widget: Object, label: str) -> None:
    parent = tree.K[0] if isinstance(tree.K, Array) else tree.K
    reference = Dictionary(Type=Name.OBJR, Obj=widget, Pg=widget.P)
    element = document.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=parent,
            Pg=widget.P,
            Alt=String(label),
            # Not in an array: pyHanko's rules for later signatures look for it right here.
            K=reference,
        )
    )
    _append(document, parent, Name.K, element)
    widget.StructParent = _register(tree, element)


def _append(document: Pdf, owner: Object, key: Name, item: Object) -> None:
    """Append to an array that may be absent, or be a single item."""
    held = owner.get(key)
    if held is None:
        owner[key] = Array([item])
    elif isinstance(held, Array):
        held.append(item)
    else:
        owner[key] = document.make_indirect(Array([held, item]))


def _register(tree: Object, element: Object) -> int:
    """Enter the element in the parent tree under the next free key, and return the key."""
    path = [tree.ParentTree]
    while Name.Kids in path[-1]:
        path.append(path[-1].Kids[-1])
    leaf = path[-1]
    if Name.Nums not in leaf:
        leaf.Nums = Array()
    key = int(leaf.Nums[-2]) + 1 if len(leaf.Nums) else 0
    key = max(key, int(tree.get(Name.ParentTreeNextKey, 0)))
    leaf.Nums.append(key)
    leaf.Nums.append(element)
    for node in path:
        if Name.Limits in node:
            node.Limits[1] = key
    tree.ParentTreeNextKey = key + 1
    return key


def _set_table_scopes(root: Object) -> None:
    """Say of each table head cell whether it heads its column or its row.

    Screen readers get the same answer from /Headers, which the renderer writes; checkers ask for
    /Scope as well (Matterhorn 15-003).
    """
    for row in _elements(root, Name.TR, 0):
        cells = [cell for cell in _kids(row) if cell.get(Name.S) in (Name.TH, Name.TD)]
        heads = [cell for cell in cells if cell.S == Name.TH]
        scope = Name.Column if len(heads) == len(cells) else Name.Row
        for head in heads:
            _set_scope(head, scope)


def _set_scope(head: Object, scope: Name) -> None:
    attributes = head.get(Name.A)
    if attributes is None:
        head.A = Dictionary(O=Name.Table, Scope=scope)
    elif isinstance(attributes, Dictionary) and Name.Scope not in attributes:
        attributes.Scope = scope


def _elements(node: Object, kind: Name, depth: int) -> Iterator[Object]:
    if depth > _DEEPEST_STRUCTURE:
        return
    for child in _kids_of(node):
        if child.get(Name.S) == kind:
            yield child
        yield from _elements(child.get(Name.K, Array()), kind, depth + 1)


def _kids(element: Object) -> list[Object]:
    return list(_kids_of(element.get(Name.K, Array())))


def _kids_of(kids: object) -> Iterator[Object]:
    candidates = list(kids) if isinstance(kids, Array) else [kids]
    for child in candidates:
        if isinstance(child, Dictionary) and Name.S in child:
            yield child
