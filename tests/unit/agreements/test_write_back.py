"""Accepted changes become values where they read as such, overrides elsewhere, never a guess."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from dealdesk.agreements.assembly import make_version
from dealdesk.agreements.block_runs import block_runs
from dealdesk.agreements.changes import AcceptedChange
from dealdesk.agreements.exports import unprinted_exports
from dealdesk.agreements.free_text import free_text_override
from dealdesk.agreements.model import Inputs, Version
from dealdesk.agreements.spans import segments
from dealdesk.agreements.write_back import WriteBack, write_back
from dealdesk.approvals.independence import People, has_written
from dealdesk.deals.deal import ClauseChoice
from dealdesk.documents.numbering import number_document
from dealdesk.documents.text import canonical_text
from dealdesk.documents.tree import Occurrence, walk
from dealdesk.kernel.authors import together
from dealdesk.terms.values import Duration, Percent, Unit, ValueRef
from tests.unit.agreements.sample import sample_inputs, sample_library

COMMITMENT = "uptime/availability"
CREDITS = "uptime/credits"


def version() -> Version:
    return make_version(sample_inputs(), sample_library())


def change(base: Version, block_id: str, old: str, new: str, number: int = 1) -> AcceptedChange:
    """Return an accepted change of the first place where words stand in a block's body."""
    block = next(b for b in walk(base.tree) if b.id == block_id)
    runs = block_runs(block)
    index = next(
        i
        for i, run in enumerate(runs)
        if old in "".join(s.text for s in segments(run, base.tree, number_document(base.tree)))
    )
    text = "".join(s.text for s in segments(runs[index], base.tree, number_document(base.tree)))
    start = text.index(old)
    return AcceptedChange(
        f"c{number}", block_id, index, start, start + len(old), old, new, "Dana Example"
    )


def after(base: Version, result: WriteBack) -> str:
    return canonical_text(make_version(result.inputs, sample_library(), parent=base).tree)


def target_of(inputs: Inputs) -> object:
    choice = inputs.choice("uptime")
    assert choice is not None
    return choice.values["target"]


@given(st.integers(9000, 10000))
def test_a_redlined_number_becomes_the_value_and_moves_everywhere(hundredths: int) -> None:
    base = version()
    new = f"{hundredths // 100}.{hundredths % 100:02d}%"
    result = write_back(base.inputs, base.tree, [change(base, COMMITMENT, "99.9%", new)])
    expected = Percent(Decimal(hundredths) / 100)
    assert target_of(result.inputs) == expected
    assert result.undecided == ()
    assert result.overridden == ()
    words = f"{(Decimal(hundredths) / 100).normalize():f}%"
    assert after(base, result).count(f" {words}") == 2


def test_a_change_of_some_figures_inside_a_number_is_still_a_value() -> None:
    base = version()
    deletion = change(base, COMMITMENT, "9%", "")
    insertion = AcceptedChange(
        "c2", COMMITMENT, deletion.run, deletion.end, deletion.end, "", "95%", "Dana Example"
    )
    result = write_back(base.inputs, base.tree, [deletion, insertion])
    assert target_of(result.inputs) == Percent(Decimal("99.95"))
    assert result.values[0].changes == ("c1", "c2")


def test_words_and_figures_move_together_or_not_at_all() -> None:
    base = version()
    both = write_back(
        base.inputs,
        base.tree,
        [change(base, CREDITS, "thirty (30) days", "forty-five (45) days")],
    )
    choice = both.inputs.choice("uptime")
    assert choice is not None
    assert choice.values["claim_within"] == Duration(45, Unit.DAYS)
    figures_only = write_back(base.inputs, base.tree, [change(base, CREDITS, "(30)", "(45)")])
    assert figures_only.values == ()
    assert figures_only.overridden == ("uptime",)


def test_a_changed_phrase_becomes_an_override_that_keeps_the_values_bound() -> None:
    base = version()
    result = write_back(
        base.inputs, base.tree, [change(base, COMMITMENT, "an outage", "any outage")]
    )
    assert result.overridden == ("uptime",)
    text = after(base, result)
    assert "any outage" in text
    assert text.replace("any outage", "an outage") == canonical_text(base.tree)
    changed = make_version(result.inputs, sample_library(), parent=base)
    assert list(unprinted_exports(result.inputs, sample_library(), changed.tree)) == []


def test_an_override_that_removes_an_exported_value_is_told() -> None:
    base = version()
    changes = [
        change(base, COMMITMENT, "99.9% of each month", "as long as possible", 1),
        change(base, CREDITS, "falls below 99.9%", "is poor", 2),
    ]
    result = write_back(base.inputs, base.tree, changes)
    changed = make_version(result.inputs, sample_library(), parent=base)
    problems = list(unprinted_exports(result.inputs, sample_library(), changed.tree))
    assert [problem.place.path for problem in problems] == ["uptime/target"]


def test_two_different_redlines_of_one_value_are_left_for_a_person() -> None:
    base = version()
    changes = [
        change(base, COMMITMENT, "99.9%", "99.95%", 1),
        change(base, CREDITS, "99.9%", "99.99%", 2),
    ]
    result = write_back(base.inputs, base.tree, changes)
    assert result.inputs == base.inputs
    assert [undecided.changes for undecided in result.undecided] == [("c1", "c2")]


def test_the_same_redline_at_both_places_is_one_value() -> None:
    base = version()
    changes = [
        change(base, COMMITMENT, "99.9%", "99.95%", 1),
        change(base, CREDITS, "99.9%", "99.95%", 2),
    ]
    result = write_back(base.inputs, base.tree, changes)
    assert target_of(result.inputs) == Percent(Decimal("99.95"))
    assert result.undecided == ()


