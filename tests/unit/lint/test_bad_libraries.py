"""Each fault in a library's files has its sentence, at file and line, and all are told at once."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dealdesk.clauses.lint.library_choices import bound_together
from dealdesk.clauses.loader import load_library
from dealdesk.cli.library import library_findings
from tests.unit.lint.test_library_rules import SOUND, Spoil, swap

UPTIME, FEES = "clauses/uptime/uptime", "clauses/fees/fees"


def told(tmp_path: Path, *spoils: Spoil) -> list[str]:
    root = tmp_path / "library"
    shutil.copytree(SOUND, root)
    for spoil in spoils:
        spoil(root)
    return [
        str(finding.problem)
        for finding in library_findings(root)
        # The small library states no whole SLA, and its translation is not the matter here.
        if finding.rule not in {"terms-schema", "translation-stale"}
    ]


def copied(old: str, new: str) -> Spoil:
    def spoil(root: Path) -> None:
        source = root / old
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, root / new)

    return spoil


def rewritten(name: str, change: Callable[[bytes], bytes]) -> Spoil:
    def spoil(root: Path) -> None:
        (root / name).write_bytes(change((root / name).read_bytes()))

    return spoil


def test_the_sound_library_has_no_fault(tmp_path: Path) -> None:
    assert told(tmp_path) == []


ONE = {
    "a position twice": (
        swap(f"{UPTIME}/clause.yaml", "- id: fallback-1", "- id: standard"),
        f"{UPTIME}/clause.yaml:59, positions[1].id: “standard” stands twice.",
    ),
    "a block twice": (
        swap(f"{UPTIME}/standard.md", "{#overlap}", "{#credits}"),
        f"{UPTIME}/standard.md:16: “credits” stands in line 6 too.",
    ),
    "a role twice": (
        swap("families.yaml", "- id: general_counsel", "- id: engineering"),
        "families.yaml:6, roles[2].id: “engineering” stands twice.",
    ),
    "an agreement twice": (
        copied("agreements/sample.yaml", "agreements/z.yaml"),
        "agreements/z.yaml:1, id: The id sample is taken by agreements/sample.yaml.",
    ),
    "a clause twice": (
        copied("clauses/fees", "clauses/other"),
        "clauses/other/fees/clause.yaml:1, id: The id fees is taken by",
    ),
    "a slot twice": (
        swap("agreements/sample.yaml", "      - fees\n", "      - fees\n      - fees\n"),
        "agreements/sample.yaml:6, parts: fees stands twice in sample.",
    ),
    "a section twice": (
        swap("agreements/sample.yaml", "- id: terms", "- id: order"),
        "agreements/sample.yaml:15, parts[2].id: “order” stands twice.",
    ),
    "an unknown unit": (
        swap(f"{UPTIME}/clause.yaml", "[days, business_days]", "[days, fortnights]"),
        f"{UPTIME}/clause.yaml:21, variables[1].units: “fortnights” is not known here.",
    ),
    "an unknown unit of a value": (
        swap(f"{UPTIME}/clause.yaml", "default: 30 days", "default: 30 fortnights"),
        f"{UPTIME}/clause.yaml:23, variables[1].default: default: “30 fortnights” is not a length",
    ),
    "an unknown kind": (
        swap(f"{UPTIME}/clause.yaml", "type: duration", "type: durations"),
        f"{UPTIME}/clause.yaml:20, variables[1].type: “durations” is not known here. Use one of",
    ),
    "nobody who approves": (
        swap(
            f"{UPTIME}/clause.yaml",
            "    approvers:\n      - role: engineering\n        reason: A higher uptime needs engineering.\n",
            "",
        ),
        f"{UPTIME}/clause.yaml:59: Nobody approves fallback-1 of uptime.",
    ),
    "a condition that can't be read": (
        swap(f"{UPTIME}/clause.yaml", "target <= 99.9", "target =< 99.9"),
        f"{UPTIME}/clause.yaml:57, positions[0].bounds[0].when: The condition “target =< 99.9”",
    ),
    "a requirement of itself": (
        swap(f"{FEES}/clause.yaml", "positions:", "requires: [fees]\npositions:"),
        f"{FEES}/clause.yaml:11: fees requires itself.",
    ),
    "another encoding": (
        rewritten(f"{FEES}/standard.md", lambda b: b.replace(b"Customer", b"B\xfccher")),
        f"{FEES}/standard.md: The file is not UTF-8 text (byte 17). Save it as UTF-8",
    ),
    "two bytes a letter": (
        rewritten(f"{FEES}/clause.yaml", lambda b: b.decode().encode("utf-16")),
        f"{FEES}/clause.yaml: The file is not UTF-8 text (byte 0).",
    ),
    "a control character in a passage": (
        swap(f"{FEES}/standard.md", "Customer", "Cust\x07omer"),
        f"{FEES}/standard.md:3: The text holds characters that can't be seen: U+0007.",
    ),
    "words that run backwards": (
        swap(f"{FEES}/standard.md", "Customer", "\u202eCustomer"),
        f"{FEES}/standard.md:3: The text holds characters that can't be seen: U+202E.",
    ),
    "a control character in a key's words": (
        swap(f"{FEES}/clause.yaml", "Terms of", "Terms \x07of"),
        f"{FEES}/clause.yaml:15: The file holds a character that can't be seen (U+0007).",
    ),
    "words of an explanation that run backwards": (
        swap(f"{FEES}/clause.yaml", "Terms of", "Terms \u202eof"),
        f"{FEES}/clause.yaml:15: The line holds characters that can't be seen: U+202E.",
    ),
    "pasted HTML in a passage": (
        swap(f"{FEES}/standard.md", "Customer", "<p>Customer</p>"),
        f"{FEES}/standard.md:3: “<p>” is left over from a web page.",
    ),
    "pasted HTML in an explanation": (
        swap(f"{FEES}/clause.yaml", "Terms of", "Terms&nbsp;of"),
        f"{FEES}/clause.yaml:15: “&nbsp;” is left over from a web page.",
    ),
    "an empty file": (
        rewritten(f"{FEES}/clause.yaml", lambda _: b""),
        f"{FEES}/clause.yaml:1: The file has to start with keys.",
    ),
    "a day that does not exist": (
        swap(f"{FEES}/clause.yaml", "2027-01-01", "2027-02-30"),
        f"{FEES}/clause.yaml:8, review_due: review_due: 2027-02-30 does not exist.",
    ),
}


@pytest.mark.parametrize("name", ONE)
def test_a_fault_has_its_sentence_and_brings_no_others(name: str, tmp_path: Path) -> None:
    spoil, sentence = ONE[name]
    found = told(tmp_path, spoil)
    assert any(one.startswith(sentence) or sentence in one for one in found), found
    assert len(found) == 1


def test_a_condition_that_never_holds_is_told(tmp_path: Path) -> None:
    spoil = swap(f"{UPTIME}/clause.yaml", "target <= 99.9", "target <= 99.9 and target > 99.95")
    assert "has the bound “target <= 99.9 and target > 99.95” that no value meets" in " ".join(
        told(tmp_path, spoil)
    )


def test_faults_of_several_files_are_told_at_once(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        swap(f"{FEES}/clause.yaml", "version: 1.0.0", "version: 1.0.0\nverison: 2"),
        swap(f"{FEES}/clause.yaml", "status: approved", "status: aproved"),
        swap(f"{FEES}/clause.yaml", "review_due: 2027-01-01", "review_due: soon"),
        swap(f"{UPTIME}/clause.yaml", 'default: "99.9"', 'default: "199.9"'),
        swap(f"{UPTIME}/standard.md", "{{ref: liability/cap}}", "{{reff: liability/cap}}"),
    )
    assert [one.split(": ", 1)[0] for one in found] == [
        f"{FEES}/clause.yaml:6, status",
        f"{FEES}/clause.yaml:9, review_due",
        f"{FEES}/clause.yaml:5, verison",
        f"{UPTIME}/clause.yaml:17, variables[0].default",
        f"{UPTIME}/standard.md:8",
    ]
    assert "Did you mean “version”?" in found[2]


def test_a_byte_order_mark_and_the_line_ends_of_windows_change_nothing(tmp_path: Path) -> None:
    root = tmp_path / "library"
    shutil.copytree(SOUND, root)
    for path in root.rglob("*.*"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_library(root).sha256 == load_library(SOUND).sha256


def test_clauses_that_require_each_other_are_told_as_a_group(tmp_path: Path) -> None:
    root = tmp_path / "library"
    shutil.copytree(SOUND, root)
    for clause, other in (("fees", "uptime"), ("uptime", "liability"), ("liability", "fees")):
        swap(
            f"clauses/{clause}/{clause}/clause.yaml",
            "positions:",
            f"requires: [{other}]\npositions:",
        )(root)
    assert bound_together(load_library(root)) == (("fees", "liability", "uptime"),)
    assert bound_together(load_library(SOUND)) == ()
