"""Read the signatures of a PDF and say of each what it proves."""

import asyncio
import logging
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from typing import Any

from cryptography import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import (
    DocumentTimestampStatus,
    PdfSignatureStatus,
    SignatureCoverageLevel,
)
from pyhanko_certvalidator import ValidationContext

from dealdesk.kernel.errors import DomainError
from dealdesk.signing.certificates import common_name, is_development
from dealdesk.signing.pdf_seal import Level, asn1_certificate

_PADES = "/ETSI.CAdES.detached"
# A file that can't be read but bears one of these was signed and damaged, not just a wrong file.
_MARKS = (b"/ByteRange", b"/ETSI.CAdES.detached")
# What a hostile or damaged signature makes the parsers below pyHanko's own checks raise.
_BROKEN = (
    PdfError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    zlib.error,
)
# pyHanko also logs each finding with a traceback; here a finding is a value, and nothing to print.
logging.getLogger("pyhanko").addHandler(logging.NullHandler())
logging.getLogger("pyhanko_certvalidator").addHandler(logging.NullHandler())


class Kind(StrEnum):
    """What a signature is for."""

    SEAL = "seal"
    APPROVAL = "approval"
    TIME_STAMP = "time stamp"


class Change(StrEnum):
    """What was added to a file after a signature."""

    NONE = "nothing"
    EVIDENCE = "time stamps and validation data only"
    FORMS = "signatures and form fields only"
    OTHER = "something that the signature doesn't allow"


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """What one signature proves.

    `is_intact`: the signed bytes are unchanged and the signature is made with the signer's key.
    `level` is None where the signature is no PAdES one. `problem` says why it isn't valid.
    """

    field: str
    kind: Kind
    level: Level | None
    signer: str
    is_development: bool
    is_trusted: bool
    is_intact: bool
    changes: Change
    signed_at: datetime | None
    time_stamped_at: datetime | None
    problem: str

    @property
    def is_valid(self) -> bool:
        """Whether the signature holds, and nothing that it forbids was done to the file since."""
        return not self.problem


def read_signatures(
    pdf: bytes, *, now: datetime, trusted: Sequence[x509.Certificate]
) -> tuple[SignatureReport, ...]:
    """Return a report on each signature and document time stamp, in the order they were made."""
    try:
        reader = PdfFileReader(BytesIO(pdf))
        embedded = list(reader.embedded_signatures)
    except _BROKEN as error:
        if any(mark in pdf for mark in _MARKS):
            return (_broken_report("", "The file was damaged after signing."),)
        raise DomainError.of(
            "pdf-unreadable",
            "The file is not a PDF that can be read, or it is damaged.",
            remedy="Check that it is the right file, and that it was copied whole.",
        ) from error
    reports = [_report(reader, signature, now, trusted) for signature in embedded]
    return tuple(_raised(reports, has_evidence="/DSS" in reader.root))


def _report(
    reader: PdfFileReader,
    signature: EmbeddedPdfSignature,
    now: datetime,
    trusted: Sequence[x509.Certificate],
) -> SignatureReport:
    try:
        context = _context(reader, now, trusted)
        if signature.sig_object_type == "/DocTimeStamp":
            stamp = asyncio.run(async_validate_pdf_timestamp(signature, context))
            return _time_stamp_report(signature, stamp)
        return _signature_report(
            signature, asyncio.run(async_validate_pdf_signature(signature, context))
        )
    except _BROKEN as error:
        problem = f"The signature can't be read ({type(error).__name__})."
        return _broken_report(signature.field_name, problem)


def _context(
    reader: PdfFileReader, now: datetime, trusted: Sequence[x509.Certificate]
) -> ValidationContext:
    settings: dict[str, Any] = {
        "trust_roots": [asn1_certificate(root) for root in trusted],
        "allow_fetching": False,
        "moment": now,
    }
    if "/DSS" in reader.root:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(settings)
    return ValidationContext(**settings)


def _signature_report(
    signature: EmbeddedPdfSignature, status: PdfSignatureStatus
) -> SignatureReport:
    certificate = x509.load_der_x509_certificate(status.signing_cert.dump())
    stamp = status.timestamp_validity
    is_stamped = stamp is not None and stamp.intact and stamp.valid
    is_seal = signature.docmdp_level is not None and "/Reference" in signature.sig_object
    return SignatureReport(
        field=signature.field_name,
        kind=Kind.SEAL if is_seal else Kind.APPROVAL,
        level=_level(signature, is_stamped=is_stamped),
        signer=common_name(certificate),
        is_development=is_development(certificate),
        is_trusted=status.trusted,
        is_intact=status.intact and status.valid,
        changes=_change(status.modification_level),
        signed_at=status.signer_reported_dt,
        time_stamped_at=stamp.timestamp if stamp is not None and is_stamped else None,
        problem=_problem(status)
        or ("" if stamp is None or is_stamped else "Its time stamp is broken."),
    )


def _level(signature: EmbeddedPdfSignature, *, is_stamped: bool) -> Level | None:
    if signature.sig_object.get("/SubFilter") != _PADES:
        return None
    return Level.B_T if is_stamped else Level.B_B


def _time_stamp_report(
    signature: EmbeddedPdfSignature, status: DocumentTimestampStatus
) -> SignatureReport:
    certificate = x509.load_der_x509_certificate(status.signing_cert.dump())
    return SignatureReport(
        field=signature.field_name,
        kind=Kind.TIME_STAMP,
        level=None,
        signer=common_name(certificate),
        is_development=False,
        is_trusted=status.trusted,
        is_intact=status.intact and status.valid,
        changes=_change(status.modification_level),
        signed_at=None,
        time_stamped_at=status.timestamp,
        problem=_problem(status),
    )


def _problem(status: PdfSignatureStatus | DocumentTimestampStatus) -> str:
    if not status.intact:
        return "The signed bytes were changed after signing (digest mismatch)."
    if not status.valid:
        return "The signature was not made with the key of its certificate."
    if status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return "The signature doesn't cover the whole document as it was when signed."
    # A time stamp sets no policy of its own (docmdp_ok is None); what changed since still counts.
    if status.docmdp_ok is False or _change(status.modification_level) is Change.OTHER:
        return "The document was changed after signing in a way that the signature doesn't allow."
    if getattr(status, "revoked", False):
        return "The signer's certificate was revoked."
    return ""


def _change(level: ModificationLevel | None) -> Change:
    match level:
        case ModificationLevel.NONE:
            return Change.NONE
        case ModificationLevel.LTA_UPDATES:
            return Change.EVIDENCE
        case ModificationLevel.FORM_FILLING:
            return Change.FORMS
        case _:
            return Change.OTHER


def _raised(reports: list[SignatureReport], *, has_evidence: bool) -> list[SignatureReport]:
    """Raise time-stamped signatures to B-LT or B-LTA by what was added to the file after them."""
    raised = []
    for index, report in enumerate(reports):
        later = [found for found in reports[index + 1 :] if found.kind is Kind.TIME_STAMP]
        if report.level is Level.B_T and has_evidence:
            archived = any(found.is_valid for found in later)
            raised.append(replace(report, level=Level.B_LTA if archived else Level.B_LT))
        else:
            raised.append(report)
    return raised


def _broken_report(field: str, problem: str) -> SignatureReport:
    return SignatureReport(
        field=field,
        kind=Kind.APPROVAL,
        level=None,
        signer="unknown",
        is_development=False,
        is_trusted=False,
        is_intact=False,
        changes=Change.OTHER,
        signed_at=None,
        time_stamped_at=None,
        problem=problem,
    )
