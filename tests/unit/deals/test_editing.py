"""Edits of a deal's data: each does what it says, leaves the old alone, and reads back."""

from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealdesk.deals.catalogue import load_catalogue
from dealdesk.deals.editing import (
    choose_position,
    credited,
    data_of,
    deal_of,
    drop_free_text,
    leave_out,
    set_facts,
    set_lines,
    set_party,
    set_terms,
    set_title,
    text_of,
    write_free_text,
)
from dealdesk.deals.merging import ABSENT, Change, changes, is_path, merge, value_at, with_value
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.settings import PROJECT

DEALS = sorted((PROJECT / "demo" / "deals").glob("*.yaml"))
CATALOGUE = load_catalogue(PROJECT / "clause_library" / "catalogue.yaml")
RICH = data_of((PROJECT / "demo" / "deals" / "placeholder-robotics.yaml").read_text("utf-8"))

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
SCALARS = st.one_of(WORDS, st.integers(-(10**16), 10**16), st.booleans())
KEYS = st.text("abcdefgh_-", min_size=1, max_size=6)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)
MAPPINGS = st.dictionaries(KEYS, DATA, max_size=5)


@given(MAPPINGS)
def test_data_written_as_a_file_reads_back(data) -> None:
    assert data_of(text_of(data)) == data


@pytest.mark.parametrize("path", DEALS, ids=lambda path: path.stem)
def test_a_deal_file_survives_being_written_again(path: Path) -> None:
    data = data_of(path.read_text("utf-8"))
    assert data_of(text_of(data)) == data
    deal_of(data, CATALOGUE)


EDITS = (
    lambda data: set_title(data, "Another"),
    lambda data: set_party(data, "customer", {"name": "Another", "address": ""}),
    lambda data: set_terms(data, {"months": 48, "billing": "upfront"}),
    lambda data: set_lines(data, [{"sku": "TEAM", "quantity": 3, "discount_pct": ""}]),
    lambda data: set_facts(data, {"regions": 1}),
    lambda data: choose_position(data, "uptime", "standard", {}),
    lambda data: write_free_text(data, "uptime", "Our own words."),
    lambda data: drop_free_text(data, "uptime"),
    lambda data: leave_out(data, "escrow"),
)


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_leaves_the_old_alone_and_gives_a_deal(edit) -> None:
    before = deepcopy(RICH)
    after = edit(RICH)
    assert before == RICH
    deal_of(after, CATALOGUE)
    assert edit(after) == after


def test_lines_keep_only_what_was_given() -> None:
    data = set_lines(RICH, [{"sku": "TEAM", "quantity": 3, "discount_pct": "", "year": None}])
    assert value_at(data, ("order", "lines")) == [{"sku": "TEAM", "quantity": 3}]


def test_terms_take_out_what_is_blank_and_nothing_that_is_not_a_term() -> None:
    data = set_terms(RICH, {"billing": "", "lines": [], "fx": {"to": "X"}})
    assert "billing" not in data["order"]
    assert value_at(data, ("order", "lines")) == value_at(RICH, ("order", "lines"))
    assert "fx" not in data["order"]


def test_free_text_names_its_author_and_a_position_takes_both_away() -> None:
    written = credited(RICH, write_free_text(RICH, "uptime", "Our own words."), "Avery Seller")
    assert deal_of(written, CATALOGUE).authors == {"uptime": "Avery Seller"}
    back = choose_position(written, "uptime", "standard", {"target": "99.9"})
    assert value_at(back, ("clauses", "uptime")) == {
        "position": "standard",
        "values": {"target": "99.9"},
    }
    assert "authors" not in credited(written, back, "Blake")


def test_who_wrote_a_text_stays_its_author_when_another_changes_a_word() -> None:
    written = credited(RICH, write_free_text(RICH, "uptime", "Our own words."), "Avery Seller")
    for author in ("Cameron Exempel", "Avery Seller"):
        words = f"Our own words, as {author} has them."
        written = credited(written, write_free_text(written, "uptime", words), author)
    assert deal_of(written, CATALOGUE).authors == {"uptime": "Avery Seller; Cameron Exempel"}


