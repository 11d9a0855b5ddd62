"""Write a document tree as a Word file: same input, same bytes; what we send to counsel."""

import io
from collections.abc import Mapping
from datetime import datetime, time

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from dealdesk.documents.docx.base import base_package
from dealdesk.documents.docx.content import Writer, numbering_instances, paragraph, part_from_tables
from dealdesk.documents.docx.manifest import Manifest, run_places, write_manifest
from dealdesk.documents.docx.package import same_bytes
from dealdesk.documents.docx.wml import el, field_runs, misplaced, repeated_ids, text_run
from dealdesk.documents.html import FINGERPRINT_LABEL
from dealdesk.documents.numbering import number_document
from dealdesk.documents.text import text_hash
from dealdesk.documents.tree import DocumentTree
from dealdesk.kernel.errors import DomainError, Problem

CUSTOM_PART = "/customXml/dealdesk1.xml"
_A4 = {"w:w": "11906", "w:h": "16838"}
_MARGINS = {
    "w:top": "1474", "w:right": "1361", "w:bottom": "1474", "w:left": "1361",
    "w:header": "709", "w:footer": "709", "w:gutter": "0",
}  # fmt: skip


class DocxError(DomainError):
    """A file that Word would refuse; it is never written."""


def render_docx(
    tree: DocumentTree,
    *,
    terms: str = "",
    passages: Mapping[str, str] | None = None,
    track_changes: bool = True,
) -> bytes:
    """Return the document as a Word file.

    `terms` is the public terms' JSON and `passages` the hash of each instance's passage; both
    travel in a custom part. With `track_changes`, what is typed in Word is tracked.
    """
    document = docx.Document(io.BytesIO(base_package(tree.language, track_changes=track_changes)))
    writer = Writer(tree, number_document(tree))
    body = document.element.body
    for element in list(body):
        body.remove(element)
    body.extend(list(writer.body()))
    part_from_tables(body)
    body.append(_section_properties(document))
    numbering = document.part.numbering_part.element
    numbering.extend(list(numbering_instances(writer.num_ids.values())))
    _furnish(document, tree)
    _add_custom_part(document, tree, terms, passages or {})
    _set_properties(document, tree)
    _refuse_faults(document.element)
    buffer = io.BytesIO()
    document.save(buffer)
    return same_bytes(buffer.getvalue())


def _section_properties(document: Document) -> etree._Element:
    ids = {rel.reltype: rel.rId for rel in document.part.rels.values()}
    return el(
        "w:sectPr",
        None,
        el("w:headerReference", {"w:type": "default", "r:id": ids[RELATIONSHIP_TYPE.HEADER]}),
        el("w:footerReference", {"w:type": "default", "r:id": ids[RELATIONSHIP_TYPE.FOOTER]}),
        el("w:pgSz", _A4),
        el("w:pgMar", _MARGINS),
    )


def _furnish(document: Document, tree: DocumentTree) -> None:
    """Write the running head, and the foot with fingerprint and page numbers."""
    draft = " · DRAFT" if tree.draft else ""
    head = paragraph("Header", [text_run(f"{tree.short_title} · {tree.version_label}{draft}")])
    foot = paragraph(
        "Footer",
        [
            text_run(f"{FINGERPRINT_LABEL} {text_hash(tree)}"),
            el("w:r", None, el("w:tab")),
            text_run("Page "),
            *field_runs("PAGE", [text_run("1")]),
            text_run(" of "),
            *field_runs("NUMPAGES", [text_run("1")]),
        ],
    )
    for reltype, content in ((RELATIONSHIP_TYPE.HEADER, head), (RELATIONSHIP_TYPE.FOOTER, foot)):
        part = next(
            rel.target_part for rel in document.part.rels.values() if rel.reltype == reltype
        )
        part.element.append(content)


def _add_custom_part(
    document: Document, tree: DocumentTree, terms: str, passages: Mapping[str, str]
) -> None:
    """Add terms, passage hashes and block addresses under a name that nothing else has."""
    data = write_manifest(Manifest(terms, passages, run_places(tree)))
    part = Part(PackURI(CUSTOM_PART), "application/xml", data, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def _set_properties(document: Document, tree: DocumentTree) -> None:
    day = datetime.combine(tree.dated_on, time())
    properties = document.core_properties
    properties.title = tree.title
    properties.author = "DealDesk"
    properties.last_modified_by = "DealDesk"
    properties.language = tree.language
    properties.created = properties.modified = day
    properties.revision = 1


def _refuse_faults(root: etree._Element) -> None:
    faults = [*misplaced(root), *repeated_ids(root)]
    if faults:
        raise DocxError(Problem("bad-docx", f"The Word file would be faulty: {f}.") for f in faults)
