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

_END = b"%%EOF"
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
    """All signatures of a file, in order, and its terms (None when it carries none).

    `appended` is how many bytes stand behind the file's end: no reader shows them, no signature
    covers them, and the sealed file had none.
    """

    signatures: tuple[SignatureReport, ...]
    terms: TermsReport | None
    appended: int = 0

    @property
    def is_valid(self) -> bool:
        """Whether the file is signed, nothing forbidden happened since, and its terms agree."""
        return (
            bool(self.signatures)
            and not self.appended
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
    appended = appended_bytes(pdf)
    # Told of apart: what is behind the end must not keep the signatures from being read.
    document = pdf[: len(pdf) - appended]
    signatures = read_signatures(document, now=now, trusted=trusted)
    try:
        return Verification(signatures, _terms(document, pdf_text), appended)
    except DomainError:
        # The signatures were readable, so the answer about the file is "no", not "wrong file".
        unread = TermsReport("", (), False, "The terms can't be read.")
        return Verification(signatures, unread, appended)


def appended_bytes(pdf: bytes) -> int:
    """Return how many bytes stand behind the file's last end mark and the end of its line.

    A revision that was added ends with a mark of its own and is judged with the signatures.
    """
    _, end, behind = pdf.rpartition(_END)
    if not end:
        return 0
    line_end = next((one for one in (b"\r\n", b"\n", b"\r") if behind.startswith(one)), b"")
    return len(behind) - len(line_end)


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
