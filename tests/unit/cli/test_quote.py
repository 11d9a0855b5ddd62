"""`dealdesk quote` on the test deals: status, table, JSON, and sentences for bad input."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from dealdesk.cli.main import main
from dealdesk.workflows.quote_json import quote_schema

TESTS = Path(__file__).parents[2]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["quote", *arguments, "--library", str(TESTS / "library")])


def quote(name: str, *options: str) -> Result:
    return run(str(TESTS / "deals" / f"{name}.yaml"), *options)


@pytest.mark.parametrize("name", [f"T{number}" for number in range(1, 11)])
def test_only_a_blocked_deal_ends_with_1(name: str) -> None:
    found = quote(name)
    assert found.exit_code == (1 if name == "T8" else 0)
    assert found.stderr == ""


def test_the_table_names_each_figure_and_each_reason() -> None:
    words = quote("T3").stdout
    for expected in (
        "TCV               USD 465,390.00",
        "ARR at exit       USD 194,400.00",
        "1 Jul 2027  31 Jul 2027  1 Jul 2027 to 30 Jun 2028  129,240.00",
        "The highest line discount is 28 %, above 20. Open.",
    ):
        assert expected in words


def test_a_blocked_deal_says_how_to_go_on() -> None:
    words = quote("T8").stdout
    assert "✗ mfn: Best price: a walk-away position, which we do not offer." in words
    assert "have General counsel and CFO record an exception" in words


def test_json_states_its_schema_and_every_figure() -> None:
    answer = json.loads(quote("T5", "--json").stdout)
    assert answer["schema_version"] == "quote/1"
    assert answer["books"][0]["tcv"] == "75583.63"
    assert answer["books"][0]["discount_blended_exact"].count("/") <= 1
    assert {one["role"] for one in answer["approvals"]["required"]} == {
        "cro",
        "finance",
        "commercial_counsel",
        "ciso",
        "general_counsel",
    }
    assert answer["is_blocked"] is False


@pytest.mark.parametrize("name", [f"T{number}" for number in range(1, 11)])
def test_json_keeps_to_its_published_schema(name: str) -> None:
    schema: Any = quote_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    answer = json.loads(quote(name, "--json").stdout)
    assert [error.message for error in validator.iter_errors(answer)] == []


def test_what_is_wrong_is_told_at_once_with_lines_and_nothing_is_printed(tmp_path: Path) -> None:
    text = (TESTS / "deals" / "T1.yaml").read_text("utf-8")
    bad = tmp_path / "bad.yaml"
    bad.write_text(text.replace("2027-01-01", "2027-02-30").replace("per: year", "per: yeer"))
    found = run(str(bad))
    assert found.exit_code == 2
    assert found.stdout == ""
    lines = found.stderr.splitlines()
    assert len(lines) == 2
    assert all(f"{bad}:" in line for line in lines)


@pytest.mark.parametrize(
    ("clauses", "words"),
    [
        ("  escroww: {}\n", "The agreement has no clause “escroww”"),
        ("  uptime:\n    position: fallback-9\n", "uptime has no position “fallback-9”"),
        ("  uptime:\n    values:\n      target: 120\n", "above the highest value allowed"),
    ],
)
def test_choices_that_the_library_lacks_end_with_2(
    clauses: str, words: str, tmp_path: Path
) -> None:
    deal = tmp_path / "deal.yaml"
    text = (TESTS / "deals" / "T1.yaml").read_text("utf-8")
    deal.write_text(f"{text}clauses:\n{clauses}")
    found = run(str(deal))
    assert found.exit_code == 2
    assert words in found.stderr
    assert f"{deal}:" in found.stderr


def test_a_missing_file_is_a_sentence() -> None:
    found = run("no-such-deal.yaml")
    assert found.exit_code == 2
    assert found.stderr.strip() == "no-such-deal.yaml: No such file or directory."
