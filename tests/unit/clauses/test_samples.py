"""Every position of every clause prints what its samples say."""

from dataclasses import replace

import pytest

from dealdesk.clauses.loader import DEFAULT_LIBRARY
from dealdesk.clauses.samples import Sample, load_samples, missing_lines
from dealdesk.kernel.errors import DomainError
from dealdesk.workflows.sample_passages import home_of, sample_passage
from tests.enterprise import shipped_library

LIBRARY = shipped_library()
SAMPLES = [(c.id, s) for c in LIBRARY.clauses.values() for s in load_samples(DEFAULT_LIBRARY, c)]


def printed(clause: str, sample: Sample) -> list[str]:
    """Return the lines of a clause's passage, their numbers taken off."""
    return [line.text for line in sample_passage(LIBRARY, clause, sample.position, sample.values)]


def test_every_position_has_a_sample() -> None:
    have = {(clause, sample.position) for clause, sample in SAMPLES}
    want = {(c.id, p.id) for c in LIBRARY.clauses.values() for p in c.positions}
    assert want - have == set()


@pytest.mark.parametrize(
    ("clause", "sample"), SAMPLES, ids=lambda item: getattr(item, "position", item)
)
def test_a_position_prints_what_its_sample_says(clause: str, sample: Sample) -> None:
    assert missing_lines(sample, printed(clause, sample)) == ()


def test_a_missing_line_is_told() -> None:
    clause, sample = SAMPLES[0]
    wrong = replace(sample, expect=("This line stands nowhere.",))
    assert missing_lines(wrong, printed(clause, sample)) == ("This line stands nowhere.",)


def test_a_clause_that_no_agreement_has_is_told() -> None:
    with pytest.raises(DomainError, match="No agreement has the clause “astrology”"):
        home_of("astrology", LIBRARY)
