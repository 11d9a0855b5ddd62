"""`dealdesk seal` and `dealdesk verify`, from a package on disk to exit statuses and files."""

import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from dealdesk.cli.edge import Commands
from dealdesk.cli.seal import seal
from dealdesk.cli.verify import verify
from dealdesk.kernel.hashing import Json, sha256_bytes
from dealdesk.signing.pdf_fields import prepare_signature_fields
from tests.documents.sealable import approvals, package, rendered, write_package

PROGRAM = Commands("dealdesk")
PROGRAM.add_command(seal)
PROGRAM.add_command(verify)

OPEN = approvals(
    requirements=[
        {
            "role": "deal-finance",
            "reasons": [
                {
                    "rule": "discount",
                    "subject": "discount_blended",
                    "message": "The discount is 31 %, above 25 %.",
                }
            ],
            "covered": False,
        }
    ],
    open=["deal-finance"],
    blocked=[
        {
            "instance": "liability",
            "position": "walk-away",
            "message": "Liability is at walk away, which we do not offer.",
        }
    ],
)


@pytest.fixture
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp() / "keys"


def _call(*words: object) -> Result:
    return CliRunner().invoke(PROGRAM, [str(word) for word in words], catch_exceptions=False)


def _schema(name: str) -> Json:
    return json.loads((resources.files("dealdesk.signing") / "schemas" / name).read_text("utf-8"))


def _folder(tmp_path: Path, files: Mapping[str, bytes] | None = None) -> Path:
    folder = tmp_path / "a build"
    write_package(folder, files or package())
    return folder


def test_a_ready_package_becomes_a_sealed_pdf_docx_and_evidence(tmp_path: Path, keys: Path) -> None:
    folder = _folder(tmp_path)
    result = _call("seal", folder, "--key-folder", keys, "--json")
    assert result.exit_code == 0, result.output
    assert "development certificate" in result.stderr
    evidence = json.loads(result.stdout)
    jsonschema.validate(evidence, _schema("seal-evidence-1.json"))
    written = {
        path.name: sha256_bytes(path.read_bytes()) for path in folder.glob("agreement-sealed.*")
    }
    assert {name: entry["sha256"] for name, entry in evidence["sealed"].items()} == {
        name: written[name] for name in ("agreement-sealed.docx", "agreement-sealed.pdf")
    }
    assert json.loads((folder / "agreement-sealed.evidence.json").read_text()) == evidence
    assert evidence["signature"]["level"] == "B-B"
    assert evidence["signature"]["development"] is True
    for name in ("agreement-sealed.pdf", "agreement-sealed.docx"):
        found = _call("verify", folder / name, "--json")
        assert found.exit_code == 0, found.output
        answer = json.loads(found.stdout)
        jsonschema.validate(answer, _schema("verification-1.json"))
        assert answer["signatures"][0]["development"] is True
        assert answer["terms"] is None or answer["terms"]["agrees"] is True


def test_the_development_key_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    folder, keys = _folder(tmp_path), tmp_path / "keys"
    _call("seal", folder, "--key-folder", keys)
    (kept,) = keys.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    before = kept.read_bytes()
    _call("seal", folder, "--key-folder", keys)
    assert kept.read_bytes() == before


def test_open_requirements_and_blocked_positions_are_listed_and_nothing_is_written(
    tmp_path: Path, keys: Path
) -> None:
    folder = _folder(tmp_path, package({"approvals.json": json.dumps(OPEN).encode()}, draft=True))
    before = sorted(folder.iterdir())
    result = _call("seal", folder, "--key-folder", keys)
    assert result.exit_code == 1
    assert "Deal finance has to decide: The discount is 31 %, above 25 %." in result.stderr
    assert "liability: Liability is at walk away" in result.stderr
    assert sorted(folder.iterdir()) == before


def test_a_requirement_that_is_not_covered_counts_as_open_even_if_the_list_forgets_it(
    tmp_path: Path, keys: Path
) -> None:
    forgotten = OPEN | {"open": [], "blocked": []}
    folder = _folder(tmp_path, package({"approvals.json": json.dumps(forgotten).encode()}))
    assert _call("seal", folder, "--key-folder", keys).exit_code == 1


def test_a_draft_is_not_sealed(tmp_path: Path, keys: Path) -> None:
    result = _call("seal", _folder(tmp_path, package(draft=True)), "--key-folder", keys)
    assert result.exit_code == 1
    assert "draft" in result.stderr


def test_every_missing_and_changed_file_is_named(tmp_path: Path, keys: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "agreement.docx").unlink()
    (folder / "approvals.json").write_bytes(b"{}")
    result = _call("seal", folder, "--key-folder", keys)
    assert result.exit_code == 2
    assert "agreement.docx: The manifest names this file, and it is missing." in result.stderr
    assert "approvals.json: The file was changed" in result.stderr


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (b"{", "not JSON"),
        (b"[]", "no JSON object"),
        (b"{}", "'draft' is a required property"),
        (
            json.dumps(json.loads(package()["manifest.json"]) | {"files": {}}).encode(),
            "doesn't name agreement.pdf",
        ),
    ],
)
def test_a_broken_manifest_is_named_with_a_remedy(
    tmp_path: Path, keys: Path, manifest: bytes, words: str
) -> None:
    folder = _folder(tmp_path, package() | {"manifest.json": manifest})
    result = _call("seal", folder, "--key-folder", keys)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "agreement build" in result.stderr


