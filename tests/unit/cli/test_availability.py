"""`dealdesk availability report` as its user meets it: table, JSON, CSV, and sentences."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dealdesk.availability.history_file import validator
from dealdesk.availability.history_json import history_json
from dealdesk.availability.response_sources.registry import responses_json
from dealdesk.availability.responses import ResponseEvent
from dealdesk.cli.main import main
from dealdesk.kernel.hashing import canonical_json
from tests.unit.availability.terms_made import base, impact, known, work

START = "2027-09-01"
PERIOD = ("--period", "2027-09", "--fee", "1000.00 USD")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    terms = base() | {"effective": {"from": START, "until": "2030-08-31"}}
    (tmp_path / "terms.json").write_text(canonical_json(terms))
    history = known(
        impact("2027-09-05T10:00:00Z", "2027-09-05T11:00:00Z"),
        work("2027-09-18T22:00:00Z", "2027-09-19T01:00:00Z", "2027-09-01T00:00:00Z"),
        covered=("2027-09-01T00:00:00Z", "2027-10-01T00:00:00Z"),
    )
    (tmp_path / "history.json").write_text(canonical_json(history_json(history)))
    return tmp_path


def run(folder: Path, *arguments: str) -> Result:
    files = ["--terms", str(folder / "terms.json"), "--history", str(folder / "history.json")]
    return CliRunner().invoke(main, ["availability", "report", *files, *arguments])


def test_the_table_says_verdict_credit_and_deadlines(folder: Path) -> None:
    done = run(folder, *PERIOD)
    assert done.exit_code == 0, done.stderr
    for words in ("missed", "Claim until", "Chronic failure", "impact app"):
        assert words in done.stdout


def test_json_fits_its_schema_and_csv_is_written(folder: Path) -> None:
    sheet = folder / "sheet.csv"
    data = json.loads(run(folder, *PERIOD, "--json", "--csv", str(sheet)).stdout)
    assert list(validator("availability-report-1").iter_errors(data)) == []
    rows = list(csv.DictReader(sheet.read_text().splitlines()))
    assert {row["row"] for row in rows} >= {"contracted", "impact", "maintenance", "down"}
    down = sum(int(row["seconds"]) for row in rows if row["row"] == "down")
    assert str(down) == data["down_seconds"]


def test_responses_are_judged_too(folder: Path) -> None:
    events = [ResponseEvent("T-1", "", "sev1", 1819893600, 1819893600 + 7200)]
    file = folder / "responses.json"
    file.write_text(canonical_json(responses_json(events)))
    done = run(folder, *PERIOD, "--responses", str(file))
    assert done.exit_code == 0, done.stderr
    assert "0 of 1 in time" in done.stdout
    assert "Late" in done.stdout
    data = json.loads(run(folder, *PERIOD, "--responses", str(file), "--json").stdout)
    assert list(validator("availability-report-1").iter_errors(data)) == []
    assert data["responses"]["missed"] == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--period", "2027-Q3"), "is not a calendar month"),
        (("--period", "May"), "“May” is not a period"),
        (("--period", "2027-10"), "not all of 2027-10"),
        (("--period", "2027-08"), "not in force in 2027-08"),
        (("--period", "2027-09", "--fee", "many dollars"), "many dollars"),
        (("--period", "2027-09", "--observed", "2027-09-30"), "has no time zone"),
    ],
)
def test_what_can_not_be_answered_is_said(
    folder: Path, arguments: tuple[str, ...], says: str
) -> None:
    done = run(folder, *arguments)
    assert done.exit_code == 2
    assert says in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("terms.json", "{", "The file is not JSON"),
        ("terms.json", '{"schema": "sla-terms/9"}', "'sla-terms/1' was expected"),
        ("history.json", "[]", "is not of type 'object'"),
        ("history.json", '{"schema": "history/2", "covered": {}, "impacts": []}', "'history/1' was expected"),
    ],
)  # fmt: skip
def test_files_that_are_something_else_are_refused(
    folder: Path, name: str, text: str, says: str
) -> None:
    (folder / name).write_text(text)
    done = run(folder, *PERIOD)
    assert done.exit_code == 2
    assert says in done.stderr
    assert name in done.stderr


def test_a_history_of_a_gigabyte_is_refused(folder: Path) -> None:
    with (folder / "history.json").open("wb") as file:
        file.truncate(1024**3)
    done = run(folder, *PERIOD)
    assert done.exit_code == 2
    assert "larger than 67,108,864 bytes" in done.stderr