def test_a_cell_of_the_credit_table_becomes_that_cell() -> None:
    base = version()
    block = "uptime/credit-table"
    result = write_back(base.inputs, base.tree, [change(base, block, "5%", "7%")])
    assert result.values[0].ref == ValueRef("uptime", "credits.tier1.credit")
    assert "99.9% | 7%" in after(base, result)


def test_a_number_of_the_order_form_goes_back_into_the_order() -> None:
    base = version()
    result = write_back(base.inputs, base.tree, [change(base, "order/terms", "30 days", "45 days")])
    assert result.inputs.order.payment.days == 45
    assert "forty-five (45) days" in after(base, result)


def test_a_computed_total_is_left_for_a_person() -> None:
    base = version()
    changed = change(base, "order/totals", "USD 129,600.00", "USD 100,000.00")
    result = write_back(base.inputs, base.tree, [changed])
    assert result.inputs == base.inputs
    assert "follows from other values" in result.undecided[0].reason


def test_a_change_that_does_not_stand_where_it_says_is_never_guessed() -> None:
    base = version()
    lost = AcceptedChange("c1", COMMITMENT, 1, 0, 4, "Prov", "X", "Dana Example")
    wrong = AcceptedChange("c2", COMMITMENT, 1, 3, 7, "Prov", "X", "Dana Example")
    nowhere = AcceptedChange("c3", "uptime/none", 0, 0, 0, "", "X", "Dana Example")
    result = write_back(base.inputs, base.tree, [lost, wrong, nowhere])
    assert {u.changes for u in result.undecided} == {("c2",), ("c3",)}
    assert result.overridden == ("uptime",)


def test_characters_that_cannot_be_seen_are_shown_and_never_taken() -> None:
    base = version()
    for hidden, name in (("\u200b", "ZERO WIDTH SPACE"), ("\u202e", "RIGHT-TO-LEFT OVERRIDE")):
        value = change(base, COMMITMENT, "99.9%", f"99.{hidden}95%", 1)
        words = change(base, CREDITS, "falls below", f"falls {hidden}under", 2)
        result = write_back(base.inputs, base.tree, [value, words])
        assert result.inputs == base.inputs
        assert [u.changes for u in result.undecided] == [("c1",), ("c2",)]
        assert f"99.[U+{ord(hidden):04X}]95%" in result.undecided[0].reason
        assert all(name in undecided.reason for undecided in result.undecided)


@given(st.data())
def test_edits_of_random_words_give_exactly_the_edited_words(data: st.DataObject) -> None:
    base = version()
    numbering = number_document(base.tree)
    blocks = [b for b in walk(base.tree) if b.id.startswith("uptime/")]
    block = data.draw(st.sampled_from(blocks))
    runs = [(i, run) for i, run in enumerate(block_runs(block)) if run]
    index, run = data.draw(st.sampled_from(runs))
    parts = segments(run, base.tree, numbering)
    text = "".join(part.text for part in parts)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    new = data.draw(st.sampled_from(["", "new", " words here "]))
    result = write_back(
        base.inputs,
        base.tree,
        [AcceptedChange("c", block.id, index, start, end, text[start:end], new, "Dana Example")],
    )
    if result.values or result.undecided:
        return
    changed = make_version(result.inputs, sample_library(), parent=base)
    edited = next(b for b in walk(changed.tree) if b.id == block.id)
    after_parts = segments(block_runs(edited)[index], changed.tree, number_document(changed.tree))
    assert "".join(p.text for p in after_parts) == text[:start] + new + text[end:]
    kept = [p.inline for p in after_parts if isinstance(p.inline, Occurrence)]
    untouched = [
        p.inline
        for p in parts
        if isinstance(p.inline, Occurrence) and (p.end <= start or p.start >= end)
    ]
    assert set(untouched) <= set(kept)


def test_who_wrote_own_words_stays_their_author_when_counsel_changes_one() -> None:
    """The seller's words are not counsel's alone because counsel changed one (I7, I9)."""
    base = version()
    words = "The Provider keeps the Service up, as far as it can."
    choice = ClauseChoice("uptime", "uptime", "", {}, words, unstated=("target", "cap"))
    written = free_text_override(base, {"uptime": choice}, {"uptime": "Avery Seller"})
    own = make_version(written, sample_library())
    block = next(one for one in walk(own.tree) if one.id.startswith("uptime/"))
    result = write_back(own.inputs, own.tree, [change(own, block.id, "as far as", "if")])
    assert result.overridden == ("uptime",)
    after_it = result.inputs.choice("uptime")
    assert after_it is not None
    assert after_it.override is not None
    assert after_it.override.author == "Avery Seller; Dana Example"
    assert after_it.override.unstated == ("target", "cap")


def test_each_of_several_authors_is_barred_from_deciding() -> None:
    people = People("Owner", "Owner", {"uptime": together("Avery Seller", "Dana Example")})
    for name in ("avery  seller", "Dana Example"):
        assert has_written(name, "uptime/target", people)
    assert not has_written("Cameron Exempel", "uptime", people)
    # As lines were written before, and names that hold a comma.
    old = People("Owner", "Owner", {"uptime": "Doe, Jane, Dana Example"})
    assert has_written("Dana Example", "uptime", old)
    assert has_written("Doe, Jane", "uptime", People("O", "O", {"uptime": "Doe, Jane; Al"}))
