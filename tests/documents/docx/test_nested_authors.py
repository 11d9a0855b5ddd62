"""Marks of several authors inside each other: whose they are, and every order of settling them."""

import random

import pytest

from dealdesk.documents.docx.change_reading import read_changes
from dealdesk.documents.docx.compare import redline_docx
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.proof import said
from dealdesk.documents.docx.reader import View, docx_canonical_text
from dealdesk.documents.docx.redline import write_tracked_replacements
from dealdesk.documents.docx.settle import settle, settle_all
from tests.documents.docx.sample import AT, COUNSEL, sample_docx

US, THIRD = "Example Cloud Inc.", "Sam Sample (procurement)"
STEPS = (
    (COUNSEL, "Fees of the year", "net Fees that were paid in the year"),
    (US, "net Fees that were paid", "gross Fees that were invoiced and paid"),
    (THIRD, "that were invoiced and", "which were"),
)


def nested():
    data = sample_docx()
    for author, old, new in STEPS:
        data = write_tracked_replacements(data, [("liability/cap", old, new)], author, AT)
    return data


def lines(data, view=View.FINAL):
    return docx_canonical_text(data, view)


def test_three_authors_keep_their_names_and_both_texts():
    data = nested()
    assert {c.author for c in read_changes(open_docx(data))} == {COUNSEL, US, THIRD}
    assert lines(data, View.BASE) == lines(sample_docx())
    assert "limited to the gross Fees which were paid in the year" in lines(data)
    assert lines(settle_all(data, accept=True)) == lines(data)
    assert lines(settle_all(data, accept=False)) == lines(sample_docx())


def test_each_rounds_changes_can_be_rejected_alone():
    data = nested()
    theirs = [c.id for c in read_changes(open_docx(data)) if c.author == THIRD]
    back = settle(data, [], theirs)
    assert "gross Fees that were invoiced and paid in the year" in lines(back)
    ours = [c.id for c in read_changes(open_docx(back)) if c.author == US]
    assert "net Fees that were paid in the year" in lines(settle(back, [], ours))


@pytest.mark.parametrize("seed", range(12))
def test_any_order_of_any_verdicts_leaves_no_mark_and_no_broken_file(seed):
    rng = random.Random(seed)
    data = nested()
    changes = read_changes(open_docx(data))
    verdicts = {change.id: rng.random() < 0.5 for change in changes}
    by_mark = {mark: verdicts[change.id] for change in changes for mark in change.elements}
    accepted = [i for i, verdict in verdicts.items() if verdict]
    at_once = settle(data, accepted, [i for i in verdicts if i not in accepted])
    while left := read_changes(open_docx(data)):
        one = rng.choice(left)  # a change may have lost marks to another's rejection
        verdict = by_mark[one.elements[0]]
        data = settle(data, [one.id] if verdict else [], [] if verdict else [one.id])
    assert said(open_docx(data).body) == said(open_docx(at_once).body)
    assert read_changes(open_docx(at_once)) == []


def test_rounds_by_comparison_keep_the_marks_of_those_before():
    data = sample_docx()
    for author, old, new in STEPS:
        target = write_tracked_replacements(
            settle_all(data, accept=True), [("liability/cap", old, new)], author, AT
        )
        data = redline_docx(data, settle_all(target, accept=True), author, AT)
        assert lines(settle_all(data, accept=False)) == lines(sample_docx())
    assert {c.author for c in read_changes(open_docx(data))} == {COUNSEL, US, THIRD}
    assert "limited to the gross Fees which were paid in the year" in lines(data)
