"""`dealdesk library` and `dealdesk text lint`: status, words, and JSON as its schemas say."""

import json
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from dealdesk.clauses.loader import DEFAULT_LIBRARY
from dealdesk.cli.main import main

SCHEMAS = resources.files("dealdesk.clauses").joinpath("schemas")
SHIPPED = str(DEFAULT_LIBRARY)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def answer(found: Result, schema: str) -> Any:
    told = json.loads(found.stdout)
    jsonschema.validate(told, json.loads(SCHEMAS.joinpath(f"{schema}-1.json").read_text("utf-8")))
    return told


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    root = tmp_path / "library"
    shutil.copytree(DEFAULT_LIBRARY, root)
    text = root / "clauses" / "renewal" / "renewal" / "standard.md"
    text.write_text(text.read_text("utf-8") + "\n- Pay TBD. {#added}\n", "utf-8")
    return root


def test_the_shipped_library_is_linted_without_a_finding() -> None:
    found = run("library", "lint", "--json")
    assert found.exit_code == 0
    assert answer(found, "library-lint")["findings"] == []


def test_an_error_is_told_with_file_and_line_and_ends_with_1(changed: Path) -> None:
    found = run("library", "lint", str(changed), "--json")
    assert found.exit_code == 1
    (finding,) = answer(found, "library-lint")["findings"]
    assert finding["rule"] == "leftover-placeholder"
    assert finding["file"].endswith("renewal/standard.md")
    assert finding["line"] > 1
    assert "TBD" in run("library", "lint", str(changed)).stdout


def test_clauses_are_listed() -> None:
    found = run("library", "list", "--json")
    assert "uptime" in {clause["id"] for clause in answer(found, "library-list")["clauses"]}
    assert "uptime" in run("library", "list").stdout


def test_a_clause_is_shown_with_who_decides() -> None:
    told = answer(run("library", "show", "uptime", "--json"), "library-show")
    assert told["positions"][1]["approvers"][0]["role"] == "engineering"
    assert "Decides: Engineering." in run("library", "show", "uptime").stdout


def test_two_libraries_are_compared_in_words(changed: Path) -> None:
    assert run("library", "diff", SHIPPED, SHIPPED).stdout == "They say the same.\n"
    found = run("library", "diff", SHIPPED, str(changed), "--json")
    assert found.exit_code == 1
    assert [one["message"] for one in answer(found, "library-diff")["differences"]] == [
        "it changed, but is still called version 1.1.0.",
        "standard: “Pay TBD.” came in.",
    ]


def test_two_versions_are_compared_in_substance(tmp_path: Path) -> None:
    root = tmp_path / "library"
    shutil.copytree(DEFAULT_LIBRARY, root)
    file = root / "clauses" / "uptime" / "uptime" / "clause.yaml"
    text = file.read_text("utf-8")
    for old, new in (
        ('default: "99.9"', 'default: "99.8"'),
        ('target <= 99.9"', 'target <= 99.7"'),
        ("requires: [severity]", "requires: [severity, liability]"),
        ("rank: walk_away", "rank: nonstandard"),
        ('minimum: "95"', 'minimum: "90"'),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, "utf-8")
    found = run("library", "diff", SHIPPED, str(root), "--json")
    messages = {one["message"] for one in answer(found, "library-diff")["differences"]}
    assert messages >= {
        "it now requires liability.",
        "the variable “target” changed: its least 95 became 90.",
        "standard: target: 99.9% became 99.8%.",
        "standard: Bound “target <= 99.9” became “target <= 99.7”.",
        "walk-away: walk-away became nonstandard.",
    }


def test_two_positions_are_compared_in_values_deciders_and_words() -> None:
    found = run("library", "diff", "uptime:standard", "uptime:fallback-1", "--json")
    messages = [one["message"] for one in answer(found, "library-diff")["differences"]]
    assert found.exit_code == 1
    assert "target: 99.9% became 99.95%." in messages
    assert "credits.tier1: 99.9% | 5% became 99.95% | 5%." in messages
    assert "Engineering now decides." in messages
    same = run("library", "diff", "uptime:standard", "uptime:standard")
    assert (same.exit_code, same.stdout) == (0, "They say the same.\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "astrology"), "no clause “astrology”"),
        (("diff", "uptime:standard", "elsewhere"), "“elsewhere” is no folder and no CLAUSE:"),
        (("diff", "uptime:standard", "uptime:gold"), "no position “gold”. It has: standard,"),
        (("diff", "uptime:standard", "astrology:gold"), "no clause “astrology”"),
    ],
)
def test_what_is_not_there_is_told_in_a_sentence(arguments: tuple[str, ...], words: str) -> None:
    found = run("library", *arguments)
    assert found.exit_code == 2
    assert words in found.stderr


def test_text_of_any_origin_is_linted(tmp_path: Path) -> None:
    paper = tmp_path / "theirs.txt"
    paper.write_text("1. Payment\n1.1 When. Invoices are due in thirty (60) days.\n", "utf-8")
    found = run("text", "lint", str(paper), "--json")
    assert found.exit_code == 1
    (finding,) = answer(found, "text-lint")["findings"]
    assert (finding["rule"], finding["line"], finding["path"]) == (
        "words-figures",
        2,
        "section 1.1",
    )
    paper.write_text("1. Payment\n1.1 When. Invoices are due in sixty (60) days.\n", "utf-8")
    assert run("text", "lint", str(paper)).exit_code == 0
