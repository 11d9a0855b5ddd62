"""Seal a PDF: an invisible certifying PAdES signature at the highest level that can be reached."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from io import BytesIO

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from dealdesk.kernel.errors import DomainError
from dealdesk.signing.certificates import SealingIdentity, check_validity, common_name
from dealdesk.signing.pdf_fields import SEAL_FIELD

_REASON = "Certified as issued; later signers may only fill in their signature fields"
_TSA_SECONDS = 10


class Level(StrEnum):
    """The PAdES baseline levels (ETSI EN 319 142-1), weakest first."""

    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"
    B_LTA = "B-LTA"


@dataclass(frozen=True, slots=True)
class TimeStampAuthority:
    """A time-stamp authority and the name by which messages call it."""

    name: str
    stamper: TimeStamper


@dataclass(frozen=True, slots=True)
class LongTermEvidence:
    """What proves later that all certificates were good: trusted roots and revocation lists.

    `fetch` lets the sealing ask for missing revocation data over the network.
    """

    roots: tuple[x509.Certificate, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
    fetch: bool = True


@dataclass(frozen=True, slots=True)
class Assurance:
    """Who is asked to strengthen a seal; by default nobody, which gives B-B.

    The authorities are tried in order. One of them gives B-T; with `evidence` as well, B-LTA.
    """

    authorities: tuple[TimeStampAuthority, ...] = ()
    evidence: LongTermEvidence | None = None


NOBODY = Assurance()


@dataclass(frozen=True, slots=True)
class SealResult:
    """A sealed file, the level that was reached, and why it isn't the one that was asked for."""

    pdf: bytes = field(repr=False)
    level: Level
    signer: x509.Certificate
    signed_at: datetime
    authority: str | None = None
    downgrade_reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Attempt:
    level: Level
    authority: TimeStampAuthority | None = None
    evidence: LongTermEvidence | None = None


def http_authority(url: str) -> TimeStampAuthority:
    """Return the time-stamp authority (RFC 3161) that answers at an address."""
    return TimeStampAuthority(url, HTTPTimeStamper(url, timeout=_TSA_SECONDS))


def seal_pdf(
    pdf: bytes,
    identity: SealingIdentity,
    *,
    now: datetime,
    assurance: Assurance = NOBODY,
) -> SealResult:
    """Return the PDF certified at `now`, so that only filling in signature fields stays allowed.

    Whatever part of the assurance could not be had lowers the level and is said in
    `downgrade_reason`, never hidden. Raise DomainError when the certificate is not valid at
    `now`, or when the file is no PDF or is already signed.
    """
    check_validity(identity.certificate, now)
    failures: list[str] = []
    for attempt in _attempts(assurance):
        try:
            sealed = asyncio.run(_sign(pdf, identity, now, attempt))
        except (TimestampRequestError, PathError, ValidationError) as error:
            failures.append(_failure(attempt, error))
            continue
        except SigningError as error:
            if attempt.evidence is None:
                raise _refused(error) from error
            failures.append(_failure(attempt, error))
            continue
        except PdfError as error:
            raise DomainError.of(
                "pdf-unreadable",
                "The file is not a PDF that can be read, or it is damaged.",
                remedy="Build the agreement again.",
            ) from error
        name = attempt.authority.name if attempt.authority else None
        reason = " ".join(failures) or None
        return SealResult(sealed, attempt.level, identity.certificate, now, name, reason)
    message = "B-B needs nobody else, so it either succeeds or raises."
    raise AssertionError(message)


def _attempts(assurance: Assurance) -> Iterator[_Attempt]:
    for level in (Level.B_LTA, Level.B_T):
        evidence = assurance.evidence if level is Level.B_LTA else None
        if level is Level.B_T or evidence is not None:
            for authority in assurance.authorities:
                yield _Attempt(level, authority, evidence)
    yield _Attempt(Level.B_B)


async def _sign(pdf: bytes, identity: SealingIdentity, now: datetime, attempt: _Attempt) -> bytes:
    context = _validation_context(attempt.evidence, identity) if attempt.evidence else None
    signer = _SignerAt(
        now,
        signers.PdfSignatureMetadata(
            field_name=SEAL_FIELD,
            reason=_REASON,
            name=common_name(identity.certificate),
            certify=True,
            docmdp_permissions=MDPPerm.FILL_FORMS,
            subfilter=SigSeedSubFilter.PADES,
            md_algorithm="sha256",
            embed_validation_info=context is not None,
            use_pades_lta=context is not None,
            timestamp_field_name="SealArchiveTimeStamp",
            validation_context=context,
        ),
        _KeySigner(identity),
        attempt.authority.stamper if attempt.authority else None,
    )
    out = BytesIO()
    try:
        await signer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=out)
    finally:
        if context is not None:
            await context.aclose()  # type: ignore[no-untyped-call]
    return out.getvalue()


class _SignerAt(signers.PdfSigner):
    """A signer whose clock is the caller's."""

    def __init__(
        self,
        now: datetime,
        metadata: signers.PdfSignatureMetadata,
        signer: signers.Signer,
        timestamper: TimeStamper | None,
    ) -> None:
        super().__init__(metadata, signer, timestamper=timestamper)
        self._now = now

    def init_signing_session(
        self,
        pdf_out: BasePdfFileWriter,
        existing_fields_only: bool = False,  # noqa: FBT001, FBT002 - pyHanko's signature
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._now
        return session


class _KeySigner(signers.Signer):
    """Signs with the key as it is held: pyHanko's own would load and check it anew each time."""

    def __init__(self, identity: SealingIdentity) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(asn1_certificate(found) for found in identity.chain)
        super().__init__(signing_cert=asn1_certificate(identity.certificate), cert_registry=store)
        self._key = identity.key

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: ARG002, FBT001, FBT002 - pyHanko's signature
    ) -> bytes:
        digest = getattr(hashes, digest_algorithm.upper())()
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), digest)
        return self._key.sign(data, ec.ECDSA(digest))


def asn1_certificate(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """Return a certificate in the form that pyHanko reads."""
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _validation_context(evidence: LongTermEvidence, identity: SealingIdentity) -> ValidationContext:
    # The time stamps carry the authority's own time, so the paths are checked at the real one.
    return ValidationContext(
        trust_roots=[asn1_certificate(root) for root in evidence.roots],
        other_certs=[asn1_certificate(found) for found in identity.chain],
        crls=list(evidence.revocation_lists),
        allow_fetching=evidence.fetch,
        revocation_mode="hard-fail",
    )


def _failure(attempt: _Attempt, error: Exception) -> str:
    authority = attempt.authority.name if attempt.authority else ""
    if isinstance(error, TimestampRequestError):
        return f"{attempt.level} was not reached: {authority} gave no time stamp."
    return (
        f"{attempt.level} was not reached with {authority}: "
        f"a certificate could not be proved good ({str(error).rstrip('.')})."
    )


def _refused(error: SigningError) -> DomainError:
    return DomainError.of(
        "pdf-not-sealable",
        f"The PDF can't be certified: {str(error).rstrip('.')}.",
        remedy="Seal the file that `dealdesk agreement build` wrote, which carries no signature.",
    )
