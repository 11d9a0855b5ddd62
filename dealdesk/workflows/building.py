"""Build an agreement's files from a quote: text, HTML, DOCX, PDF, terms, approvals, manifest."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dealdesk.agreements.model import ASSEMBLER_VERSION, Version
from dealdesk.approvals.assessment import Requirement
from dealdesk.approvals.coverage import Standing
from dealdesk.clauses.model import Library
from dealdesk.deals.deal import Decision
from dealdesk.documents.docx.writer import render_docx
from dealdesk.documents.html import render_html
from dealdesk.documents.pdf.renderer import (
    STYLESHEET,
    Attached,
    PdfUnavailableError,
    render_pdf,
)
from dealdesk.documents.text import canonical_text
from dealdesk.documents.tree import DocumentTree
from dealdesk.kernel.errors import Problem
from dealdesk.kernel.hashing import Json, canonical_json, sha256_bytes, sha256_text
from dealdesk.signing.package import AGREEMENT_DOCX, AGREEMENT_PDF, APPROVALS, MANIFEST, TERMS
from dealdesk.signing.pdf_fields import SignatureFieldPlace, prepare_signature_fields
from dealdesk.sla.projection import project
from dealdesk.workflows.quoting import Quote, with_findings
from dealdesk.workflows.readiness import lint_errors

TEXT, HTML = "agreement.txt", "agreement.html"
TERMS_DESCRIPTION = "SLA terms of this agreement as data (sla-terms/1)"


@dataclass(frozen=True, slots=True)
class Package:
    """The files of a build by name, and whether requirements are still open.

    `missing` says why there is no PDF where the machine can't make one.
    """

    files: Mapping[str, bytes]
    is_draft: bool
    missing: tuple[Problem, ...] = ()


def build_package(quote: Quote, library: Library, extra_fonts: Path | None = None) -> Package:
    """Return all files of a quote's agreement; see build_what_can_be.

    Raise PdfUnavailableError where PDF can't be made.
    """
    package = build_what_can_be(quote, library, extra_fonts)
    if package.missing:
        raise PdfUnavailableError(package.missing)
    return package


def build_what_can_be(quote: Quote, library: Library, extra_fonts: Path | None = None) -> Package:
    """Return the files of a quote's agreement, all but the PDF where Pango is absent.

    The same input gives the same bytes. Marked as a draft while requirements are open or linters
    find errors. Raise DomainError when a file can't be made for another cause, RefusedError when a
    term would say what the text does not.
    """
    quote = with_findings(quote, library)
    version = quote.version
    is_draft = not quote.standing.is_clear or any(lint_errors(quote))
    tree = replace(version.tree, draft=is_draft)
    terms = pretty_json(project(version, library))
    pdf, missing = _pdf_or_why_not(tree, terms, extra_fonts)
    files = {
        TEXT: canonical_text(tree).encode(),
        HTML: render_html(tree, STYLESHEET.read_text("utf-8")).encode(),
        AGREEMENT_DOCX: render_docx(tree, terms=terms.decode(), passages=public_passages(version)),
        **pdf,
        TERMS: terms,
        APPROVALS: pretty_json(approvals_record(quote)),
    }
    manifest = pretty_json(_manifest(version, files, is_draft=is_draft))
    return Package({**files, MANIFEST: manifest}, is_draft, missing)


def _pdf_or_why_not(
    tree: DocumentTree, terms: bytes, extra_fonts: Path | None
) -> tuple[Mapping[str, bytes], tuple[Problem, ...]]:
    try:
        return {AGREEMENT_PDF: signable_pdf(tree, terms, extra_fonts)}, ()
    except PdfUnavailableError as error:
        return {}, error.problems


def pretty_json(value: Json) -> bytes:
    """Return JSON as a file: indented, one form for the same value."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def public_passages(version: Version) -> Mapping[str, str]:
    """Return the passages' hashes that travel in a Word file."""
    return version.hashes.passages


def signable_pdf(tree: DocumentTree, terms: bytes, extra_fonts: Path | None = None) -> bytes:
    """Return the PDF with the terms attached and an empty field where each party signs."""
    rendered = render_pdf(tree, [Attached(TERMS, terms, TERMS_DESCRIPTION)], extra_fonts)
    fields = [
        SignatureFieldPlace(
            name=place.block_id.partition("/")[2],
            label=f"Signature of {place.block_id.partition('/')[2].removesuffix('-signature')}",
            page=place.page,
            box=place.box,
        )
        for place in rendered.signatures
    ]
    return prepare_signature_fields(rendered.data, fields)


def approvals_record(quote: Quote) -> Mapping[str, Json]:
    """Return who has to decide, why, and what was decided (schema approvals/1)."""
    standing = quote.standing
    return {
        "schema_version": "approvals/1",
        "policy_version": quote.assessment.policy,
        "requirements": [_requirement(one, standing) for one in quote.assessment.requirements],
        "open": [requirement.role for requirement in standing.open],
        "blocked": [
            {
                "instance": one.reason.subject,
                "position": one.reason.tested,
                "message": one.reason.message,
            }
            for one in standing.blocked
        ]
        + [
            {"instance": problem.place.path, "position": problem.code, "message": problem.message}
            for problem in lint_errors(quote)
        ],
    }


def _requirement(requirement: Requirement, standing: Standing) -> Json:
    decisions = [one.decision for one in standing.covered if one.role == requirement.role]
    is_open = any(one.role == requirement.role for one in standing.open)
    return {
        "role": requirement.role,
        "reasons": [
            {
                "rule": reason.rule,
                "subject": reason.subject,
                "message": reason.message,
                "tested": reason.tested,
                "threshold": reason.threshold,
            }
            for reason in requirement.reasons
        ],
        "covered": not is_open,
        "decision": _decision(decisions[-1]) if decisions and not is_open else None,
    }


def _decision(decision: Decision) -> Json:
    return {
        "person": decision.person,
        "verdict": decision.verdict.value,
        "at": decision.at.isoformat(),
        "conditions": decision.conditions,
    }


def _manifest(
    version: Version, files: Mapping[str, bytes], *, is_draft: bool
) -> Mapping[str, Json]:
    return {
        "schema_version": "manifest/1",
        "draft": is_draft,
        "text_sha256": version.hashes.text,
        "inputs_sha256": version.hashes.inputs,
        "terms_sha256": sha256_text(canonical_json(json.loads(files[TERMS]))),
        "assembler_version": ASSEMBLER_VERSION,
        "clauses": [{"id": c.clause_id, "version": c.version} for c in version.inputs.choices],
        "files": {
            name: {"sha256": sha256_bytes(data), "bytes": len(data)}
            for name, data in sorted(files.items())
        },
    }
