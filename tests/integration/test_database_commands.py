"""`dealdesk db`, `dealdesk seed` and `dealdesk serve` as they are called."""

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dealdesk.cli import db
from dealdesk.cli.main import main
from dealdesk.workflows.seeding import DEMO_DEALS
from dealdesk.workflows.summaries import refresh_summaries


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DEALDESK_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("DEALDESK_DEMO", "yes")

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


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://127.0.0.1:1/nothing", "The database can't be used now: connection failed"),
        ("postgresql://user:pass-word@host:port/name", "DATABASE_URL is not a URL"),
        ("sqlite:////", "The database can't be used now"),
        (f"sqlite:///{__file__}", "file is not a database"),
    ],
)
@pytest.mark.parametrize("words", ["db upgrade", "db current", "seed", "serve"])
def test_a_database_that_cannot_be_used_is_a_sentence(
    run, monkeypatch: pytest.MonkeyPatch, url: str, sentence: str, words: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    answer = run(*words.split())
    assert answer.exit_code == 2
    assert sentence in answer.output
    assert "pass-word" not in answer.output
    assert isinstance(answer.exception, SystemExit)


def test_a_database_of_a_newer_program_is_left_alone(run, tmp_path: Path) -> None:
    run("db", "upgrade")
    database = sqlite3.connect(tmp_path / "var" / "dealdesk.db")
    with database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    for words in ("db upgrade", "seed", "serve"):
        answer = run(*words.split())
        assert answer.exit_code == 2
        assert "is at 9999, which this program doesn't know" in answer.output


def test_outside_demo_mode_no_company_is_made_up(run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("db", "upgrade")
    monkeypatch.setenv("DEALDESK_DEMO", "no")
    answer = run("seed")
    assert answer.exit_code == 1
    assert "A fictional company is for demo mode alone." in answer.output
    named = run("seed", *map(str, sorted(DEMO_DEALS.glob("*.yaml"))))
    assert named.output.count("added") == 5


def test_lists_are_brought_up_to_date_some_deals_at_a_time(
    run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("db", "upgrade")
    run("seed", *map(str, sorted(DEMO_DEALS.glob("*.yaml"))))
    database = sqlite3.connect(tmp_path / "var" / "dealdesk.db")
    with database:
        database.execute("UPDATE deal_summary SET judged_by = 'older'")
    monkeypatch.setattr(db, "_AT_ONCE", 2)
    sizes: list[int] = []

    def refresh(session, rules, numbers, *, now) -> int:
        sizes.append(len(numbers))
        return refresh_summaries(session, rules, numbers, now=now)

    monkeypatch.setattr(db, "refresh_summaries", refresh)
    assert "brought up to date for 5 deals" in run("db", "upgrade").output
    assert sizes == [2, 2, 1]
    assert "brought up to date" not in run("db", "upgrade").output


def test_a_wrong_deal_file_is_named_and_nothing_is_loaded(run, tmp_path: Path) -> None:
    run("db", "upgrade")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("schema: deal/1\nnumber: X\n", "utf-8")
    answer = run("seed", str(wrong))
    assert answer.exit_code == 2
    assert "wrong.yaml" in answer.output
    assert run("seed").output.count("added") == 5
