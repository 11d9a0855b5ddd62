"""Counsel's tracked changes: written into our file, read back with their places."""

import pytest

from dealdesk.documents.docx.change_reading import read_changes
from dealdesk.documents.docx.changes import Kind
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.redline import RedlineError, write_tracked_replacements
from dealdesk.documents.docx.resolver import accept_all, reject_all
from dealdesk.documents.docx.stream import paragraphs
from dealdesk.documents.tree import walk
from tests.documents.docx.sample import AT, COUNSEL, CREDIT, TARGET, sample_docx, sample_tree


def marked(*replacements):
    return write_tracked_replacements(sample_docx(), replacements, COUNSEL, AT)


def words(data, settle):
    root = open_docx(data).body
    settle(root)
    return [p.text(final=True) for p in paragraphs(root)]


def test_a_replaced_value_comes_back_as_a_change_inside_that_value():
    (change,) = read_changes(open_docx(marked((CREDIT, "5%", "15%"))))
    assert (change.kind, change.old, change.new) == (Kind.REPLACEMENT, "5%", "15%")
    assert (change.author, change.date) == (COUNSEL, "2026-11-24T09:00:00Z")
    assert change.at == AT
    assert change.place.value == CREDIT
    assert (change.place.block_id, change.place.run) == ("uptime/credit-table", 1)


def test_a_replaced_phrase_is_placed_by_block_run_and_span():
    (change,) = read_changes(open_docx(marked(("liability/cap", "Fees of the year", "Fees"))))
    assert change.place.block_id == "liability/cap"
    block = next(b for b in walk(sample_tree()) if b.id == "liability/cap")
    assert block.body[0].text[change.place.start : change.place.end] == "Fees of the year"
    assert change.place.value is None
    assert change.place.heading.endswith("Liability › Cap")


def test_accepting_gives_the_new_words_and_rejecting_the_old_ones():
    data = marked((TARGET, "99.9", "99.95"), ("uptime/overlap-whole", "; or", ", or"))
    before = words(sample_docx(), reject_all)
    assert words(data, reject_all) == before
    after = words(data, accept_all)
    assert [a for a, b in zip(after, before, strict=True) if a != b] == [
        "99.95%",
        "one lies in the other, or",
    ]


def test_words_that_do_not_stand_there_are_refused():
    with pytest.raises(RedlineError, match="stands 0 times in liability/cap"):
        marked(("liability/cap", "unheard of", "words"))
    with pytest.raises(RedlineError, match="does not stand once"):
        marked((TARGET, "98", "97"))


def test_the_same_call_gives_the_same_bytes():
    assert marked((TARGET, "99.9", "99.95")) == marked((TARGET, "99.9", "99.95"))
