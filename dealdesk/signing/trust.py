"""Whether a signer's certificate leads to a root that the reader of a file trusts."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError

from dealdesk.signing.pdf_seal import asn1_certificate

# What a signature over a contract needs; the same that pyHanko asks of a PDF's signer.
_USAGE = {"non_repudiation"}


def leads_to_root(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    *,
    trusted: Sequence[x509.Certificate],
    now: datetime,
) -> bool:
    """Tell whether a certificate leads to one in `trusted` by way of `others`, and may sign.

    Nothing is fetched (RFC 5280 path validation as of `now`, by the certificates at hand).
    """
    if not trusted:
        return False
    try:
        context = ValidationContext(
            trust_roots=[asn1_certificate(root) for root in trusted],
            allow_fetching=False,
            moment=now,
        )
        path = CertificateValidator(
            asn1_certificate(certificate),
            intermediate_certs=[asn1_certificate(other) for other in others],
            validation_context=context,
        )
        asyncio.run(path.async_validate_usage(_USAGE))  # type: ignore[no-untyped-call]
    except (PathBuildingError, ValidationError, ValueError):
        return False
    return True
