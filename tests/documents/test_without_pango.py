"""A machine without Pango: everything but PDF is made, and what PDF lacks is named."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from dealdesk.cli.main import main

DEAL = Path(__file__).resolve().parents[2] / "demo" / "deals" / "placeholder-robotics.yaml"


@pytest.fixture(autouse=True)
def without_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        sys.stdout.write("\n-----\nWeasyPrint could not import some external libraries.")
        raise OSError(f"cannot load library for {name}")

    monkeypatch.setattr("dealdesk.documents.pdf.renderer.import_module", refuse)


def test_all_but_the_pdf_is_built_and_the_packages_are_named(tmp_path: Path) -> None:
    answer = CliRunner().invoke(main, ["agreement", "build", str(DEAL), "--out", str(tmp_path)])
    assert answer.exit_code == 1
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0" in answer.stderr
    assert "-----" not in answer.stdout
    made = {path.name for path in tmp_path.iterdir()}
    assert {"agreement.txt", "agreement.html", "agreement.docx", "sla-terms.json"} <= made
    assert "agreement.pdf" not in made
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert "agreement.pdf" not in json.dumps(manifest)


def test_sealing_what_has_no_pdf_is_refused_in_a_sentence(tmp_path: Path) -> None:
    CliRunner().invoke(main, ["agreement", "build", str(DEAL), "--out", str(tmp_path)])
    answer = CliRunner().invoke(main, ["seal", str(tmp_path)])
    assert answer.exit_code == 2
    assert "agreement.pdf" in answer.stderr


def test_the_demo_names_the_packages_and_stops(tmp_path: Path) -> None:
    answer = CliRunner().invoke(main, ["demo", "--no-serve", "--out", str(tmp_path / "demo")])
    assert answer.exit_code == 2
    assert "apt-get install libpango-1.0-0" in answer.stderr
