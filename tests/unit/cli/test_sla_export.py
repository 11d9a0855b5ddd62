"""`dealdesk sla export`: files whole or none, the fidelity list printed, wrong calls in sentences."""

import json
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import validate

from dealdesk.cli.sla import sla
from tests.unit.sla.exports import ACME, GOLDEN, TARGETS, contract_data

TERMS = str(GOLDEN / "terms" / f"{ACME}.json")
SCHEMA = json.loads(
    resources.files("dealdesk.sla").joinpath("schemas/sla-export-1.json").read_text("utf-8")
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(sla, ["export", *arguments])


@pytest.mark.parametrize("target", TARGETS)
def test_files_go_to_the_folder_and_the_list_to_the_reader(tmp_path: Path, target: str) -> None:
    done = run(TERMS, "--target", target, "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    golden = {p.name for p in (GOLDEN / target / ACME).iterdir()} - {"fidelity.txt"}
    assert {p.name for p in (tmp_path / "out").iterdir()} == golden
    assert done.output.splitlines()[0].split() == ["Promise", "Kept", "Why"]
    assert "sev1 first response" in done.output


@pytest.mark.parametrize("target", TARGETS)
def test_the_json_answer_fits_its_schema(target: str) -> None:
    answer = json.loads(run(TERMS, "--target", target, "--json").output)
    validate(answer, SCHEMA)
    assert answer["target"] == target


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"schema": "sla-terms/9"}, "'sla-terms/1' was expected."),
        ({"targets": [{"severity": "sev7", "metric": "update", "amount": {"kind": "elapsed", "seconds": 60}, "calendar": "24x7"}]}, "“sev7”, which is no severity here."),
        ({"calendars": "24x7"}, "is not of type 'array'."),
    ],
)  # fmt: skip
def test_terms_that_are_no_terms_write_nothing(
    tmp_path: Path, change: dict[str, object], sentence: str
) -> None:
    path = tmp_path / "terms.json"
    path.write_text(json.dumps(contract_data(ACME) | change), "utf-8")
    done = run(str(path), "--target", "json", "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert sentence in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"[1, 2", b"\xff\xfe{}", b"null", b"[" * 100_000]
)
def test_a_file_that_is_not_what_it_says_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "terms.json"
    path.write_bytes(content)
    done = run(str(path), "--target", "json", "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert done.output.strip()
    assert "Traceback" not in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--target", "fax"], "There is no export for “fax”."),
        (["--target", "json", "--severity-map", "sev1"], "“sev1” in the severity map is no pair."),
        (["--target", "json", "--severity-map", "sev1=a,sev1=b"], "stands twice"),
        (["--target", "json", "--severity-map", "sev1=urgent"], "there is nothing to map"),
    ],
)
def test_a_wrong_call_is_a_sentence(arguments: list[str], sentence: str) -> None:
    done = run(TERMS, *arguments)
    assert done.exit_code == 2
    assert sentence in done.output
