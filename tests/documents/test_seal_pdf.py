"""A sealed PDF, judged by poppler, qpdf, pdfua, pikepdf and pyHanko."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

from dealdesk.kernel.errors import DomainError
from dealdesk.signing.certificates import make_development_identity
from dealdesk.signing.pdf_attachments import attachment
from dealdesk.signing.pdf_fields import SignatureFieldPlace, prepare_signature_fields
from dealdesk.signing.pdf_seal import Assurance, Level, LongTermEvidence, _KeySigner, seal_pdf
from dealdesk.signing.signature_reports import Change, Kind
from dealdesk.signing.verification import verify_pdf
from tests.documents.certificate_authority import Authority, silent_authority
from tests.documents.sealable import PLACES, TERMS, prepared, rendered

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
IDENTITY = make_development_identity(NOW)
SEALED = seal_pdf(prepared(), IDENTITY, now=NOW)


def _run(*command: object) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def _written(tmp_path: Path, pdf: bytes) -> Path:
    path = tmp_path / "agreement.pdf"
    path.write_bytes(pdf)
    return path


def test_poppler_calls_the_seal_valid_and_finds_the_whole_document_signed(tmp_path: Path) -> None:
    said = _run("pdfsig", _written(tmp_path, SEALED.pdf))
    assert said.count("Signature is Valid") == 1
    assert "Total document signed" in said
    assert "not for production" in said
    assert "ETSI.CAdES.detached" in said


@pytest.mark.parametrize("behind", [b"!", b"\n\n", b"\n% a remark\n", b"x" * 5000])
def test_bytes_behind_the_end_are_found_by_poppler_and_by_us(tmp_path: Path, behind: bytes) -> None:
    said = _run("pdfsig", _written(tmp_path, SEALED.pdf + behind))
    assert "Not total document signed" in said
    found = verify_pdf(SEALED.pdf + behind, now=NOW)
    assert all(report.is_valid for report in found.signatures)
    assert found.appended == len(behind)
    assert not found.is_valid


def test_a_sealed_file_has_nothing_behind_its_end_and_a_later_signature_is_not_that() -> None:
    assert verify_pdf(SEALED.pdf, now=NOW).appended == 0
    found = verify_pdf(_signed_later("SignatureCustomer", SEALED.pdf), now=NOW)
    assert [report.is_valid for report in found.signatures] == [True, True]
    assert found.appended == 0


def test_one_flipped_byte_is_a_digest_mismatch_to_poppler_and_to_us(tmp_path: Path) -> None:
    flipped = bytearray(SEALED.pdf)
    flipped[len(prepared()) // 2] ^= 1
    assert "Digest Mismatch" in _run("pdfsig", _written(tmp_path, bytes(flipped)))
    (report,) = verify_pdf(bytes(flipped), now=NOW).signatures
    assert not report.is_valid
    assert "digest mismatch" in report.problem


@pytest.mark.parametrize("pdf", [prepared(), SEALED.pdf], ids=["before sealing", "after sealing"])
def test_qpdf_pdfdetach_and_pdfua_are_content_before_and_after_sealing(
    tmp_path: Path, pdf: bytes
) -> None:
    path = _written(tmp_path, pdf)
    assert "No syntax or stream encoding errors" in _run("qpdf", "--check", path)
    assert "sla-terms.json" in _run("pdfdetach", "-list", path)
    assert attachment(pdf, "sla-terms.json") == TERMS
    assert "errors=0 warnings=0" in _run(Path(sys.executable).with_name("pdfua"), "check", path)


@pytest.mark.parametrize("pdf", [prepared(), SEALED.pdf], ids=["before sealing", "after sealing"])
def test_the_file_says_and_keeps_what_pdf_a_3a_and_pdf_ua_1_ask(pdf: bytes) -> None:
    with Pdf.open(BytesIO(pdf)) as document:
        root = document.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang) == "en"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert [intent.S for intent in root.OutputIntents] == [Name.GTS_PDFA1]
        assert len(document.trailer.ID) == 2
        metadata = root.Metadata.read_bytes()
        assert metadata.count(b"<rdf:RDF") == 1
        assert b'pdfaid:part="3"' in metadata
        assert b'pdfaid:conformance="A"' in metadata
        assert b'pdfuaid:part="1"' in metadata
        assert {str(spec.AFRelationship) for spec in root.AF} == {"/Data"}
        _assert_widgets_are_tagged(document)
        heads = [cell for cell in _elements(root.StructTreeRoot.K) if cell.S == Name.TH]
        assert [str(head.A.Scope) for head in heads] == ["/Column", "/Column", "/Row"]


def _assert_widgets_are_tagged(document: Pdf) -> None:
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    keys = [int(key) for key in list(numbers)[::2]]
    assert keys == sorted(set(keys))
    parents = dict(zip(keys, list(numbers)[1::2], strict=True))
    widgets = [
        w
        for page in document.pages
        for w in page.obj.get(Name.Annots, Array())
        if w.Subtype == Name.Widget
    ]
    assert {str(w.T) for w in widgets} == {"SignatureCustomer", "SignatureProvider", "Seal"}
    for widget in widgets:
        form = parents[int(widget.StructParent)]
        assert str(form.S) == "/Form"
        assert form.K.Obj.objgen == widget.objgen
        assert str(form.Alt) == str(widget.TU)
        assert widget.P.Tabs == Name.S
        assert int(widget.F) & 4


def _elements(node: object) -> Iterator[Dictionary]:
    for child in node if isinstance(node, Array) else [node]:
        if isinstance(child, Dictionary) and Name.S in child:
            yield child
            yield from _elements(child.get(Name.K, Array()))


def test_the_same_file_and_places_give_the_same_bytes() -> None:
    assert prepare_signature_fields(rendered(), PLACES) == prepared()
    again = seal_pdf(prepared(), IDENTITY, now=NOW)
    assert verify_pdf(again.pdf, now=NOW).is_valid


def test_a_field_on_a_page_that_is_not_there_or_of_a_taken_name_is_refused() -> None:
    off = SignatureFieldPlace("Other", "Other", 7, PLACES[0].box)
    with pytest.raises(DomainError, match="page 8"):
        prepare_signature_fields(rendered(), [off])
    with pytest.raises(DomainError, match="SignatureCustomer"):
        prepare_signature_fields(rendered(), [PLACES[0], PLACES[0]])


def test_a_file_that_is_no_pdf_or_not_tagged_is_refused_with_a_sentence() -> None:
    with pytest.raises(DomainError, match="not a PDF"):
        prepare_signature_fields(b"hello", [])
    with pytest.raises(DomainError, match="not a PDF"):
        seal_pdf(b"hello", IDENTITY, now=NOW)
    with pytest.raises(DomainError, match="not a PDF"):
        verify_pdf(b"hello", now=NOW)
    plain = BytesIO()
    with Pdf.new() as document:
        document.add_blank_page()
        document.save(plain)
    with pytest.raises(DomainError, match="structure tree"):
        prepare_signature_fields(plain.getvalue(), [])


def test_an_expired_or_future_certificate_never_seals() -> None:
    for moment, words in (
        (NOW + timedelta(days=5000), "expired"),
        (NOW - timedelta(days=9), "not valid before"),
    ):
        with pytest.raises(DomainError, match=words):
            seal_pdf(prepared(), IDENTITY, now=moment)


def test_an_elliptic_curve_key_seals_as_well(tmp_path: Path) -> None:
    identity = Authority.founded(NOW).issue(
        "Example Cloud Inc.", key=ec.generate_private_key(ec.SECP256R1())
    )
    result = seal_pdf(prepared(), identity, now=NOW)
    assert verify_pdf(result.pdf, now=NOW).signatures[0].is_valid
    assert "Signature is Valid" in _run("pdfsig", _written(tmp_path, result.pdf))


def test_a_file_is_not_sealed_twice() -> None:
    with pytest.raises(DomainError, match="can't be certified"):
        seal_pdf(SEALED.pdf, IDENTITY, now=NOW)


def test_without_an_authority_the_level_is_b_b_and_nothing_was_downgraded() -> None:
    assert SEALED.level is Level.B_B
    assert SEALED.downgrade_reason is None
    (report,) = verify_pdf(SEALED.pdf, now=NOW).signatures
    assert (report.kind, report.level, report.changes) == (Kind.SEAL, Level.B_B, Change.NONE)
    assert report.is_valid
    assert report.is_development
    assert not report.is_trusted
    assert report.signed_at == NOW


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.founded()


def test_an_authority_lifts_the_seal_to_b_t(authority: Authority) -> None:
    identity = authority.issue("Example Cloud Inc. Contracts")
    result = seal_pdf(
        prepared(), identity, now=authority.now, assurance=Assurance((authority.time_stamps(),))
    )
    assert (result.level, result.authority, result.downgrade_reason) == (
        Level.B_T,
        "tsa.example",
        None,
    )
    (report,) = verify_pdf(result.pdf, now=authority.now, trusted=[authority.root]).signatures
    assert (report.level, report.is_valid, report.is_trusted) == (Level.B_T, True, True)
    assert report.time_stamped_at is not None


def test_evidence_lifts_the_seal_to_b_lta_and_all_of_it_stays_valid(
    tmp_path: Path, authority: Authority
) -> None:
    identity = authority.issue("Example Cloud Inc. Contracts")
    evidence = LongTermEvidence((authority.root,), (authority.revocation_list(),), fetch=False)
    result = seal_pdf(
        prepared(),
        identity,
        now=authority.now,
        assurance=Assurance((authority.time_stamps(),), evidence),
    )
    assert (result.level, result.downgrade_reason) == (Level.B_LTA, None)
    seal, stamp = verify_pdf(result.pdf, now=datetime.now(UTC), trusted=[authority.root]).signatures
    assert (seal.level, seal.changes, seal.is_valid, seal.is_trusted) == (
        Level.B_LTA,
        Change.EVIDENCE,
        True,
        True,
    )
    assert (stamp.kind, stamp.is_valid, stamp.is_trusted) == (Kind.TIME_STAMP, True, True)
    path = _written(tmp_path, result.pdf)
    assert "Signature is Valid" in _run("pdfsig", path)
    assert "No syntax or stream encoding errors" in _run("qpdf", "--check", path)
    assert "errors=0" in _run(Path(sys.executable).with_name("pdfua"), "check", path)


def test_a_silent_authority_is_passed_over_for_the_next_one(authority: Authority) -> None:
    assurance = Assurance((silent_authority(), authority.time_stamps()))
    result = seal_pdf(
        prepared(), authority.issue("Example Cloud Inc."), now=authority.now, assurance=assurance
    )
    assert (result.level, result.authority) == (Level.B_T, "tsa.example")
    assert "silent.example gave no time stamp" in (result.downgrade_reason or "")


def test_when_no_authority_answers_the_seal_is_b_b_and_says_so() -> None:
    result = seal_pdf(prepared(), IDENTITY, now=NOW, assurance=Assurance((silent_authority(),)))
    assert (result.level, result.authority) == (Level.B_B, None)
    assert result.downgrade_reason == "B-T was not reached: silent.example gave no time stamp."


def test_without_revocation_data_the_seal_is_b_t_and_says_so(authority: Authority) -> None:
    assurance = Assurance(
        (authority.time_stamps(),), LongTermEvidence((authority.root,), (), fetch=False)
    )
    result = seal_pdf(
        prepared(), authority.issue("Example Cloud Inc."), now=authority.now, assurance=assurance
    )
    assert result.level is Level.B_T
    assert "B-LTA was not reached with tsa.example" in (result.downgrade_reason or "")


def test_a_later_signer_may_fill_the_prepared_field_and_both_signatures_hold(
    tmp_path: Path,
) -> None:
    signed = _signed_later("SignatureCustomer", SEALED.pdf)
    seal, approval = verify_pdf(signed, now=NOW).signatures
    assert (seal.kind, seal.changes, seal.is_valid) == (Kind.SEAL, Change.FORMS, True)
    assert (approval.kind, approval.is_valid) == (Kind.APPROVAL, True)
    assert _run("pdfsig", _written(tmp_path, signed)).count("Signature is Valid") == 2


def test_content_added_after_the_seal_is_found() -> None:
    (report,) = verify_pdf(_with_page_turned(SEALED.pdf), now=NOW).signatures
    assert report.is_intact
    assert report.changes is Change.OTHER
    assert "changed after signing in a way" in report.problem


def _signed_later(field: str, pdf: bytes) -> bytes:
    meta = signers.PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES)
    out = BytesIO()
    signers.sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)),
        meta,
        _KeySigner(IDENTITY),
        existing_fields_only=True,
        output=out,
    )
    return out.getvalue()


def _with_page_turned(pdf: bytes) -> bytes:
    """Return the file with its first page turned, appended as an incremental update."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = generic.NumberObject(90)
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_sealed_document_that_prints_another_fingerprint_is_not_valid() -> None:
    other = prepare_signature_fields(rendered(printed="3" * 64), ())
    found = verify_pdf(seal_pdf(other, IDENTITY, now=NOW).pdf, now=NOW)
    assert all(report.is_valid for report in found.signatures)
    assert found.terms is not None
    assert not found.terms.agrees
    assert not found.is_valid


def test_an_unsigned_file_is_not_valid_and_says_no_signature() -> None:
    found = verify_pdf(prepared(), now=NOW)
    assert found.signatures == ()
    assert not found.is_valid


@settings(max_examples=30)
@given(st.data())
def test_any_flipped_bit_of_the_signed_bytes_is_caught_without_a_traceback(
    data: st.DataObject,
) -> None:
    with Pdf.open(BytesIO(SEALED.pdf)) as document:
        (seal,) = [f for f in document.Root.AcroForm.Fields if str(f.T) == "Seal"]
        first, length, second, rest = (int(n) for n in seal.V.ByteRange)
    at = data.draw(
        st.one_of(st.integers(first, first + length - 1), st.integers(second, second + rest - 1))
    )
    flipped = bytearray(SEALED.pdf)
    flipped[at] ^= 1 << data.draw(st.integers(0, 7))
    assert not verify_pdf(bytes(flipped), now=NOW).is_valid


def test_boxes_take_exact_points() -> None:
    with Pdf.open(BytesIO(prepared())) as document:
        (field,) = [f for f in document.Root.AcroForm.Fields if str(f.T) == "SignatureCustomer"]
        assert [Decimal(str(n)) for n in field.Rect] == list(PLACES[0].box)
