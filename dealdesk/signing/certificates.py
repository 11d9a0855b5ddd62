"""Certificates that seal documents: the generated development one, and those loaded from files."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from dealdesk.kernel.errors import DomainError, Place

DEVELOPMENT_NAME = "DealDesk DEVELOPMENT certificate, not for production"
DEVELOPMENT_FILE = "development-certificate.pem"
_DEVELOPMENT_DAYS = 730
_KEY_BITS = 3072
_PKCS12_ENDINGS = (".p12", ".pfx")

SealingKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class SealingIdentity:
    """A private key with its certificate and the certificates that lead to a root."""

    key: SealingKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()


def common_name(certificate: x509.Certificate) -> str:
    """Return the name that a certificate gives its holder, for people."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def is_development(certificate: x509.Certificate) -> bool:
    """Tell whether the certificate says of itself that it is for development."""
    return DEVELOPMENT_NAME in common_name(certificate)


def check_validity(certificate: x509.Certificate, now: datetime) -> None:
    """Raise DomainError when the certificate is expired or not yet valid at `now`."""
    name = common_name(certificate)
    if now < certificate.not_valid_before_utc:
        raise DomainError.of(
            "certificate-not-yet-valid",
            f"The certificate “{name}” is not valid before "
            f"{_instant(certificate.not_valid_before_utc)}, and it is {_instant(now)}.",
            remedy="Wait until then, correct this machine's clock, or use another certificate.",
        )
    if now > certificate.not_valid_after_utc:
        raise DomainError.of(
            "certificate-expired",
            f"The certificate “{name}” expired on {_instant(certificate.not_valid_after_utc)}; "
            f"it is {_instant(now)}.",
            remedy="Renew it, or use another certificate.",
        )


def development_identity(folder: Path, now: datetime) -> SealingIdentity:
    """Return the development certificate kept in a folder, made there when none is valid at `now`.

    The file holds key and certificate as PEM and is readable by its owner only.
    """
    path = folder / DEVELOPMENT_FILE
    if path.exists():
        kept = _read_pem(path.read_bytes(), path.name, None)
        if kept.certificate.not_valid_before_utc <= now <= kept.certificate.not_valid_after_utc:
            return kept
    made = make_development_identity(now)
    folder.mkdir(parents=True, exist_ok=True)
    _write_private(path, _pem(made))
    return made


def make_development_identity(now: datetime) -> SealingIdentity:
    """Return a new self-signed identity whose name says that it proves nobody's identity."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, DEVELOPMENT_NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_DEVELOPMENT_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signing_usage(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return SealingIdentity(key, certificate)


def load_identity(path: Path, passphrase: bytes | None = None) -> SealingIdentity:
    """Return the identity in a PEM file (key and certificates) or a PKCS#12 file (.p12, .pfx).

    Raise DomainError when the file can't be read, the passphrase is wrong, or key and
    certificate don't belong together.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path.name, f"The file can't be read: {error.strerror}.") from error
    if path.suffix.lower() in _PKCS12_ENDINGS:
        return _read_pkcs12(data, path.name, passphrase)
    return _read_pem(data, path.name, passphrase)


def load_certificates(path: Path) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a PEM file, such as the roots that a verifier trusts."""
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise _unreadable(path.name, "It holds no certificate in PEM form.") from error


def _read_pem(data: bytes, name: str, passphrase: bytes | None) -> SealingIdentity:
    try:
        key = serialization.load_pem_private_key(data, passphrase)
        certificates = x509.load_pem_x509_certificates(data)
    except (ValueError, TypeError) as error:
        raise _unreadable(
            name, "It holds no private key with a certificate, or the passphrase is wrong."
        ) from error
    return _identity(key, certificates, name)


def _read_pkcs12(data: bytes, name: str, passphrase: bytes | None) -> SealingIdentity:
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase)
    except ValueError as error:
        raise _unreadable(name, "It is not a PKCS#12 file, or the passphrase is wrong.") from error
    return _identity(key, [certificate, *others] if certificate else others, name)


def _identity(key: object, certificates: Sequence[x509.Certificate], name: str) -> SealingIdentity:
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise _unreadable(name, "Its key is neither RSA nor elliptic-curve.")
    own = [found for found in certificates if found.public_key() == key.public_key()]
    if not own:
        raise _unreadable(name, "None of its certificates belongs to its private key.")
    return SealingIdentity(key, own[0], tuple(found for found in certificates if found != own[0]))


def _unreadable(name: str, message: str) -> DomainError:
    return DomainError.of(
        "certificate-unreadable",
        message,
        place=Place(file=name),
        remedy="Give a PEM file with key and certificate, or a .p12 file with its passphrase.",
    )


def _signing_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(identity: SealingIdentity) -> bytes:
    key = identity.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return key + identity.certificate.public_bytes(serialization.Encoding.PEM)


def _write_private(path: Path, data: bytes) -> None:
    # The file is made with its narrow mode, so that there is no moment at which others can read it.
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    fresh.replace(path)


def _instant(moment: datetime) -> str:
    at = moment.astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M} UTC"
