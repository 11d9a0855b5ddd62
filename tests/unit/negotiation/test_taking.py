"""What is decided becomes inputs, and nothing else does: rules of a round without a database."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealdesk.agreements.spans import Edit
from dealdesk.documents.docx.changes import Kind
from dealdesk.documents.docx.differences import Difference, Untracked
from dealdesk.documents.docx.places import Place
from dealdesk.documents.docx.reading import Reading
from dealdesk.documents.tree import DocumentTree
from dealdesk.kernel.errors import ConflictError
from dealdesk.negotiation.items import items_of
from dealdesk.negotiation.lifecycle import TRANSITIONS, RoundAction, RoundState, moved
from dealdesk.negotiation.model import Answer, Item, Verdict
from dealdesk.negotiation.operations import place_data
from dealdesk.negotiation.passages import Mark, marked_passage
from dealdesk.negotiation.queries import place_of
from dealdesk.negotiation.taking import can_be_countered, hindrance, in_the_manner_of, take
from dealdesk.negotiation.words import place_before, word_edits
from dealdesk.terms.values import ValueRef
from tests.enterprise import rich_quote

CARE = Place(block_id="confidentiality/care", run=1, instance="confidentiality")
WHOLE = "protect it as it protects its own, and with reasonable care at least;"
TEXTS = st.text(alphabet="ab 1.,x\u00e9-", max_size=40)


@cache
def base() -> DocumentTree:
    return rich_quote().version.tree


def tracked(key: str, start: int, old: str, new: str, **other: object) -> Item:
    place = replace(CARE, start=start, end=start + len(old))
    kind = Kind.REPLACEMENT if old and new else Kind.INSERTION if new else Kind.DELETION
    item = Item(key, kind.value, True, True, place, old, new, "Dana")
    return replace(item, **other)  # type: ignore[arg-type]


def taken(*items: Item, **answers: Answer):  # type: ignore[no-untyped-def]
    inputs = rich_quote().version.inputs
    given_ = {key.replace("_", "-"): one for key, one in answers.items()}
    return take(inputs, base(), items, given_)


ACCEPT, REJECT = Answer(Verdict.ACCEPTED), Answer(Verdict.REJECTED)
FIRST = tracked("a", 44, "reasonable", "utmost")


@given(TEXTS, TEXTS)
def test_edits_of_words_lead_from_one_text_to_the_other(old: str, new: str) -> None:
    text = old
    for edit in reversed(list(word_edits(old, new))):
        text = text[: edit.start] + edit.new + text[edit.end :]
    assert text == new


@given(TEXTS, TEXTS, st.integers(0, 40))
def test_a_place_between_edits_has_one_place_before_them(old: str, new: str, at: int) -> None:
    edits = list(word_edits(old, new))
    at = min(at, len(new))
    before = place_before(edits, at)
    if before is not None:
        assert 0 <= before <= len(old)
        # What follows up to the next edit is the same on both sides.
        nearest = min((e.start for e in edits if e.start >= before), default=len(old))
        assert old[before:nearest] == new[at : at + nearest - before]


def test_a_place_inside_of_an_edit_has_none() -> None:
    assert place_before([Edit(2, 3, "wider")], 4) is None
    assert place_before([Edit(2, 3, "wider")], 8) == 4


@given(st.sampled_from(Verdict), st.booleans())
def test_only_what_is_decided_is_taken(verdict: Verdict, is_decided: bool) -> None:
    answer = Answer(verdict, "great", "Cam")
    result = taken(FIRST, **({"a": answer} if is_decided else {}))
    changes = is_decided and verdict is not Verdict.REJECTED
    assert result.overridden == (("confidentiality",) if changes else ())
    assert result.undecided == ()
    if not changes:
        assert result.inputs == rich_quote().version.inputs


def words_of(result) -> str:  # type: ignore[no-untyped-def]
    override = result.inputs.choice("confidentiality").override
    return str(override)


def test_our_words_stand_in_their_change_s_place_and_are_ours() -> None:
    result = taken(FIRST, a=Answer(Verdict.COUNTERED, " due ", "Cam"))
    assert "with due care" in words_of(result)
    assert "utmost" not in words_of(result)
    assert result.inputs.choice("confidentiality").override.author == "Cam"


def test_what_a_second_author_struck_inside_of_an_insertion_is_left_out_of_it() -> None:
    outer = tracked("a", 44, "", "very, very ")
    inner = tracked("b", 44, "very, ", "", inside="a", kind=Kind.DELETION.value)
    assert "with very reasonable" in words_of(taken(outer, inner, a=ACCEPT, b=ACCEPT))
    unique = replace(inner, old="very, very ", new="most ")
    assert "with most reasonable" in words_of(taken(outer, unique, a=ACCEPT, b=ACCEPT))
    assert "with very, very reasonable" in words_of(taken(outer, unique, a=ACCEPT, b=REJECT))
    assert taken(outer, unique, a=REJECT, b=ACCEPT).overridden == ()


def test_what_reaches_out_of_its_insertion_is_left_for_a_person() -> None:
    outer = tracked("a", 44, "", "very ")
    inner = tracked("b", 44, "very reasonable", "", inside="a")
    (left,) = taken(outer, inner, a=ACCEPT, b=ACCEPT).undecided
    assert (left.changes, left.reason) == (
        ("b",), "It reaches out of the insertion that it stands in.",
    )  # fmt: skip


def untracked(kind: Untracked, old: str, new: str, place: Place = CARE) -> Item:
    return Item("u", kind.value, False, True, place, old, new)


def test_words_that_nobody_tracked_are_taken_where_somebody_says_so() -> None:
    item = untracked(Untracked.TEXT, WHOLE, WHOLE.replace("reasonable", "utmost"))
    assert hindrance(item) == ""
    assert "with utmost care" in words_of(taken(item, u=ACCEPT))
    ours = WHOLE.replace("reasonable", "due")
    assert "with due care" in words_of(taken(item, u=Answer(Verdict.COUNTERED, ours, "Cam")))
    assert taken(item, u=REJECT).overridden == ()


@pytest.mark.parametrize(
    "kind", [Untracked.ADDED, Untracked.LOOKS, Untracked.PROPERTY, Untracked.HIDDEN]
)
def test_what_can_not_be_taken_as_it_stands_says_why(kind: Untracked) -> None:
    item = untracked(kind, "", "A new duty.", Place())
    assert hindrance(item)
    assert not can_be_countered(item)
    (left,) = taken(item, u=ACCEPT).undecided
    assert left.reason == hindrance(item)


@pytest.mark.parametrize(
    ("theirs", "ours", "said"),
    [(" and more", "and less", " and less"), ("x ", " y\n z ", "y z "), ("\n", "a", "a"), ("", " b ", "b")],
)  # fmt: skip
def test_our_words_have_the_blanks_of_theirs(theirs: str, ours: str, said: str) -> None:
    assert in_the_manner_of(theirs, ours) == said


def test_both_sides_marks_stand_in_the_passage() -> None:
    (line,) = [
        one
        for one in marked_passage(base(), "confidentiality", [FIRST], {"a": REJECT})
        if one.is_marked
    ]
    assert [(p.mark, p.text) for p in line.pieces if p.key] == [
        (Mark.THEIRS_GONE, "reasonable"),
        (Mark.OURS_GONE, "utmost"),
        (Mark.OURS_NEW, "reasonable"),
    ]
    assert "".join(p.text for p in line.pieces if p.mark is Mark.SAME).startswith("protect it as")


def test_untracked_words_move_the_places_behind_them() -> None:
    change = replace(FIRST, place=replace(CARE, start=47, end=57)).change
    moved_words = WHOLE.replace("with ", "with all ")
    start = moved_words.index("reasonable")
    change = replace(change, place=replace(CARE, start=start, end=start + 10))
    inside = replace(change, id="in", place=replace(CARE, start=start - 3, end=start - 1))
    difference = Difference(Untracked.TEXT, "body", CARE, WHOLE, moved_words)
    reading = Reading((change, inside), (), (difference,), (), compared=True)
    found = {one.key: one for one in items_of(reading, base())}
    assert WHOLE[found["a"].place.start : found["a"].place.end] == "reasonable"
    assert not found["in"].place.is_placed
    assert hindrance(found["in"])


def test_a_mark_that_is_two_changes_gives_two_keys() -> None:
    twins = Reading((FIRST.change, FIRST.change), (), (), (), compared=True)
    assert [one.key for one in items_of(twins, base())] == ["a", "a#2"]


def test_the_far_end_of_a_move_and_looks_are_not_decided_on() -> None:
    start = tracked("a", 0, "x\n", "", kind=Kind.MOVE_FROM.value, move="m").change
    end = tracked("b", 0, "", "x\n", kind=Kind.MOVE_TO.value, move="m").change
    looks = tracked("c", 0, "", "", kind=Kind.FORMATTING.value).change
    reading = Reading((start, end, looks), (), (), (), compared=True)
    found = {one.key: one.is_open_to_us for one in items_of(reading, base())}
    assert found == {"a": True, "b": False, "c": False}


@given(st.integers(-1, 9), st.text(max_size=5), st.booleans())
def test_a_place_is_stored_as_it_was(run: int, words: str, has_value: bool) -> None:
    value = ValueRef("severity", "matrix.sev1.response") if has_value else None
    place = Place(block_id=words, run=run, heading=words, value=value, near="x", row=2)
    assert place_of(place_data(place)) == place


@pytest.mark.parametrize("state", RoundState)
@pytest.mark.parametrize("action", RoundAction)
def test_a_round_moves_once(state: RoundState, action: RoundAction) -> None:
    if state is RoundState.OPEN:
        assert moved(state, action) is TRANSITIONS[state, action] is not RoundState.OPEN
    else:
        with pytest.raises(ConflictError, match=f"This round is {state.value}"):
            moved(state, action)


def test_words_that_a_person_places_stand_there_and_theirs_do_not() -> None:
    added = untracked(Untracked.ADDED, "", "Nobody told us.", Place(near="confidentiality/care"))
    words = WHOLE.replace("reasonable", "due")
    by_hand = Answer(Verdict.COUNTERED, words, "Cam", "confidentiality/care", 1)
    result = taken(added, u=by_hand)
    assert result.undecided == ()
    assert "with due care" in words_of(result)
    assert "Nobody told us" not in words_of(result)
    lines = marked_passage(base(), "confidentiality", [added], {"u": by_hand})
    marks = [(p.mark, p.text) for line in lines for p in line.pieces if p.key]
    assert (Mark.OURS_NEW, "due") in marks
    assert (Mark.OURS_GONE, "reasonable") in marks
    away = replace(by_hand, run=7)
    assert len(taken(added, u=away).undecided) == 1


def test_words_placed_by_hand_and_theirs_in_the_same_place_are_a_conflict() -> None:
    words = WHOLE.replace("reasonable", "due")
    other = untracked(Untracked.ADDED, "", "x", Place())
    by_hand = Answer(Verdict.COUNTERED, words, "Cam", "confidentiality/care", 1)
    (left,) = taken(FIRST, other, a=ACCEPT, u=by_hand).undecided
    assert set(left.changes) == {"a", "u"}
