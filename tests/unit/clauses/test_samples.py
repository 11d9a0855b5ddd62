"""Every position of every clause prints what its samples say."""

from dataclasses import replace

import pytest

from dealdesk.agreements.assembly import make_version, passages_of
from dealdesk.agreements.choosing import Ask, choose
from dealdesk.clauses.loader import DEFAULT_LIBRARY
from dealdesk.clauses.samples import Sample, load_samples, missing_lines
from dealdesk.documents.numbering import number_document
from dealdesk.documents.text import block_lines
from dealdesk.documents.tree import walk_blocks
from dealdesk.workflows.sample_inputs import sample_inputs
from tests.enterprise import shipped_library

LIBRARY = shipped_library()
AGREEMENT = LIBRARY.agreements["enterprise"]
SAMPLES = [(c.id, s) for c in LIBRARY.clauses.values() for s in load_samples(DEFAULT_LIBRARY, c)]


def printed(clause: str, sample: Sample) -> list[str]:
    """Return the lines of a clause's passage, their numbers taken off."""
    asks = {"escrow": Ask("escrow"), "emergency-support": Ask("emergency-support")}
    asks[clause] = Ask(clause, sample.position, sample.values)
    choices = choose(AGREEMENT, LIBRARY, asks)
    tree = make_version(replace(sample_inputs(AGREEMENT, LIBRARY), choices=choices), LIBRARY).tree
    numbering = number_document(tree)
    lines = []
    for block in walk_blocks(passages_of(tree)[clause]):
        number = numbering.numbers.get(block.id)
        prefix = f"{number.own} " if number else ""
        lines += [line.removeprefix(prefix) for line in block_lines(block, tree, numbering)]
    return lines


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
