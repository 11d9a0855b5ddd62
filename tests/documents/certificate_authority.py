"""A certificate authority of the tests' own: signers, time-stamp authorities, revocation lists."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from asn1crypto import keys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from dealdesk.signing.certificates import SealingIdentity, SealingKey
from dealdesk.signing.pdf_seal import TimeStampAuthority, asn1_certificate


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority, content_commitment=not is_authority, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=is_authority, crl_sign=is_authority,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass(frozen=True)
class Authority:
    """A root with what it issues; everything is valid for a year around `now`."""

    now: datetime
    key: rsa.RSAPrivateKey
    root: x509.Certificate

    @classmethod
    def founded(cls, now: datetime | None = None) -> "Authority":
        now = now or datetime.now(UTC)
        key = rsa.generate_private_key(65537, 2048)
        builder = _builder("Example Root", "Example Root", key, now, is_authority=True)
        return cls(now, key, builder.sign(key, hashes.SHA256()))

    def issue(
        self, name: str, usage: x509.ObjectIdentifier | None = None, key: SealingKey | None = None
    ) -> SealingIdentity:
        key = key or rsa.generate_private_key(65537, 2048)
        builder = _builder(name, "Example Root", key, self.now, is_authority=False)
        builder = builder.add_extension(
            x509.CRLDistributionPoints(
                [
                    x509.DistributionPoint(
                        [x509.UniformResourceIdentifier("http://crl.example/root.crl")],
                        None,
                        None,
                        None,
                    )
                ]
            ),
            critical=False,
        )
        if usage:
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        return SealingIdentity(key, builder.sign(self.key, hashes.SHA256()), (self.root,))

    def revocation_list(self) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(self.now - timedelta(hours=1))
            .next_update(self.now + timedelta(days=7))
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
        )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def time_stamps(self) -> TimeStampAuthority:
        stamper = self.issue("Example Time Stamps", ExtendedKeyUsageOID.TIME_STAMPING)
        der = stamper.key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        store = SimpleCertificateStore()
        store.register(asn1_certificate(self.root))
        return TimeStampAuthority(
            "tsa.example",
            DummyTimeStamper(
                asn1_certificate(stamper.certificate), keys.PrivateKeyInfo.load(der), store
            ),
        )


class _Silent(TimeStamper):
    async def async_request_tsa_response(self, req: object) -> object:  # noqa: ARG002 - pyHanko's
        raise TimestampRequestError("nobody answers")


def silent_authority(name: str = "silent.example") -> TimeStampAuthority:
    """Return a time-stamp authority that never answers."""
    return TimeStampAuthority(name, _Silent())


def _builder(
    name: str, issuer: str, key: SealingKey, now: datetime, *, is_authority: bool
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=180))
        .not_valid_after(now + timedelta(days=180))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(_usage(is_authority=is_authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
