"""A small tagged agreement with its terms attached, and the package that a build would write."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

import docx
from weasyprint import HTML, Attachment

from dealdesk.kernel.hashing import Json, sha256_bytes, sha256_text
from dealdesk.signing.pdf_fields import SignatureFieldPlace, prepare_signature_fields

TEXT = "Example Cloud Inc. keeps the service up for 99.95 % of each month."
TEXT_HASH = sha256_text(TEXT)
TERMS = json.dumps({"schema_version": "sla-terms/1", "text_sha256": TEXT_HASH}).encode()
PLACES = (
    SignatureFieldPlace(
        "SignatureCustomer",
        "Signature of the customer",
        0,
        (Decimal(50), Decimal(90), Decimal(230), Decimal(140)),
    ),
    SignatureFieldPlace(
        "SignatureProvider",
        "Signature of the provider",
        0,
        (Decimal(300), Decimal(90), Decimal(480), Decimal(140)),
    ),
)
_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


@cache
def rendered(text: str = TEXT, printed: str = TEXT_HASH) -> bytes:
    """Return a tagged PDF/A-3a and PDF/UA-1 file with terms attached, before any field is added."""
    html = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Agreement</title>
    <meta name="dcterms.created" content="2026-11-24"><meta name="dcterms.modified" content="2026-11-24">
    </head><body><h1>Agreement</h1><p>{text}</p><table><thead><tr><th>Severity</th><th>Response</th></tr>
    </thead><tbody><tr><th>Sev 1</th><td>1 hour</td></tr></tbody></table>
    <p>Text SHA-256 {printed}</p></body></html>"""
    document = HTML(string=html).render()
    generate = document.metadata.generate_rdf_metadata
    document.metadata.generate_rdf_metadata = lambda *args: generate(*args).replace(
        b"</rdf:RDF>", _UA + b"</rdf:RDF>"
    )
    day = datetime(2026, 11, 24, tzinfo=UTC)
    terms = Attachment(
        string=TERMS,
        name="sla-terms.json",
        description="SLA terms",
        relationship="Data",
        created=day,
        modified=day,
    )
    pdf: bytes = document.write_pdf(
        pdf_variant="pdf/a-3a", pdf_identifier=b"agreement", attachments=[terms]
    )
    return pdf


@cache
def prepared() -> bytes:
    """Return the PDF with its signature fields, as a build hands it over."""
    return prepare_signature_fields(rendered(), PLACES)


@cache
def agreement_docx() -> bytes:
    document = docx.Document()
    document.add_heading("Agreement", 1)
    document.add_paragraph(TEXT)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def approvals(**changed: Json) -> dict[str, Json]:
    return {
        "schema_version": "approvals/1", "policy_version": "standard-1", "requirements": [], "open": [], "blocked": [],
    } | changed  # fmt: skip


def package(changed_files: Mapping[str, bytes] | None = None, **manifest: Json) -> dict[str, bytes]:
    """Return a package by file name; `changed_files` are hashed into the manifest, as a build does."""
    files = {
        "agreement.pdf": prepared(),
        "agreement.docx": agreement_docx(),
        "sla-terms.json": TERMS,
        "approvals.json": json.dumps(approvals()).encode(),
    } | dict(changed_files or {})
    found = {
        "schema_version": "manifest/1",
        "draft": False,
        "text_sha256": TEXT_HASH,
        "inputs_sha256": "1" * 64,
        "terms_sha256": "2" * 64,
        "assembler_version": "1",
        "clauses": [{"id": "uptime", "version": "1"}],
        "files": {
            name: {"sha256": sha256_bytes(data), "bytes": len(data)} for name, data in files.items()
        },
    } | manifest
    return files | {"manifest.json": json.dumps(found).encode()}


def write_package(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
