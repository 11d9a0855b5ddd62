"""Periods of days and whole months, with month ends kept: the calendar under every price."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `start` to `end`, both inclusive."""

    start: date
    end: date

    @classmethod
    def of_days(cls, start: date, days: int) -> "Period":
        """Return so many days from `start` on, or the so many days before it when negative."""
        if days < 0:
            return cls(start + timedelta(days=days), start - _DAY)
        return cls(start, start + timedelta(days=days - 1))

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    @property
    def after(self) -> date:
        """The first day after it."""
        return self.end + _DAY

    def overlap(self, other: "Period") -> "Period | None":
        """Return the days that both have, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start <= end else None

    def contains(self, other: "Period") -> bool:
        """Tell whether the other lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


def month_length(day: date) -> int:
    """Return how many days the day's month has."""
    return calendar.monthrange(day.year, day.month)[1]


def add_months(day: date, months: int, anchor_day: int = 0) -> date:
    """Return the same day of a later (or earlier) month; a day that it lacks becomes its last.

    Count from the first day each time, never from a result: 31 Jan, 28 Feb, 31 Mar. `anchor_day`
    asks for another day of the month than `day` has.
    """
    index = day.year * MONTHS_A_YEAR + day.month - 1 + months
    first = date(index // MONTHS_A_YEAR, index % MONTHS_A_YEAR + 1, 1)
    return first.replace(day=min(anchor_day or day.day, month_length(first)))


def term_of(start: date, months: int) -> Period:
    """Return the term of so many months: it ends the day before its last anniversary."""
    return Period(start, add_months(start, months) - _DAY)


def _month_number(day: date, origin: date) -> int:
    return (day.year - origin.year) * MONTHS_A_YEAR + day.month - origin.month


def whole_months(period: Period, origin: date) -> int | None:
    """Return how many whole months the period is, counted from `origin` or its own start, or None.

    The origin is the term's first day, whose day of the month the anniversaries keep.
    """
    for base in (origin, period.start):
        first, after = _month_number(period.start, base), _month_number(period.after, base)
        aligned = (
            add_months(base, first) == period.start and add_months(base, after) == period.after
        )
        if aligned and after > first:
            return after - first
    return None


def months_within(period: Period) -> int:
    """Return how many whole months from its start on fit into the period."""
    months = _month_number(period.after, period.start)
    return months if add_months(period.start, months) <= period.after else months - 1


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a split term; `months` is 0 where the term's start or end cuts it short."""

    period: Period
    months: int


def contract_years(term: Period) -> tuple[Period, ...]:
    """Return each contract year; the last one may be shorter."""
    return tuple(step.period for step in split(term, MONTHS_A_YEAR))


def split(term: Period, months: int, anchor_day: int = 0) -> Iterator[Step]:
    """Yield the term in steps of so many months, cut at its start and its end.

    With `anchor_day`, steps begin on that day of the month (or the month's last day), so the
    first one is short unless the term starts on it.
    """
    begin = term.start
    for cut, is_whole in _cuts(term.start, months, anchor_day or term.start.day):
        if cut > term.end:
            yield Step(Period(begin, term.end), months if is_whole and cut == term.after else 0)
            return
        yield Step(Period(begin, cut - _DAY), months if is_whole else 0)
        begin = cut


def _cuts(start: date, months: int, anchor_day: int) -> Iterator[tuple[date, bool]]:
    """Yield the first day of each following step and whether the step before it is whole."""
    index = 0 if add_months(start, 0, anchor_day) >= start else 1
    if add_months(start, index, anchor_day) != start:
        yield add_months(start, index, anchor_day), False
    while True:
        index += months
        yield add_months(start, index, anchor_day), True
