"""Seal a whole package: check it, seal its PDF and DOCX, and record the evidence."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dealdesk.documents.pdf.words import pdf_words
from dealdesk.kernel.errors import DomainError, Place
from dealdesk.signing.certificates import SealingIdentity
from dealdesk.signing.docx_seal import seal_docx
from dealdesk.signing.evidence import seal_evidence
from dealdesk.signing.package import (
    AGREEMENT_DOCX,
    AGREEMENT_PDF,
    APPROVALS,
    MANIFEST,
    TERMS,
    check_files,
    check_ready,
    check_terms,
    read_approvals,
    read_manifest,
)
from dealdesk.signing.pdf_attachments import attachment
from dealdesk.signing.pdf_seal import NOBODY, Assurance, SealResult, seal_pdf
from dealdesk.signing.verification import compare_terms, printed_fingerprints


@dataclass(frozen=True, slots=True)
class SealedPackage:
    """The files to write, by name, the evidence last but one and the PDF last; and the seal."""

    files: dict[str, bytes]
    seal: SealResult


def seal_package(
    files: Mapping[str, bytes],
    identity: SealingIdentity,
    *,
    stem: str,
    now: datetime,
    assurance: Assurance = NOBODY,
) -> SealedPackage:
    """Return what sealing a package gives: STEM.pdf, STEM.docx when it has one, STEM.evidence.json.

    `files` holds the package's files by name, its manifest among them. Raise DomainError when the
    package is broken or changed, RefusedError when requirements are open or it is a draft.
    """
    manifest = read_manifest(files[MANIFEST])
    check_files(manifest, files)
    check_ready(manifest, read_approvals(files[APPROVALS]))
    check_terms(manifest, files, attachment(files[AGREEMENT_PDF], TERMS))
    _check_print(files)
    seal = seal_pdf(files[AGREEMENT_PDF], identity, now=now, assurance=assurance)
    sealed = {f"{stem}.pdf": seal.pdf}
    if any(entry.name == AGREEMENT_DOCX for entry in manifest.files):
        sealed[f"{stem}.docx"] = seal_docx(files[AGREEMENT_DOCX], identity, now=now)
    record = json.dumps(seal_evidence(manifest, sealed, seal), indent=2, sort_keys=True)
    written = {f"{stem}.evidence.json": f"{record}\n".encode()}
    # The PDF comes last: who finds it also finds what belongs to it.
    return SealedPackage(dict(sorted(sealed.items())) | written, seal)


def _check_print(files: Mapping[str, bytes]) -> None:
    printed = printed_fingerprints(pdf_words(files[AGREEMENT_PDF]))
    report = compare_terms(files[TERMS], printed)
    if not report.agrees:
        raise DomainError.of(
            "text-and-terms-disagree",
            report.message,
            place=Place(file=AGREEMENT_PDF),
            remedy="Build the agreement again, and seal what that wrote.",
        )
