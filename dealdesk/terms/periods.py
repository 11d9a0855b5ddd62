"""Measurement periods in a zone: months, quarters, years, billing months, rolling twelve."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from dealdesk.kernel.errors import DomainError

_QUARTER = 3
_MONTHS = 12


class PeriodKind(StrEnum):
    """Over what availability is measured."""

    CALENDAR_MONTH = "calendar_month"
    CALENDAR_QUARTER = "calendar_quarter"
    CALENDAR_YEAR = "calendar_year"
    BILLING_MONTH = "billing_month"
    ROLLING_12_MONTHS = "rolling_12_months"


MONTHS = {
    PeriodKind.CALENDAR_MONTH: 1,
    PeriodKind.CALENDAR_QUARTER: _QUARTER,
    PeriodKind.CALENDAR_YEAR: _MONTHS,
    PeriodKind.BILLING_MONTH: 1,
    PeriodKind.ROLLING_12_MONTHS: _MONTHS,
}


class PeriodError(DomainError):
    """A period that can't be read."""


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open interval of epoch seconds."""

    start: int
    end: int

    @property
    def seconds(self) -> int:
        """How long it is."""
        return max(0, self.end - self.start)

    def overlap(self, other: "Span") -> "Span":
        """Return what both share; empty spans have no seconds."""
        return Span(max(self.start, other.start), min(self.end, other.end))


@dataclass(frozen=True, slots=True)
class MeasuredPeriod:
    """A named period, "2028-02" or "2028-Q1" or "2028", with its days and its span in a zone."""

    name: str
    first: date
    after: date
    span: Span


@lru_cache(maxsize=1024)
def read_period(name: str, zone: str) -> MeasuredPeriod:
    """Return the period that a name means in a zone. Raise PeriodError for another name."""
    year, _, rest = name.partition("-")
    try:
        if not rest:
            first, months = date(int(year), 1, 1), _MONTHS
        elif rest.startswith("Q"):
            first, months = date(int(year), _QUARTER * (int(rest[1:]) - 1) + 1, 1), _QUARTER
        else:
            first, months = date(int(year), int(rest), 1), 1
    except ValueError as error:
        raise PeriodError.of(
            "bad-period",
            f"“{name}” is not a period.",
            remedy="Write a month as 2028-02, a quarter as 2028-Q1, a year as 2028.",
        ) from error
    return _between(name, first, add_months(first, months), zone)


def measured_period(kind: PeriodKind, name: str, zone: str, billing_day: int = 1) -> MeasuredPeriod:
    """Return the period of a kind that a name means in a zone.

    A billing month is named by the month in which it starts, twelve rolling months by the last of
    them. Raise PeriodError for a name of another kind.
    """
    named = read_period(name, zone)
    months = _months_between(named.first, named.after)
    wanted = 1 if kind is PeriodKind.ROLLING_12_MONTHS else MONTHS[kind]
    if months != wanted:
        words = kind.value.replace("_", " ")
        raise PeriodError.of(
            "other-period",
            f"“{name}” is not a {words}, over which this contract measures.",
            remedy=f"Use {period_name(named.first, wanted)}.",
        )
    if kind is PeriodKind.BILLING_MONTH:
        first, after = (day.replace(day=billing_day) for day in (named.first, named.after))
        return _between(name, first, after, zone)
    if kind is PeriodKind.ROLLING_12_MONTHS:
        return _between(name, add_months(named.after, -_MONTHS), named.after, zone)
    return named


def earlier_period(kind: PeriodKind, name: str, zone: str, billing_day: int = 1) -> MeasuredPeriod:
    """Return the period of a kind just before the one with a name; rolling ones move by a month."""
    named = read_period(name, zone)
    months = _months_between(named.first, named.after)
    before = period_name(add_months(named.first, -months), months)
    return measured_period(kind, before, zone, billing_day)


def period_holding(kind: PeriodKind, at: datetime, zone: str, billing_day: int = 1) -> str:
    """Return the name of the period of a kind in which an instant lies."""
    day = at.astimezone(ZoneInfo(zone)).date()
    first = day.replace(day=1)
    if kind is PeriodKind.BILLING_MONTH and day.day < billing_day:
        first = add_months(first, -1)
    months = 1 if kind is PeriodKind.ROLLING_12_MONTHS else MONTHS[kind]
    return period_name(first, months)


def _between(name: str, first: date, after: date, zone: str) -> MeasuredPeriod:
    return MeasuredPeriod(name, first, after, Span(midnight(first, zone), midnight(after, zone)))


def _months_between(first: date, after: date) -> int:
    return (after.year - first.year) * _MONTHS + after.month - first.month


def period_name(first: date, months: int) -> str:
    """Return the name of the period that starts on a date."""
    if months == _MONTHS:
        return f"{first.year:04d}"
    if months == _QUARTER:
        return f"{first.year:04d}-Q{(first.month - 1) // _QUARTER + 1}"
    return f"{first.year:04d}-{first.month:02d}"


def add_months(day: date, months: int) -> date:
    """Return the first of the month so many months on."""
    index = day.year * _MONTHS + day.month - 1 + months
    return date(index // _MONTHS, index % _MONTHS + 1, 1)


@lru_cache(maxsize=4096)
def midnight(day: date, zone: str) -> int:
    """Return the epoch second at which a local day starts."""
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return int(local.astimezone(UTC).timestamp())