def test_an_edit_can_not_say_who_wrote_a_text() -> None:
    forged = {**write_free_text(RICH, "uptime", "Words."), "authors": {"uptime": "Somebody"}}
    assert credited(RICH, forged, "Avery Seller")["authors"] == {"uptime": "Avery Seller"}
    written = credited(RICH, forged, "Avery Seller")
    untouched = credited(written, set_title(written, "New"), "Blake")
    assert untouched["authors"] == {"uptime": "Avery Seller"}


def test_what_is_no_deal_is_told_with_every_fault_at_its_path() -> None:
    wrong = set_lines(RICH, [{"sku": "NONE", "quantity": -4}, {"sku": "TEAM", "quantity": "x"}])
    with pytest.raises(DomainError) as caught:
        deal_of(wrong, CATALOGUE)
    assert {problem.place.path for problem in caught.value.problems} == {
        "order.lines[0].sku",
        "order.lines[0].quantity",
        "order.lines[0].list_unit",
        "order.lines[0].per",
        "order.lines[1].quantity",
    }


def test_a_file_that_is_a_list_is_no_deal() -> None:
    with pytest.raises(DomainError, match="not a deal file"):
        data_of("- one\n- two\n")


@given(MAPPINGS, MAPPINGS)
def test_changes_lead_from_one_to_the_other(old, new) -> None:
    found = old
    for change in changes(old, new):
        assert value_at(old, change.path) == change.old
        found = with_value(found, change.path, change.new)
    assert found == new


@given(MAPPINGS, MAPPINGS)
def test_a_merge_with_one_side_unchanged_is_the_other_side(base, other) -> None:
    assert merge(base, other, base).merged == other
    assert merge(base, base, other).merged == other
    assert merge(base, other, other).conflicts == frozenset()


def test_both_changes_stand_where_they_do_not_meet() -> None:
    theirs = set_title(RICH, "Theirs")
    mine = with_value(RICH, ("order", "lines", 0, "quantity"), 250)
    found = merge(RICH, theirs, mine)
    assert found.conflicts == frozenset()
    assert found.merged == with_value(theirs, ("order", "lines", 0, "quantity"), 250)
    assert found.theirs == (Change(("title",), RICH["title"], "Theirs"),)


def test_where_both_changed_the_same_mine_stands_and_is_named() -> None:
    theirs = with_value(RICH, ("order", "lines", 0, "discount_pct"), "20")
    mine = with_value(RICH, ("order", "lines", 0, "discount_pct"), "25")
    found = merge(RICH, theirs, mine)
    assert found.conflicts == {"order.lines.0.discount_pct"}
    assert value_at(found.merged, ("order", "lines", 0, "discount_pct")) == "25"


def test_a_line_added_meets_a_line_changed() -> None:
    theirs = with_value(RICH, ("order", "lines", 0, "discount_pct"), "20")
    mine = set_lines(RICH, [{"sku": "TEAM"}])
    assert merge(RICH, theirs, mine).conflicts == {"order.lines"}


def test_a_change_has_its_path_as_one_word() -> None:
    assert Change(("order", "lines", 0, "sku"), ABSENT, "TEAM").key == "order.lines.0.sku"
    assert repr(ABSENT) == "nothing"


@pytest.mark.parametrize("path", [(), (-1,), ("order", "lines", -1), (True,), (1.5,), ("x",) * 13])
def test_what_leads_nowhere_in_a_deal_is_no_path(path: tuple[object, ...]) -> None:
    assert not is_path(path)


@given(MAPPINGS, MAPPINGS)
def test_every_change_is_at_a_path(old, new) -> None:
    assert all(is_path(change.path) for change in changes(old, new))


def test_a_place_before_the_first_line_has_nothing() -> None:
    assert value_at(RICH, ("order", "lines", -1)) is ABSENT
