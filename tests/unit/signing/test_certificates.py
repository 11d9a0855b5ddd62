"""Certificates: made, kept, loaded and refused."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

from dealdesk.kernel.errors import DomainError
from dealdesk.signing.certificates import (
    DEVELOPMENT_NAME,
    check_validity,
    common_name,
    development_identity,
    is_development,
    load_certificates,
    load_identity,
    make_development_identity,
)

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
IDENTITY = make_development_identity(NOW)


def _pkcs12(password: bytes) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        b"seal",
        IDENTITY.key,
        IDENTITY.certificate,
        None,
        serialization.BestAvailableEncryption(password),
    )


def test_the_development_certificate_says_what_it_is() -> None:
    assert common_name(IDENTITY.certificate) == DEVELOPMENT_NAME
    assert "DEVELOPMENT" in DEVELOPMENT_NAME
    assert is_development(IDENTITY.certificate)


def test_the_development_certificate_is_kept_until_it_no_longer_holds(tmp_path: Path) -> None:
    first = development_identity(tmp_path, NOW)
    assert (
        development_identity(tmp_path, NOW + timedelta(days=300)).certificate == first.certificate
    )
    assert (
        development_identity(tmp_path, NOW + timedelta(days=900)).certificate != first.certificate
    )
    assert [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()] == [0o600]


def test_a_certificate_is_refused_before_and_after_its_time_with_a_sentence() -> None:
    check_validity(IDENTITY.certificate, NOW)
    with pytest.raises(
        DomainError, match=r"not valid before 23 Nov 2026, 13:00 UTC.*it is 1 Jan 2026, 00:00 UTC"
    ):
        check_validity(IDENTITY.certificate, datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(DomainError, match=r"expired on 23 Nov 2028.*Renew it"):
        check_validity(IDENTITY.certificate, datetime(2030, 1, 1, tzinfo=UTC))


def test_pem_and_pkcs12_give_the_same_identity(tmp_path: Path) -> None:
    development_identity(tmp_path, NOW)
    (pem,) = tmp_path.iterdir()
    loaded = load_identity(pem)
    assert loaded.key.public_key() == loaded.certificate.public_key()
    assert load_certificates(pem) == (loaded.certificate,)
    bag = tmp_path / "seal.p12"
    bag.write_bytes(_pkcs12(b"secret"))
    assert load_identity(bag, b"secret").certificate == IDENTITY.certificate


def test_what_can_not_be_loaded_is_refused_by_file_name(tmp_path: Path) -> None:
    bag, text, lone = tmp_path / "seal.p12", tmp_path / "seal.pem", tmp_path / "lone.pem"
    bag.write_bytes(_pkcs12(b"secret"))
    text.write_text("hello")
    lone.write_bytes(
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + IDENTITY.certificate.public_bytes(serialization.Encoding.PEM)
    )
    for path, words in (
        (bag, "passphrase"),
        (text, "no private key"),
        (lone, "None of its certificates"),
        (tmp_path / "nowhere.pem", "can't be read"),
    ):
        with pytest.raises(DomainError, match=words) as caught:
            load_identity(path, b"wrong" if path is bag else None)
        assert path.name in str(caught.value)
