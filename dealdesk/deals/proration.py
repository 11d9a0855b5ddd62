"""How many months a period counts as, exactly, by the convention that the order names."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction

from dealdesk.deals.order import Proration
from dealdesk.deals.periods import (
    MONTHS_A_YEAR,
    Period,
    add_months,
    month_length,
    months_within,
    split,
    whole_months,
)


def months_of(period: Period, convention: Proration, origin: date) -> Fraction:
    """Return the period's length in months; whole contract months count as they are.

    `origin` is the first day of the term, from which contract months are counted.

    Source of the conventions and their worked figures: contract-content.md, section 3.
    """
    whole = whole_months(period, origin)
    return Fraction(whole) if whole else _COUNTS[convention](period)


def _actual(days_a_year: int) -> Callable[[Period], Fraction]:
    return lambda period: Fraction(period.days * MONTHS_A_YEAR, days_a_year)


def _thirty_360(period: Period) -> Fraction:
    first, after = period.start, period.after
    days = (
        360 * (after.year - first.year)
        + 30 * (after.month - first.month)
        + min(after.day, 30)
        - min(first.day, 30)
    )
    return Fraction(days, 30)


def _last_partial(period: Period) -> Fraction:
    months = months_within(period)
    rest = Period(add_months(period.start, months), period.end)
    return months + Fraction(rest.days, month_length(period.end))


def _first_partial(period: Period) -> Fraction:
    after = period.after
    months = (after.year - period.start.year) * MONTHS_A_YEAR + after.month - period.start.month
    if add_months(after, -months) < period.start:
        months -= 1
    rest = Period(period.start, add_months(after, -months) - timedelta(days=1))
    return months + Fraction(rest.days, month_length(period.start))


def _share_of_month(part: Period) -> Fraction:
    return Fraction(part.days, month_length(part.start))


def _days_in_month(period: Period) -> Fraction:
    return sum(
        (_share_of_month(step.period) for step in split(period, 1, 1)),
        Fraction(0),
    )


_COUNTS: Mapping[Proration, Callable[[Period], Fraction]] = {
    Proration.ACTUAL_365: _actual(365),
    Proration.ACTUAL_366: _actual(366),
    Proration.THIRTY_360: _thirty_360,
    Proration.MONTHS_FIRST_PARTIAL: _first_partial,
    Proration.MONTHS_LAST_PARTIAL: _last_partial,
    Proration.DAYS_IN_MONTH: _days_in_month,
}
