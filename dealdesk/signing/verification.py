"""Verify a sealed PDF: each signature, what changed after it, and whether text and terms agree."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from dealdesk.documents.pdf.words import pdf_words
from dealdesk.kernel.errors import DomainError
from dealdesk.signing.package import TERMS, read_json
from dealdesk.signing.pdf_attachments import attachment
from dealdesk.signing.signature_reports import SignatureReport, read_signatures

PdfText = Callable[[bytes], str]

_PRINTED = re.compile(r"Text\s+SHA-256:?\s+([0-9a-f]{12,64})")


@dataclass(frozen=True, slots=True)
class TermsReport:
    """What the PDF's embedded terms say of its text, and what the text itself prints."""

    text_sha256: str
    printed: tuple[str, ...]
    agrees: bool
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """All signatures of a file, in order, and its terms (None when it carries none)."""

    signatures: tuple[SignatureReport, ...]
    terms: TermsReport | None

    @property
    def is_valid(self) -> bool:
        """Whether the file is signed, nothing forbidden happened since, and its terms agree."""
        return (
            bool(self.signatures)
            and all(found.is_valid for found in self.signatures)
            and (self.terms is None or self.terms.agrees)
        )


def verify_pdf(
    pdf: bytes,
    *,
    now: datetime,
    trusted: Sequence[x509.Certificate] = (),
    pdf_text: PdfText = pdf_words,
) -> Verification:
    """Return what is to be said about a PDF's signatures and terms; nothing is fetched.

    Signers are trusted only when their certificates lead to one in `trusted`. `pdf_text` gives
    the words of a PDF, footers included. Raise DomainError when the file is no PDF that can be
    read.
    """
    signatures = read_signatures(pdf, now=now, trusted=trusted)
    try:
        return Verification(signatures, _terms(pdf, pdf_text))
    except DomainError:
        # The signatures were readable, so the answer about the file is "no", not "wrong file".
        return Verification(signatures, TermsReport("", (), False, "The terms can't be read."))


def _terms(pdf: bytes, pdf_text: PdfText) -> TermsReport | None:
    embedded = attachment(pdf, TERMS)
    if embedded is None:
        return None
    return compare_terms(embedded, printed_fingerprints(pdf_text(pdf)))


def printed_fingerprints(text: str) -> tuple[str, ...]:
    """Return the different fingerprints, whole or shortened, that a document's words print."""
    return tuple(sorted({found.group(1) for found in _PRINTED.finditer(text)}))


def compare_terms(embedded: bytes, printed: tuple[str, ...]) -> TermsReport:
    """Return whether the terms name the text whose fingerprint the document prints."""
    named = str(read_json(embedded, TERMS, None).get("text_sha256", ""))
    if not named:
        return TermsReport(named, printed, False, "The terms don't say which text they state.")
    if not printed:
        return TermsReport(named, (), False, "The document prints no fingerprint of its text.")
    if all(named.startswith(found) for found in printed):
        return TermsReport(
            named, printed, True, "The terms name the text that the document prints."
        )
    return TermsReport(
        named, printed, False, "The terms name another text than the one that the document prints."
    )
