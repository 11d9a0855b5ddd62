"""Rows hold each pair of options, or say what bars it; conflicts shrink to their culprits."""

import shutil
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealdesk.clauses.lint.paper_lint import lint_paper
from dealdesk.clauses.lint.paper_reading import read_paper
from dealdesk.clauses.lint.rule import Level
from dealdesk.clauses.lint.text_rules import TEXT_RULES
from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.cli.library_coverage import policy_of
from dealdesk.documents.text import canonical_text
from dealdesk.workflows.combinations import OUT, Choices, Row, cover_pairs
from dealdesk.workflows.library_coverage import agreement_coverage, coverage
from dealdesk.workflows.trials import Bench
from tests.enterprise import shipped_library
from tests.unit.lint.test_library_rules import SOUND, swap

OPTIONS = st.lists(st.integers(1, 4), min_size=2, max_size=7).map(
    lambda sizes: {f"c{i}": tuple(f"p{n}" for n in range(size)) for i, size in enumerate(sizes)}
)


def pairs_of(rows: tuple[Row, ...]) -> set[tuple[tuple[str, str], ...]]:
    return {pair for row in rows for pair in combinations(row.items(), 2)}


@given(OPTIONS)
def test_each_pair_stands_in_some_row(options: dict[str, tuple[str, ...]]) -> None:
    rows, barred = cover_pairs(options, lambda _: "")
    wanted = {
        ((a, x), (b, y))
        for a, b in combinations(options, 2)
        for x in options[a]
        for y in options[b]
    }
    assert pairs_of(rows) == wanted
    assert barred == ()
    assert all(list(row) == list(options) for row in rows)


@given(OPTIONS)
def test_a_barred_pair_is_told_and_stands_in_no_row(options: dict[str, tuple[str, ...]]) -> None:
    free = {name: (*picks, "free") for name, picks in options.items()}
    first, second = list(free)[:2]

    def conflict(row: Row) -> str:
        both = row.get(first) == "p0" and row.get(second) == "p0"
        return "they exclude each other" if both else ""

    rows, barred = cover_pairs(free, conflict)
    assert [(one.first, one.second) for one in barred] == [((first, "p0"), (second, "p0"))]
    assert ((first, "p0"), (second, "p0")) not in pairs_of(rows)


def test_rows_of_each_hold_each_position() -> None:
    library = shipped_library()
    choices = Choices(library.agreements["enterprise"], library, walk_aways=True)
    stood = {pick for row in choices.rows_of_each() for pick in row.items()}
    assert stood >= {(name, o) for name, options in choices.options.items() for o in options}


@pytest.mark.slow
def test_every_pair_of_the_shipped_positions_assembles_or_is_told() -> None:
    found = coverage(shipped_library(), policy_of(DEFAULT_LIBRARY))
    assert found.is_sound
    assert found.unplaced == ()


@pytest.mark.parametrize("agreement", shipped_library().agreements)
def test_a_sample_of_pairs_assembles_and_lints_clean(agreement: str) -> None:
    library = shipped_library()
    bench = Bench(library.agreements[agreement], library, policy_of(DEFAULT_LIBRARY))
    rows, _ = Choices(bench.agreement, library).rows_of_pairs()
    for row in rows[:4]:
        assert [fault for fault in bench.faults(row) if fault.level is Level.ERROR] == []


@pytest.mark.parametrize("agreement", shipped_library().agreements)
def test_our_own_texts_show_no_error_when_they_are_read_as_anybody_elses(agreement: str) -> None:
    library = shipped_library()
    bench = Bench(library.agreements[agreement], library, None)
    for row in Choices(bench.agreement, library, walk_aways=True).rows_of_each():
        text = canonical_text(bench.version(row).tree)
        found = lint_paper(TEXT_RULES, read_paper(text, "agreement.txt"))
        assert [str(f.problem) for f in found if f.level is Level.ERROR] == []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    shutil.copytree(SOUND, folder)
    return folder


def test_a_clause_that_is_excluded_by_what_always_stands_can_not_be_had(root: Path) -> None:
    swap("clauses/fees/fees/clause.yaml", "positions:", "excludes: [uptime]\npositions:")(root)
    library = load_library(root)
    found = agreement_coverage(library.agreements["sample"], library)
    assert not found.is_sound
    reasons = {reason for _, reason in found.unreachable}
    assert reasons == {"fees excludes uptime"}


def test_an_optional_clause_may_stay_out_unless_another_requires_it(root: Path) -> None:
    swap("agreements/sample.yaml", "optional: false", "optional: true")(root)
    swap("clauses/uptime/uptime/clause.yaml", "positions:", "requires: [liability]\npositions:")(
        root
    )
    library = load_library(root)
    choices = Choices(library.agreements["sample"], library)
    assert choices.conflict({"liability": OUT, "uptime": "standard"}) == "uptime requires liability"
    assert choices.conflict({"liability": OUT}) == ""
