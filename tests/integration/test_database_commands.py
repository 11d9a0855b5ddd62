"""`dealdesk db`, `dealdesk seed` and `dealdesk serve` as they are called."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dealdesk.cli.main import main


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DEALDESK_VAR", str(tmp_path / "var"))

    def call(*words: str) -> Result:
        return CliRunner().invoke(main, words)

    return call


def test_a_database_is_made_filled_and_left_as_it_was(run) -> None:
    before = run("db", "current")
    assert (before.exit_code, "no revision" in before.output) == (1, True)
    assert run("db", "upgrade").exit_code == 0
    assert run("db", "upgrade").output.endswith("as it was.\n")
    assert run("db", "current").exit_code == 0
    assert run("seed").output.count("added") == 5
    assert run("seed").output.count("as it was") == 5


@pytest.mark.parametrize("command", ["seed", "serve"])
def test_a_database_that_is_behind_is_a_sentence(run, command: str) -> None:
    answer = run(command)
    assert answer.exit_code == 2
    assert "Run: dealdesk db upgrade." in answer.output
    assert "Traceback" not in answer.output


def test_a_wrong_setting_is_a_sentence(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEALDESK_SECRET_KEY", "short")
    answer = run("db", "upgrade")
    assert answer.exit_code == 2
    assert "DEALDESK_SECRET_KEY has fewer than 32 characters." in answer.output


def test_a_wrong_deal_file_is_named_and_nothing_is_loaded(run, tmp_path: Path) -> None:
    run("db", "upgrade")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("schema: deal/1\nnumber: X\n", "utf-8")
    answer = run("seed", str(wrong))
    assert answer.exit_code == 2
    assert "wrong.yaml" in answer.output
    assert run("seed").output.count("added") == 5
