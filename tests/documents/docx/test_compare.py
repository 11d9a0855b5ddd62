"""Native tracked changes between two files: exact, minimal, and beside other people's marks."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.redlines_generator import edited
from dealdesk.documents.docx.change_reading import read_changes
from dealdesk.documents.docx.changes import Kind
from dealdesk.documents.docx.compare import compare_docx, redline_docx
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.proof import said
from dealdesk.documents.docx.reader import View, docx_canonical_text
from dealdesk.documents.docx.reading import read_docx
from dealdesk.documents.docx.redline import write_tracked_replacements
from dealdesk.documents.docx.settle import settle, settle_all
from dealdesk.documents.docx.wml import qn
from dealdesk.documents.docx.writer import render_docx
from dealdesk.documents.text import canonical_text
from dealdesk.documents.tree import Clause, Paragraph, Section, Text
from tests.documents.docx.sample import AT, COUNSEL, CREDIT, TARGET, sample_docx, sample_tree

US = "Example Cloud Inc."


def tree_of(*texts):
    """Return the sample's tree with one section of these paragraphs; a list makes clauses."""
    blocks = tuple(
        Clause(f"c/{i}", body=(Text(t[0]),))
        if isinstance(t, list)
        else Paragraph(f"c/{i}", (Text(t),))
        for i, t in enumerate(texts)
    )
    section = Section("terms", "Terms", sample_tree().sections[1].kind, blocks)
    return replace(sample_tree(), sections=(section,), values={})


def redline(old, new):
    return compare_docx(render_docx(old), render_docx(new), US, AT)


def body(data):
    return said(open_docx(data).body)


def marked_words(data):
    """Return how many words stand in marks."""
    changes = read_changes(open_docx(data))
    return sum(len((c.old + c.new).split()) for c in changes if c.part == "body")


def kinds(data):
    return [c.kind for c in read_changes(open_docx(data)) if c.part == "body"]


LONG = "Provider restores the service within four hours of each notice that Customer gives by phone"
TAIL = "and tells Customer the cause in writing within ten days after the service is restored"
OTHER = "Fees are due in advance for each contract year and are never refunded in part"


def test_a_paragraph_that_is_split_marks_no_words():
    data = redline(tree_of(f"{LONG} {TAIL}", OTHER), tree_of(LONG, TAIL, OTHER))
    assert marked_words(data) == 0
    assert Kind.PARAGRAPH_SPLIT in kinds(data) or marked_words(data) <= 2


def test_paragraphs_that_are_joined_mark_no_words():
    data = redline(tree_of(LONG, TAIL, OTHER), tree_of(f"{LONG} {TAIL}", OTHER))
    assert marked_words(data) == 0


def test_a_paragraph_that_moves_is_a_move():
    texts = [LONG, OTHER, TAIL, "Notices are sent by registered mail to the address on the cover"]
    data = redline(tree_of(*texts), tree_of(texts[1], texts[2], texts[0], texts[3]))
    found = [c for c in read_changes(open_docx(data)) if c.part == "body"]
    assert sorted(c.kind for c in found) == [Kind.MOVE_FROM, Kind.MOVE_TO]
    assert found[0].move == found[1].move != ""
    assert docx_canonical_text(data, View.BASE) == canonical_text(tree_of(*texts))


def clauses(*texts_by_clause):
    """Return the sample's tree with clauses of these paragraphs, each in a control of its own."""
    blocks = tuple(
        Paragraph(f"{name}/{i}", (Text(text),))
        for name, texts in zip("abc", texts_by_clause, strict=False)
        for i, text in enumerate(texts)
    )
    section = Section("terms", "Terms", sample_tree().sections[1].kind, blocks)
    return replace(sample_tree(), sections=(section,), values={})


def ends_marked(data):
    """Say whether the mark of the file's last paragraph, which can't come or go, is tracked."""
    last = open_docx(data).body.findall(f".//{qn('w:p')}")[-1]
    return bool(last.findall(f"{qn('w:pPr')}/{qn('w:rPr')}/*"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (([LONG], [OTHER]), ([LONG], [OTHER, TAIL])),
        (([LONG], [OTHER, TAIL]), ([LONG], [OTHER])),
        (([LONG], [OTHER, TAIL]), ([LONG], [OTHER, "Notices go by registered mail"])),
        (([LONG],), ([LONG], [OTHER, TAIL])),
        (([LONG], [OTHER, TAIL]), ([LONG],)),
    ],
)
def test_the_mark_of_the_last_paragraph_never_comes_or_goes(old, new):
    before, after = render_docx(clauses(*old)), render_docx(clauses(*new))
    data = compare_docx(before, after, US, AT)
    assert not ends_marked(data)
    assert body(settle_all(data, accept=True)) == body(after)
    assert body(settle_all(data, accept=False)) == body(before)


def test_one_word_is_replaced_as_one_word_and_an_amount_as_one_amount():
    data = redline(
        tree_of("The cap is USD 1,000.50 in all."), tree_of("The cap is USD 2,000.50 in all.")
    )
    (change,) = [c for c in read_changes(open_docx(data)) if c.part == "body"]
    assert (change.old, change.new) == ("1,000.50", "2,000.50")


