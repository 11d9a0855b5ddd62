"""Proration conventions against worked figures (contract-content.md, section 3)."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealdesk.deals.order import Proration
from dealdesk.deals.periods import Period, add_months, split, term_of
from dealdesk.deals.proration import months_of

ADD_ON = Period(date(2027, 11, 15), date(2028, 10, 31))


@pytest.mark.parametrize(
    ("convention", "months"),
    [
        (Proration.ACTUAL_365, Fraction(352 * 12, 365)),
        (Proration.ACTUAL_366, Fraction(352 * 12, 366)),
        (Proration.THIRTY_360, Fraction(346, 30)),
        (Proration.MONTHS_FIRST_PARTIAL, 11 + Fraction(16, 30)),
        (Proration.MONTHS_LAST_PARTIAL, 11 + Fraction(17, 31)),
        (Proration.DAYS_IN_MONTH, 11 + Fraction(16, 30)),
    ],
)
def test_352_days_over_a_leap_day(convention: Proration, months: Fraction) -> None:
    assert months_of(ADD_ON, convention, ADD_ON.start) == months


def test_a_leap_february_counts_its_29_days() -> None:
    rest = Period(date(2028, 2, 10), date(2028, 2, 29))
    assert months_of(rest, Proration.DAYS_IN_MONTH, rest.start) == Fraction(20, 29)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 120), st.integers(0, 31))
def test_steps_cover_the_term_without_gap_or_overlap(start: date, months: int, anchor: int) -> None:
    term = term_of(start, months)
    steps = list(split(term, 1, anchor))
    assert (steps[0].period.start, steps[-1].period.end) == (term.start, term.end)
    for one, following in pairwise(steps):
        assert one.period.after == following.period.start
    assert sum(step.period.days for step in steps) == term.days


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 120))
def test_anniversaries_never_drift(start: date, months: int) -> None:
    later = add_months(start, months)
    assert later.day == start.day or (
        later.day < start.day and add_months(later, 1).day >= later.day
    )


@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 2000), st.sampled_from(Proration)
)
def test_any_convention_gives_a_positive_length_near_the_days(
    start: date, days: int, convention: Proration
) -> None:
    period = Period.of_days(start, days + 1)
    months = months_of(period, convention, start)
    assert months > 0
    assert abs(months - Fraction(period.days * 12, 365)) < 1
