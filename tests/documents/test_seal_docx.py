"""A sealed DOCX, judged by xmlsec1 and LibreOffice."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import docx
import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st

from dealdesk.kernel.errors import DomainError
from dealdesk.signing.certificates import make_development_identity
from dealdesk.signing.docx_seal import SIGNATURE_PART, seal_docx
from dealdesk.signing.docx_verification import verify_docx
from dealdesk.signing.opc import read_parts, write_parts
from tests.documents.certificate_authority import Authority
from tests.documents.sealable import agreement_docx

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
IDENTITY = make_development_identity(NOW)
SEALED = seal_docx(agreement_docx(), IDENTITY, now=NOW)
SYSTEM_PYTHON = Path("/usr/bin/python3")


def _tampered() -> bytes:
    parts = read_parts(SEALED)
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"99.95", b"99.00")
    return write_parts(parts)


def test_xmlsec_says_ok_to_all_references(tmp_path: Path) -> None:
    signature = tmp_path / "sig1.xml"
    signature.write_bytes(read_parts(SEALED)[SIGNATURE_PART])
    root = tmp_path / "root.pem"
    root.write_bytes(IDENTITY.certificate.public_bytes(serialization.Encoding.PEM))
    done = subprocess.run(
        ["xmlsec1", "--verify", "--ignore-manifests", "--id-attr:Id", "SignedProperties", "--id-attr:Id", "Object",
         "--trusted-pem", root, "--verification-gmt-time", "2026-11-24 13:30:00", signature],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert "OK" in said.splitlines()
    assert "SignedInfo References (ok/all): 3/3" in said


def test_our_own_verification_agrees() -> None:
    found = verify_docx(SEALED, now=NOW)
    assert found.is_valid
    assert found.is_development
    assert found.signed_at == NOW


def test_a_signer_is_trusted_only_by_a_root_that_it_leads_to() -> None:
    ours, others = Authority.founded(NOW), Authority.founded(NOW)
    sealed = seal_docx(agreement_docx(), ours.issue("Example Signer"), now=NOW)
    assert verify_docx(sealed, now=NOW, trusted=[ours.root]).is_trusted
    for trusted in ([], [others.root], [IDENTITY.certificate]):
        found = verify_docx(sealed, now=NOW, trusted=trusted)
        assert found.is_valid
        assert not found.is_trusted
    late = NOW + timedelta(days=400)
    assert not verify_docx(sealed, now=late, trusted=[ours.root]).is_trusted


def test_a_signer_that_merely_names_the_root_is_not_trusted() -> None:
    ours, others = Authority.founded(NOW), Authority.founded(NOW)
    signer = replace(others.issue("Example Signer"), chain=(ours.root,))
    sealed = seal_docx(agreement_docx(), signer, now=NOW)
    assert not verify_docx(sealed, now=NOW, trusted=[ours.root]).is_trusted


@settings(deadline=None, max_examples=60)
@given(where=st.integers(min_value=0, max_value=len(SEALED) - 1), bit=st.integers(0, 7))
def test_a_damaged_file_is_refused_or_judged_and_never_called_valid_with_other_parts(
    where: int, bit: int
) -> None:
    damaged = bytearray(SEALED)
    damaged[where] ^= 1 << bit
    try:
        found = verify_docx(bytes(damaged), now=NOW)
        same = read_parts(bytes(damaged)) == read_parts(SEALED)
    except DomainError:
        return
    assert same or not found.is_valid


def test_the_sealed_file_still_reads_as_a_docx() -> None:
    before = [p.text for p in docx.Document(BytesIO(agreement_docx())).paragraphs]
    assert [p.text for p in docx.Document(BytesIO(SEALED)).paragraphs] == before


def test_the_same_file_key_and_time_give_the_same_bytes() -> None:
    assert seal_docx(agreement_docx(), IDENTITY, now=NOW) == SEALED


def test_a_changed_added_or_removed_part_is_named() -> None:
    assert verify_docx(_tampered(), now=NOW).problems == (
        "word/document.xml was changed after signing.",
    )
    parts = read_parts(SEALED)
    assert (
        "word/new.xml was added after signing."
        in verify_docx(write_parts(parts | {"word/new.xml": b"<a/>"}), now=NOW).problems
    )
    del parts["word/styles.xml"]
    assert (
        "word/styles.xml was removed after signing."
        in verify_docx(write_parts(parts), now=NOW).problems
    )


def test_a_relationship_slipped_in_after_signing_is_found() -> None:
    parts = read_parts(SEALED)
    rels = "word/_rels/document.xml.rels"
    slipped = b'<Relationship Id="rIdX" Type="http://example.invalid/x" Target="http://example.invalid/" TargetMode="External"/>'
    parts[rels] = parts[rels].replace(b"</Relationships>", slipped + b"</Relationships>")
    assert f"{rels} was changed after signing." in verify_docx(write_parts(parts), now=NOW).problems


def test_a_signature_value_or_manifest_that_was_changed_is_found() -> None:
    parts = read_parts(SEALED)
    signature = parts[SIGNATURE_PART]
    moved = signature.replace(b"2026-11-24T13:00:00Z", b"2026-11-23T13:00:00Z")
    said = " ".join(verify_docx(write_parts(parts | {SIGNATURE_PART: moved}), now=NOW).problems)
    assert "idPackageObject was changed" in said
    assert "idSignedProperties was changed" in said
    broken = signature.replace(b"<SignatureMethod", b"<Method")
    assert not verify_docx(write_parts(parts | {SIGNATURE_PART: broken}), now=NOW).is_valid


def test_an_unsigned_file_says_that_it_carries_no_signature() -> None:
    assert verify_docx(agreement_docx(), now=NOW).problems == ("The DOCX carries no signature.",)


def test_what_is_no_docx_or_already_sealed_is_refused_with_a_sentence() -> None:
    for data, words in (
        (b"hello", "not a DOCX"),
        (write_parts({"a": b""}), "not a DOCX"),
        (SEALED, "already"),
    ):
        with pytest.raises(DomainError, match=words):
            seal_docx(data, IDENTITY, now=NOW)


def test_libreoffice_calls_the_seal_valid_and_a_changed_copy_invalid(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None or not SYSTEM_PYTHON.exists():
        pytest.skip("LibreOffice or the system's Python with UNO is not installed.")
    sealed, tampered = tmp_path / "sealed.docx", tmp_path / "tampered.docx"
    sealed.write_bytes(SEALED)
    tampered.write_bytes(_tampered())
    pipe = f"dealdesk{tmp_path.name.replace('-', '')}"
    program = subprocess.Popen(
        [office, "--headless", "--norestore", f"-env:UserInstallation=file://{tmp_path}/profile",
         f"--accept=pipe,name={pipe};urp"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        asker = Path(__file__).with_name("libreoffice_signatures.py")
        done = subprocess.run(
            [SYSTEM_PYTHON, asker, pipe, sealed, tampered],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        ours, changed = (json.loads(line) for line in done.stdout.splitlines())
    finally:
        program.terminate()
        program.wait(30)
    # "partial" is always true here: LibreOffice 7.4 says so of every OOXML signature.
    assert [found["valid"] for found in ours] == [True]
    assert [found["valid"] for found in changed] == [False]