def test_a_value_is_replaced_inside_its_control():
    typed = sample_tree().values
    new_value = replace(
        typed[TARGET], value=replace(typed[TARGET].value, number=typed[CREDIT].value.number)
    )
    new = replace(sample_tree(), values={**typed, TARGET: new_value})
    data = compare_docx(sample_docx(), render_docx(new), US, AT)
    values = [c for c in read_changes(open_docx(data)) if c.part == "body"]
    assert {c.place.value for c in values} == {TARGET}
    assert len(values) == 3


def test_clauses_that_come_and_go_keep_both_texts():
    old, new = sample_tree(), tree_of([LONG], [TAIL])
    new = replace(new, sections=(*sample_tree().sections[:1], *new.sections), values=old.values)
    data = redline(old, new)
    assert docx_canonical_text(data, View.FINAL) == canonical_text(new)
    assert docx_canonical_text(data, View.BASE) == canonical_text(old)


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_random_edits_resolve_to_both_texts_exactly(seed):
    contract = edited(seed, 30, 12)
    old, new = render_docx(contract.old), render_docx(contract.new)
    data = compare_docx(old, new, US, AT)
    assert body(settle_all(data, accept=True)) == body(new)
    assert body(settle_all(data, accept=False)) == body(old)
    assert docx_canonical_text(data, View.FINAL) == canonical_text(contract.new)
    assert docx_canonical_text(data, View.BASE) == canonical_text(contract.old)


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_changes_resolved_one_by_one_in_any_order_come_to_the_same_text(seed):
    contract = edited(seed, 15, 8)
    new = render_docx(contract.new)
    data = compare_docx(render_docx(contract.old), new, US, AT)
    rng = random.Random(seed)
    while changes := [c.id for c in read_changes(open_docx(data))]:
        data = settle(data, [rng.choice(changes)], [])
    assert body(data) == body(new)


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_any_subset_accepted_and_the_rest_rejected_leaves_no_mark(seed):
    contract = edited(seed, 15, 8)
    data = compare_docx(render_docx(contract.old), render_docx(contract.new), US, AT)
    ids = [c.id for c in read_changes(open_docx(data))]
    accepted = [i for i in ids if random.Random(f"{seed}{i}").random() < 0.5]
    left = settle(data, accepted, [i for i in ids if i not in accepted])
    assert read_changes(open_docx(left)) == []


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_our_marks_join_theirs_and_leave_them_alone(seed):
    theirs = edited(seed, 20, 8)
    sent = render_docx(theirs.old)
    came = compare_docx(sent, render_docx(theirs.new), COUNSEL, AT)
    ours = edited(seed, 20, 14)
    target = render_docx(ours.new)
    back = redline_docx(came, target, US, AT)
    assert body(settle_all(back, accept=True)) == body(target)
    changes = read_changes(open_docx(back))
    mine = [c.id for c in changes if c.author == US]
    undone = settle(back, [], mine)
    assert body(settle_all(undone, accept=True)) == body(settle_all(came, accept=True))
    assert body(settle_all(undone, accept=False)) == body(sent)
    assert body(settle_all(back, accept=False)) == body(sent)


def test_three_rounds_keep_the_earlier_marks_and_their_authors():
    first = write_tracked_replacements(sample_docx(), [(CREDIT, "5%", "15%")], COUNSEL, AT)
    second = write_tracked_replacements(first, [("liability/cap", "Fees", "Charges")], US, AT)
    third = write_tracked_replacements(second, [("uptime/note", "penalties", "fines")], "Third", AT)
    authors = {c.new: c.author for c in read_changes(open_docx(third))}
    assert authors == {"15%": COUNSEL, "Charges": US, "fines": "Third"}


def test_one_authors_words_deleted_by_another_stand_in_neither_text():
    first = write_tracked_replacements(
        sample_docx(), [("liability/cap", "Fees", "net Fees paid")], COUNSEL, AT
    )
    second = write_tracked_replacements(
        first, [("liability/cap", "net Fees", "gross Fees")], US, AT
    )
    changes = {c.author: c for c in read_changes(open_docx(second))}
    assert changes[COUNSEL].new == "net Fees paid"
    assert (changes[US].old, changes[US].new) == ("net Fees", "gross Fees")
    assert changes[US].inside == changes[COUNSEL].id
    rejected = docx_canonical_text(settle_all(second, accept=False))
    assert rejected == docx_canonical_text(sample_docx())
    assert "to the gross Fees paid of" in docx_canonical_text(second)


def test_a_clean_file_comes_back_without_untracked_differences():
    data = redline(edited(3, 30, 10).old, edited(3, 30, 10).new)
    assert read_docx(data, render_docx(edited(3, 30, 10).old)).untracked == ()


@pytest.mark.parametrize(
    "text", ["日本語の条項です", "بند باللغة العربية", "thumbs 👍🏽 up", "ﬁne print"]
)
def test_other_scripts_are_compared_exactly(text):
    old, new = tree_of(f"{text} one {text}", OTHER), tree_of(f"{text} two {text}", OTHER)
    data = redline(old, new)
    assert docx_canonical_text(data, View.FINAL) == canonical_text(new)
    assert docx_canonical_text(data, View.BASE) == canonical_text(old)
