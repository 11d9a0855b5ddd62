"""Each rule over a library fires on a library that is spoilt in its way, and only then."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dealdesk.clauses.lint.library_rules import LIBRARY_RULES, overdue
from dealdesk.clauses.lint.rule import apply
from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.workflows.library_lint import assembled_findings

SOUND = Path(__file__).resolve().parents[1] / "agreements" / "library"
UPTIME = "clauses/uptime/uptime"
Spoil = Callable[[Path], None]


def swap(name: str, old: str, new: str) -> Spoil:
    """Return a spoiler that replaces words in one file, which have to stand there."""

    def spoil(root: Path) -> None:
        text = (root / name).read_text("utf-8")
        assert old in text, f"{old!r} does not stand in {name}"
        (root / name).write_text(text.replace(old, new), "utf-8")

    return spoil


SPOILS: dict[str, Spoil] = {
    "undeclared-variable": swap(
        f"{UPTIME}/standard.md", "{{value: target}} of each", "{{value: speed}} of each"
    ),
    "unknown-name": swap(f"{UPTIME}/clause.yaml", "target <= 99.9", "speed <= 99.9"),
    "unused-variable": swap(
        f"{UPTIME}/clause.yaml",
        "variables:\n",
        "variables:\n  - id: spare\n    type: text\n    default: x\n",
    ),
    "export-unprinted": swap(
        f"{UPTIME}/fallback-1.md", "{{value: claim_within | words}}", "thirty days"
    ),
    "ref-broken": swap(
        f"{UPTIME}/standard.md", "{{ref: liability/cap}}", "{{ref: liability/ceiling}}"
    ),
    "ref-conditional-unsafe": swap(
        f"{UPTIME}/standard.md",
        "{{ref: liability/cap}}",
        "{{ref: no-claim}} and {{ref: liability/cap}}",
    ),
    "ref-optional-unsafe": swap("agreements/sample.yaml", "optional: false", "optional: true"),
    "undefined-term": swap(
        f"{UPTIME}/standard.md",
        "the {{term: service}} available",
        "the {{term: platform}} available",
    ),
    "duplicate-definition": swap(
        "clauses/liability/liability/standard.md",
        "the {{term: fees}} of",
        'the "Fees" {{def: fees}} of',
    ),
    "unused-definition": swap(
        "clauses/fees/fees/standard.md", "for the", 'to the "Bank" {{def: bank}} for the'
    ),
    "circular-definition": swap(
        "clauses/fees/fees/standard.md",
        "of the invoice date.",
        "of the invoice date.\n\n"
        '- "Bank" {{def: bank}} means the {{term: payee}}. {#bank}\n'
        '- "Payee" {{def: payee}} means the {{term: bank}}. {#payee}\n',
    ),
    "excludes-unmet": swap(
        "clauses/fees/fees/clause.yaml", "positions:", "excludes: [uptime]\npositions:"
    ),
    "position-order": swap(f"{UPTIME}/clause.yaml", "rank: standard", "rank: fallback"),
    "approver-missing": swap(f"{UPTIME}/clause.yaml", "- role: engineering", "- role: astrologer"),
    "family-unknown": swap("clauses/fees/fees/clause.yaml", "family: fees", "family: taxes"),
    "requires-unknown": swap(
        "clauses/fees/fees/clause.yaml", "positions:", "requires: [escrow]\npositions:"
    ),
    "sentence-missing": swap(
        "clauses/fees/fees/clause.yaml", '"{{value: order.payment_days}}"', '""'
    ),
    "licence-missing": swap("clauses/fees/fees/clause.yaml", "licence: Apache-2.0", 'licence: ""'),
}


def test_the_sound_library_has_no_finding() -> None:
    assert apply(LIBRARY_RULES, load_library(SOUND)) == ()


def test_the_shipped_library_has_no_finding() -> None:
    assert apply(LIBRARY_RULES, load_library()) == ()


def test_every_rule_has_a_case() -> None:
    assert {rule.id for rule in LIBRARY_RULES} == set(SPOILS)


@pytest.mark.parametrize("rule", sorted(SPOILS))
def test_a_rule_fires_on_what_it_is_for(rule: str, tmp_path: Path) -> None:
    root = tmp_path / "library"
    shutil.copytree(SOUND, root)
    SPOILS[rule](root)
    found = {finding.rule for finding in apply(LIBRARY_RULES, load_library(root))}
    assert rule in found
    # A fault may bring others that follow from it, such as a term that nobody uses any more.
    assert len(found) <= 2


def test_a_position_whose_own_values_break_its_bound_is_told(tmp_path: Path) -> None:
    root = tmp_path / "library"
    shutil.copytree(DEFAULT_LIBRARY, root)
    swap("clauses/renewal/renewal/clause.yaml", "cap >= 7", "cap >= 9")(root)
    found = assembled_findings(load_library(root))
    assert {finding.rule for finding in found} == {"values-out-of-bounds"}


def test_a_review_that_is_overdue_is_told() -> None:
    library = load_library(SOUND)
    assert list(overdue(library, date(2026, 12, 31))) == []
    assert len(list(overdue(library, date(2027, 1, 2)))) == len(library.clauses)
