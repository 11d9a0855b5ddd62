"""Each rule over a library fires on a library that is spoilt in its way, and only then."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dealdesk.clauses.lint.library_rules import LIBRARY_RULES, overdue
from dealdesk.clauses.lint.library_samples import LIBRARY_SAMPLES
from dealdesk.clauses.lint.rule import apply
from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.workflows.library_lint import assembled_findings

SOUND = Path(__file__).resolve().parents[1] / "agreements" / "library"
Spoil = Callable[[Path], None]


def swap(name: str, old: str, new: str) -> Spoil:
    """Return a spoiler that replaces words in one file, which have to stand there."""

    def spoil(root: Path) -> None:
        text = (root / name).read_text("utf-8")
        assert old in text, f"{old!r} does not stand in {name}"
        (root / name).write_text(text.replace(old, new), "utf-8")

    return spoil


def test_the_sound_library_has_no_finding() -> None:
    assert apply(LIBRARY_RULES, load_library(SOUND)) == ()


def test_the_shipped_library_has_no_finding() -> None:
    assert apply(LIBRARY_RULES, load_library()) == ()


@pytest.mark.parametrize("rule", [rule.id for rule in LIBRARY_RULES])
def test_a_rule_fires_on_what_it_is_for(rule: str, tmp_path: Path) -> None:
    root = tmp_path / "library"
    shutil.copytree(SOUND, root)
    edit = LIBRARY_SAMPLES[rule]
    swap(edit.file, edit.old, edit.new)(root)
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
