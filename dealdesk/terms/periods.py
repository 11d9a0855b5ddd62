"""Measurement periods in a zone: calendar months, quarters and years, in real seconds."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
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
    after = add_months(first, months)
    return MeasuredPeriod(name, first, after, Span(midnight(first, zone), midnight(after, zone)))


def previous_period(period: MeasuredPeriod, zone: str) -> MeasuredPeriod:
    """Return the period of the same length just before."""
    months = (period.after.year - period.first.year) * _MONTHS + (
        period.after.month - period.first.month
    )
    first = add_months(period.first, -months)
    return read_period(period_name(first, months), zone)


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


def midnight(day: date, zone: str) -> int:
    """Return the epoch second at which a local day starts."""
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return int(local.astimezone(UTC).timestamp())
