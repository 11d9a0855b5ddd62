"""Due times by hand and by the engines that were run (sla.md, section 2), and what must always hold."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealdesk.terms.calendars import (
    Calendar,
    CalendarError,
    ClosedDate,
    OpenInterval,
    SpecialDay,
)
from dealdesk.terms.clock import (
    BusinessDayRule,
    BusinessDays,
    BusinessTime,
    ClockError,
    DayStart,
    Elapsed,
    due,
    elapsed,
)
from dealdesk.terms.opening import NeverOpenError, opening_of

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


@pytest.mark.parametrize(
    ("reported", "by_report", "by_opening"),
    [
        ("2026-11-23 16:30", "2026-11-24 23:00", "2026-11-24 23:00"),  # within Monday's hours
        ("2026-11-23 11:00", "2026-11-24 23:00", "2026-11-24 23:00"),  # before Monday's opening
        ("2026-11-24 02:00", "2026-11-24 23:00", "2026-11-25 23:00"),  # Monday, 21:00: closed
        ("2026-11-28 15:00", "2026-11-30 23:00", "2026-12-01 23:00"),  # Saturday
        ("2026-11-26 15:00", "2026-11-27 23:00", "2026-11-30 23:00"),  # Thanksgiving
    ],
)
def test_business_days_count_after_the_day_that_the_contract_names(
    reported: str, by_report: str, by_opening: str
) -> None:
    rule = BusinessDayRule.END_OF_DAY
    start = utc(reported)
    assert due(start, BusinessDays(1, rule), SUPPORT) == utc(by_report)
    assert due(start, BusinessDays(1, rule, DayStart.OPENING), SUPPORT) == utc(by_opening)


def test_the_same_time_on_a_day_is_bounded_by_its_hours() -> None:
    rule = BusinessDayRule.SAME_TIME
    assert due(utc("2026-11-28 03:30"), BusinessDays(1, rule), SUPPORT) == utc("2026-11-30 23:00")
    assert due(utc("2026-11-28 06:30"), BusinessDays(1, rule), SUPPORT) == utc("2026-11-30 14:00")


BERLIN = Calendar(
    "support",
    "Europe/Berlin",
    (
        OpenInterval(("mon", "tue", "wed", "thu", "fri"), "09:00", "12:30"),
        OpenInterval(("mon", "tue", "wed", "thu", "fri"), "13:00", "17:00"),
    ),
    (ClosedDate(date(2026, 4, 6), "Easter Monday"), ClosedDate(date(2026, 12, 25), "Christmas")),
    special=(SpecialDay(date(2026, 12, 24), "Christmas Eve", (("09:00", "12:00"),)),),
)


def test_scenario_b_of_the_peers() -> None:
    plain = Calendar(
        "support",
        "Europe/Berlin",
        (OpenInterval(("mon", "tue", "wed", "thu", "fri"), "09:00", "17:00"),),
        (ClosedDate(date(2026, 4, 6), "Easter Monday"),),
    )
    four = BusinessTime(4 * 3600)
    assert due(utc("2026-03-13 15:00"), four, plain) == utc("2026-03-16 11:00")
    assert due(utc("2026-04-03 14:00"), four, plain) == utc("2026-04-07 10:00")
    assert due(utc("2026-11-28 23:50"), Elapsed(900), ALWAYS) == utc("2026-11-29 00:05")
    # Friday before the clocks go forward: Monday 12:00 is an hour earlier on the UTC axis.
    assert due(utc("2026-03-27 15:00"), four, plain) == utc("2026-03-30 10:00")


def test_breaks_and_half_days_do_not_run() -> None:
    assert due(utc("2026-12-23 11:00"), BusinessTime(3600), BERLIN) == utc("2026-12-23 12:30")
    assert due(utc("2026-12-24 10:00"), BusinessTime(2 * 3600), BERLIN) == utc("2026-12-28 09:00")
    assert elapsed(utc("2026-12-24 00:00"), utc("2026-12-25 00:00"), BERLIN) == 3 * 3600


FOLLOW_THE_SUN = Calendar(
    "sun",
    "UTC",
    (),
    parts=(
        Calendar("tokyo", "Asia/Tokyo", (OpenInterval(("mon", "tue", "wed", "thu", "fri"), "09:00", "18:00"),)),
        Calendar("berlin", "Europe/Berlin", (OpenInterval(("mon", "tue", "wed", "thu", "fri"), "09:00", "17:00"),)),
        Calendar("new york", "America/New_York", (OpenInterval(("mon", "tue", "wed", "thu", "fri"), "09:00", "18:00"),)),
    ),
)  # fmt: skip


def test_teams_that_follow_the_sun_are_one_calendar() -> None:
    # Tokyo 00-09, Berlin 08-16, New York 14-23 UTC: 23 hours without a gap but the last.
    assert opening_of(FOLLOW_THE_SUN).spans(date(2026, 11, 24)) == (
        (int(utc("2026-11-24 00:00").timestamp()), int(utc("2026-11-24 23:00").timestamp())),
    )
    day = BusinessDays(1, BusinessDayRule.END_OF_DAY)
    assert due(utc("2026-11-23 12:00"), day, FOLLOW_THE_SUN) == utc("2026-11-24 23:00")
    assert due(utc("2026-11-23 22:30"), BusinessTime(3600), FOLLOW_THE_SUN) == utc(
        "2026-11-24 00:30"
    )
    length = BusinessDays(1, BusinessDayRule.OPEN_LENGTH)
    assert due(utc("2026-11-24 00:00"), length, FOLLOW_THE_SUN) == utc("2026-11-24 23:00")


def test_a_time_that_the_clocks_skip_is_the_instant_of_the_change() -> None:
    nights = Calendar("nights", "America/New_York", (OpenInterval(("sun",), "01:30", "02:30"),))
    spans = opening_of(nights).spans(date(2027, 3, 14))
    assert [b - a for a, b in spans] == [1800]
    gone = Calendar("gone", "America/New_York", (OpenInterval(("sun",), "02:10", "02:50"),))
    assert opening_of(gone).spans(date(2027, 3, 14)) == ()


def test_pauses_that_overlap_stop_the_clock_once() -> None:
    start = utc("2026-11-23 14:30")
    both = [(utc("2026-11-23 15:00"), utc("2026-11-23 16:00")), (utc("2026-11-23 15:30"), utc("2026-11-23 17:00"))]  # fmt: skip
    once = [(utc("2026-11-23 15:00"), utc("2026-11-23 17:00"))]
    for amount in (Elapsed(7200), BusinessTime(7200)):
        assert due(start, amount, SUPPORT, both) == due(start, amount, SUPPORT, once)
    with pytest.raises(ClockError, match="ends before it starts"):
        due(start, Elapsed(60), ALWAYS, [(once[0][1], once[0][0])])


def slow_due(start: datetime, seconds: int, calendar: Calendar) -> datetime:
    """Count on through every open interval: the clock as it would be explained."""
    left = seconds
    for begin, end in opening_of(calendar).spans_from(start):
        if left <= end - begin:
            return datetime.fromtimestamp(begin + left, UTC)
        left -= end - begin
    raise AssertionError


@given(INSTANTS, st.integers(1, 3_000_000), st.sampled_from([SUPPORT, BERLIN, FOLLOW_THE_SUN]))
def test_the_quick_clock_is_the_slow_one(start: datetime, seconds: int, calendar: Calendar) -> None:
    end = due(start, BusinessTime(seconds), calendar)
    assert end == slow_due(start, seconds, calendar)
    assert elapsed(start, end, calendar) == seconds


@given(INSTANTS, st.integers(1, 100_000), st.integers(0, 50_000), st.integers(0, 50_000))
def test_a_pause_is_no_time(start: datetime, seconds: int, after: int, length: int) -> None:
    begin = start + timedelta(seconds=after)
    pause = [(begin, begin + timedelta(seconds=length))]
    for amount, calendar in ((BusinessTime(seconds), BERLIN), (Elapsed(seconds), ALWAYS)):
        end = due(start, amount, calendar, pause)
        assert elapsed(start, end, calendar, pause) == seconds


def test_calendars_that_say_two_things_are_refused() -> None:
    eve = SpecialDay(date(2026, 12, 24), "Eve", (("09:00", "12:00"),))
    monday = (OpenInterval(("mon",), "09:00", "10:00"),)
    with pytest.raises(CalendarError, match="2026-12-24 is closed and has hours"):
        Calendar("x", "UTC", monday, (ClosedDate(eve.on, "Eve"),), special=(eve,))
    with pytest.raises(CalendarError, match="not both"):
        Calendar("x", "UTC", monday, parts=(BERLIN,))
    with pytest.raises(CalendarError, match="has no hours"):
        SpecialDay(eve.on, "Eve", ())
    with pytest.raises(CalendarError, match="overlap"):
        SpecialDay(eve.on, "Eve", (("09:00", "12:00"), ("11:00", "13:00")))


def test_the_years_whose_holidays_are_frozen_are_known() -> None:
    assert SUPPORT.frozen_years == range(2026, 2028)
    assert ALWAYS.frozen_years == range(0)
