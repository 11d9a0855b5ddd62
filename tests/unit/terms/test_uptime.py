"""Uptime, budgets and credits: published figures by hand, and what must always hold."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealdesk.terms.budget import downtime_budget
from dealdesk.terms.chronic import ChronicMode, ChronicRule, chronic_since
from dealdesk.terms.credits import CreditTier, credit_of, tier_of
from dealdesk.terms.money import Money
from dealdesk.terms.periods import Span, read_period
from dealdesk.terms.uptime import MaintenanceBasis, Weighted, measure, total, union

DAY = 86_400
MINUTE = 60
U = (
    CreditTier(Decimal("99.9"), Decimal(5)),
    CreditTier(Decimal("99.0"), Decimal(20)),
    CreditTier(Decimal("97.0"), Decimal(35)),
    CreditTier(Decimal("95.0"), Decimal(50)),
)
BOTH, DOWNTIME = MaintenanceBasis.NUMERATOR_AND_DENOMINATOR, MaintenanceBasis.DOWNTIME_ONLY


@pytest.mark.parametrize(
    ("objective", "days", "seconds"),
    [
        ("99.9", 28, "2419.2"), ("99.9", 30, "2592"), ("99.9", 31, "2678.4"), ("99.9", 91, "7862.4"), ("99.9", 365, "31536"),
        ("99.95", 28, "1209.6"), ("99.95", 30, "1296"), ("99.95", 31, "1339.2"), ("99.95", 91, "3931.2"), ("99.95", 365, "15768"),
        ("99.99", 28, "241.92"), ("99.99", 30, "259.2"), ("99.99", 31, "267.84"), ("99.99", 91, "786.24"), ("99.99", 365, "3153.6"),
        ("99.999", 28, "24.192"), ("99.999", 30, "25.92"), ("99.999", 31, "26.784"), ("99.999", 91, "78.624"), ("99.999", 365, "315.36"),
    ],
)  # fmt: skip
def test_the_downtime_that_an_objective_allows(objective: str, days: int, seconds: str) -> None:
    assert downtime_budget(Decimal(objective), days * DAY) == Fraction(seconds)


@pytest.mark.parametrize(
    ("month", "hours", "budget"), [("2027-03", 743, "2674.8"), ("2026-11", 721, "2595.6")]
)
def test_months_in_new_york_have_the_hours_that_they_have(
    month: str, hours: int, budget: str
) -> None:
    period = read_period(month, "America/New_York")
    assert period.span.seconds == hours * 3600
    assert downtime_budget(Decimal("99.9"), period.span.seconds) == Fraction(budget)


def uptime(month: str, down: int, scheduled: int, basis: MaintenanceBasis) -> Fraction:
    span = read_period(month, "UTC").span
    outage = Weighted(Span(span.start, span.start + down * MINUTE))
    works = Span(span.end - scheduled * MINUTE, span.end)
    return measure([span], [outage], [works], basis).percent


@pytest.mark.parametrize(
    ("month", "down", "scheduled", "basis", "target", "shown", "credit", "fee"),
    [
        ("2027-03", 44, 0, BOTH, "99.9", "99.9014", "0.00", "3936.00"),
        ("2027-04", 44, 0, BOTH, "99.9", "99.8981", "196.80", "3936.00"),
        ("2027-05", 447, 240, BOTH, "99.9", "98.9932", "787.20", "3936.00"),
        ("2027-09", 22, 0, DOWNTIME, "99.95", "99.9491", "5000.00", "100000.00"),
        ("2027-10", 30, 120, DOWNTIME, "99.95", "99.9328", "5000.00", "100000.00"),
    ],
)
def test_months_of_the_test_deals(
    month: str,
    down: int,
    scheduled: int,
    basis: MaintenanceBasis,
    target: str,
    shown: str,
    credit: str,
    fee: str,
) -> None:
    percent = uptime(month, down, scheduled, basis)
    tiers = (CreditTier(Decimal(target), Decimal(5)), *U[1:])
    assert round(percent, 4) == Fraction(shown)
    money = credit_of(Money(Decimal(fee), "USD"), tier_of(percent, tiers))
    assert money == Money(Decimal(credit), "USD")


def test_overlapping_incidents_count_once() -> None:
    spans = [Span(0, 30 * MINUTE), Span(20 * MINUTE, 40 * MINUTE)]
    assert total(spans) == 40 * MINUTE


def test_two_of_three_months_missed_gives_the_right() -> None:
    rule = ChronicRule(2, 3)
    assert chronic_since(rule, [False, True, True]) == 2
    assert chronic_since(rule, [True, False, True]) == 2
    assert chronic_since(rule, [True, False, False, True]) is None
    assert chronic_since(ChronicRule(2, 2, ChronicMode.IN_A_ROW), [True, False, True]) is None


SPANS = st.lists(
    st.builds(lambda a, n: Span(a, a + n), st.integers(0, 10_000), st.integers(0, 500)), max_size=8
)
PERIOD = [Span(0, 10_000)]


@given(SPANS)
def test_a_union_is_never_longer_than_its_parts(spans: list[Span]) -> None:
    assert total(spans) <= sum(span.seconds for span in spans)
    joined = union(spans)
    assert all(a.end < b.start for a, b in pairwise(joined))


@given(SPANS, st.integers(0, 10_500), st.sampled_from(MaintenanceBasis))
def test_splitting_an_outage_changes_nothing(
    spans: list[Span], cut: int, basis: MaintenanceBasis
) -> None:
    split = [
        piece
        for span in spans
        for piece in ((Span(span.start, min(cut, span.end)), Span(max(cut, span.start), span.end)))
        if piece.seconds
    ]
    whole = measure(PERIOD, [Weighted(s) for s in spans], [Span(100, 200)], basis)
    assert measure(PERIOD, [Weighted(s) for s in split], [Span(100, 200)], basis) == whole


@given(SPANS, SPANS)
def test_more_downtime_never_earns_less_credit(spans: list[Span], more: list[Span]) -> None:
    fee = Money(Decimal(1000), "USD")
    less = measure(PERIOD, [Weighted(s) for s in spans], [], BOTH).percent
    worse = measure(PERIOD, [Weighted(s) for s in spans + more], [], BOTH).percent
    assert credit_of(fee, tier_of(worse, U)).amount >= credit_of(fee, tier_of(less, U)).amount


@given(st.fractions(0, 100))
def test_every_availability_below_the_target_has_a_tier(percent: Fraction) -> None:
    assert (tier_of(percent, U) is None) == (percent >= Fraction("99.9"))


def test_maintenance_taken_out_or_only_ignored_decides_the_fourth_digit() -> None:
    # sla.md, section 3: 43 minutes down and 2.5 hours of maintenance in June.
    both = uptime("2026-06", 43, 150, MaintenanceBasis.NUMERATOR_AND_DENOMINATOR)
    ignored = uptime("2026-06", 43, 150, MaintenanceBasis.DOWNTIME_ONLY)
    assert (f"{float(both):.5f}", f"{float(ignored):.5f}") == ("99.90012", "99.90046")


PUBLISHED = {
    "AWS Compute": [("99.99", "10"), ("99.0", "30"), ("95", "100")],
    "GitHub": [("99.9", "10"), ("99.0", "25")],
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_tiers_as_thresholds_have_no_holes(name: str) -> None:
    tiers = tuple(CreditTier(Decimal(b), Decimal(c)) for b, c in PUBLISHED[name])
    top = Fraction(tiers[0].below)
    # The values that earn nothing in the published tables: exactly a threshold, or just above one.
    for percent in ("99.0", "99.895", "98.995", "97.995", "94.995"):
        assert (tier_of(Fraction(percent), tiers) is not None) == (Fraction(percent) < top)


def test_an_awkward_share_is_exact_where_floats_are_not() -> None:
    assert downtime_budget(Decimal("99.999"), 30 * DAY) == Fraction("25.92")
    assert (1 - 0.99999) * 30 * DAY != 25.92
