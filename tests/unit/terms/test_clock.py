"""Due times by hand and by the engines that were run (sla.md, section 2), and what must always hold."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealdesk.terms.calendars import Calendar, CalendarError, ClosedDate, OpenInterval
from dealdesk.terms.clock import (
    BusinessDayRule,
    BusinessDays,
    BusinessTime,
    ClockError,
    Elapsed,
    due,
    elapsed,
)
from dealdesk.terms.opening import NeverOpenError

HOLIDAYS = tuple(
    ClosedDate(date.fromisoformat(day), "closed")
    for day in ("2026-11-26", "2026-12-25", "2027-01-01", "2027-03-15")
)
SUPPORT = Calendar(
    "support",
    "America/New_York",
    (OpenInterval(("mon", "tue", "wed", "thu", "fri"), "09:00", "18:00"),),
    HOLIDAYS,
)
ALWAYS = Calendar.always()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Created, then due for 60 minutes 24x7, 4 business hours, 540 business minutes.
ENGINES = [
    ("2026-11-23 14:30", "2026-11-23 15:30", "2026-11-23 18:30", "2026-11-24 14:30"),
    ("2026-11-25 21:30", "2026-11-25 22:30", "2026-11-27 16:30", "2026-11-27 21:30"),
    ("2027-03-12 21:00", "2027-03-12 22:00", "2027-03-16 15:00", "2027-03-16 20:00"),
    ("2026-10-30 20:00", "2026-10-30 21:00", "2026-11-02 16:00", "2026-11-02 21:00"),
    ("2026-11-28 03:00", "2026-11-28 04:00", "2026-11-30 18:00", "2026-11-30 23:00"),
]


@pytest.mark.parametrize(("created", "sev1", "sev2", "sev3"), ENGINES)
def test_due_times_are_those_that_ticket_systems_computed(
    created: str, sev1: str, sev2: str, sev3: str
) -> None:
    start = utc(created)
    assert due(start, Elapsed(3600), ALWAYS) == utc(sev1)
    assert due(start, BusinessTime(4 * 3600), SUPPORT) == utc(sev2)
    assert due(start, BusinessTime(540 * 60), SUPPORT) == utc(sev3)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (BusinessDayRule.SAME_TIME, "2026-11-27 16:30"),
        (BusinessDayRule.END_OF_DAY, "2026-11-27 23:00"),
        (BusinessDayRule.OPEN_LENGTH, "2026-11-27 16:30"),
    ],
)
def test_one_business_day_over_a_holiday(rule: BusinessDayRule, expected: str) -> None:
    assert due(utc("2026-11-25 16:30"), BusinessDays(1, rule), SUPPORT) == utc(expected)


def test_a_day_on_which_clocks_change_has_the_hours_that_it_has() -> None:
    nights = Calendar("nights", "America/New_York", (OpenInterval(("sun",), "00:00", "24:00"),))
    spring = utc("2027-03-14 05:00")
    assert due(spring, BusinessTime(23 * 3600), nights) == utc("2027-03-15 04:00")
    assert elapsed(spring, utc("2027-03-20 00:00"), nights) == 23 * 3600


def test_a_pause_stops_the_clock() -> None:
    start = utc("2026-11-23 14:30")
    pause = [(utc("2026-11-23 15:30"), utc("2026-11-23 17:30"))]
    assert due(start, BusinessTime(4 * 3600), SUPPORT, pause) == utc("2026-11-23 20:30")
    assert due(start, Elapsed(3600 * 4), ALWAYS, pause) == utc("2026-11-23 20:30")


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ClockError, match="has no time zone"):
        due(datetime(2026, 11, 23), Elapsed(1), ALWAYS)  # noqa: DTZ001 - that is the point


def test_a_calendar_that_never_opens_is_refused() -> None:
    with pytest.raises(CalendarError, match="never opens"):
        Calendar("none", "UTC", ())
    closed = tuple(ClosedDate(date(2026, 1, 5) + timedelta(days=7 * n), "shut") for n in range(800))
    shut = Calendar("shut", "UTC", (OpenInterval(("mon",), "09:00", "10:00"),), closed)
    with pytest.raises(NeverOpenError):
        due(utc("2026-01-01 00:00"), BusinessTime(60), shut)


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0)
)


@given(INSTANTS, st.integers(1, 200_000))
def test_the_time_elapsed_until_due_is_the_amount(start: datetime, seconds: int) -> None:
    assert elapsed(start, due(start, BusinessTime(seconds), SUPPORT), SUPPORT) == seconds
    assert elapsed(start, due(start, Elapsed(seconds), ALWAYS), ALWAYS) == seconds


@given(INSTANTS, st.integers(1, 100_000), st.integers(1, 100_000))
def test_a_longer_amount_is_never_due_earlier(start: datetime, first: int, more: int) -> None:
    short = due(start, BusinessTime(first), SUPPORT)
    assert due(start, BusinessTime(first + more), SUPPORT) > short
    assert due(short, BusinessTime(more), SUPPORT) == due(
        start, BusinessTime(first + more), SUPPORT
    )


@given(INSTANTS, st.integers(1, 30), st.sampled_from(BusinessDayRule))
def test_business_days_end_while_the_calendar_is_open(
    start: datetime, days: int, rule: BusinessDayRule
) -> None:
    end = due(start, BusinessDays(days, rule), SUPPORT)
    assert end > start
    assert (
        elapsed(end - timedelta(seconds=1), end, SUPPORT) == 1 or rule is BusinessDayRule.SAME_TIME
    )