def test_a_manifest_that_points_outside_its_folder_is_refused(tmp_path: Path, keys: Path) -> None:
    files = package()
    manifest = json.loads(files["manifest.json"])
    manifest["files"]["../../secret"] = {"sha256": "0" * 64, "bytes": 1}
    folder = _folder(tmp_path, files | {"manifest.json": json.dumps(manifest).encode()})
    result = _call("seal", folder, "--key-folder", keys)
    assert result.exit_code == 2
    assert "not a plain file name" in result.stderr


def test_a_folder_without_a_manifest_or_no_folder_at_all_is_a_sentence(
    tmp_path: Path, keys: Path
) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        result = _call("seal", folder, "--key-folder", keys)
        assert result.exit_code == 2
        assert "manifest.json" in result.stderr


def test_terms_that_are_not_those_inside_the_pdf_are_refused(tmp_path: Path, keys: Path) -> None:
    other = json.dumps({"schema_version": "sla-terms/1", "text_sha256": "3" * 64}).encode()
    result = _call(
        "seal", _folder(tmp_path, package({"sla-terms.json": other})), "--key-folder", keys
    )
    assert result.exit_code == 2
    assert "inside the PDF is not the one next to it" in result.stderr


def test_a_document_that_prints_another_fingerprint_than_its_terms_name_is_not_sealed(
    tmp_path: Path, keys: Path
) -> None:
    other = prepare_signature_fields(rendered(printed="3" * 64), ())
    result = _call(
        "seal", _folder(tmp_path, package({"agreement.pdf": other})), "--key-folder", keys
    )
    assert result.exit_code == 2
    assert "another text than the one that the document prints" in result.stderr


def test_the_sealed_file_never_takes_the_place_of_its_source(tmp_path: Path, keys: Path) -> None:
    folder = _folder(tmp_path)
    before = (folder / "agreement.pdf").read_bytes()
    assert (
        _call("seal", folder, "-o", folder / "agreement.pdf", "--key-folder", keys).exit_code == 2
    )
    assert (
        _call("seal", folder, "-o", folder / "agreement.txt", "--key-folder", keys).exit_code == 2
    )
    assert (folder / "agreement.pdf").read_bytes() == before


def test_a_place_that_can_not_be_written_leaves_nothing_half_written(
    tmp_path: Path, keys: Path
) -> None:
    result = _call(
        "seal", _folder(tmp_path), "-o", tmp_path / "missing" / "out.pdf", "--key-folder", keys
    )
    assert result.exit_code == 2
    assert not (tmp_path / "missing").exists()


def test_a_certificate_file_that_is_none_is_refused(tmp_path: Path) -> None:
    strange = tmp_path / "strange.p12"
    strange.write_bytes(b"hello")
    result = _call("seal", _folder(tmp_path), "--certificate", strange)
    assert result.exit_code == 2
    assert "strange.p12: It is not a PKCS#12 file" in result.stderr


def test_verify_says_no_to_an_unsigned_or_changed_file_and_asks_back_for_others(
    tmp_path: Path, keys: Path
) -> None:
    folder = _folder(tmp_path)
    assert _call("seal", folder, "--key-folder", keys).exit_code == 0
    unsigned = _call("verify", folder / "agreement.pdf")
    assert unsigned.exit_code == 1
    assert "carries no signature" in unsigned.stdout
    sealed = folder / "agreement-sealed.pdf"
    changed = bytearray(sealed.read_bytes())
    changed[len(rendered()) // 2] ^= 1
    sealed.write_bytes(changed)
    assert _call("verify", sealed).exit_code == 1
    (folder / "note.txt").write_text("hello")
    for name in ("note.txt", "nowhere.pdf"):
        result = _call("verify", folder / name)
        assert result.exit_code == 2
        assert name in result.stderr


def test_verify_with_roots_refuses_a_signer_that_they_do_not_lead_to(
    tmp_path: Path, keys: Path
) -> None:
    folder, others = _folder(tmp_path), tmp_path / "others"
    _call("seal", folder, "-o", folder / "ours.pdf", "--key-folder", keys)
    _call("seal", folder, "-o", folder / "theirs.pdf", "--key-folder", others)
    (roots,) = others.iterdir()
    for ending in ("pdf", "docx"):
        ours = _call("verify", folder / f"ours.{ending}", "--trust", roots)
        theirs = _call("verify", folder / f"theirs.{ending}", "--trust", roots)
        assert (ours.exit_code, theirs.exit_code) == (1, 0)
        assert "is not trusted by the given roots" in ours.stdout
        assert ours.stdout.endswith("Not valid.\n")
        assert "The signer is trusted." in theirs.stdout
        answer = json.loads(
            _call("verify", folder / f"ours.{ending}", "--trust", roots, "--json").stdout
        )
        assert answer["signatures"][0]["trusted"] is False


def test_verify_says_of_a_docx_that_nothing_proved_who_sealed_it(
    tmp_path: Path, keys: Path
) -> None:
    folder = _folder(tmp_path)
    _call("seal", folder, "-o", folder / "ours.pdf", "--key-folder", keys)
    said = _call("verify", folder / "ours.docx")
    assert "A development certificate: anyone can make one" in said.stdout
    assert said.exit_code == 0


def test_a_damaged_docx_is_a_sentence_and_not_a_traceback(tmp_path: Path, keys: Path) -> None:
    folder = _folder(tmp_path)
    _call("seal", folder, "-o", folder / "ours.pdf", "--key-folder", keys)
    data = bytearray((folder / "ours.docx").read_bytes())
    start = data.index(b"word/document.xml") + 60
    data[start : start + 40] = b"\xff" * 40
    (folder / "ours.docx").write_bytes(data)
    result = _call("verify", folder / "ours.docx")
    assert result.exit_code == 2
    assert "damaged" in result.stderr
