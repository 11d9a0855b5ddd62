"""The response clock: when an answer is due, and how much of the time has run.

Amounts are elapsed time, business time, or business days by a stated rule; "one business day"
means five things in five systems, so a contract says by which rule it ends and after which day it
counts: that of the report, or that on which support next opens. Where business time ends exactly
at a closing, the closing moment is the due time. Due times are whole seconds.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from dealdesk.kernel.errors import DomainError
from dealdesk.terms.calendars import Calendar
from dealdesk.terms.intervals import Interval, joined
from dealdesk.terms.opening import (
    HORIZON_YEARS,
    Opening,
    instant,
    never_open,
    open_length,
    opening_of,
)

_DAY = 86_400


class BusinessDayRule(StrEnum):
    """What "n business days" means.

    The same local time on the n-th business day after, that day's end, or n times the open length
    of a business day counted as business time.
    """

    SAME_TIME = "same_time"
    END_OF_DAY = "end_of_day"
    OPEN_LENGTH = "open_length"


class DayStart(StrEnum):
    """After which day "n business days" start to count: that of the report, or of next opening."""

    REPORT = "report"
    OPENING = "opening"


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Seconds that run day and night."""

    seconds: int


@dataclass(frozen=True, slots=True)
class BusinessTime:
    """Seconds that run while the calendar is open."""

    seconds: int


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """Business days after a stated day, ended by a stated rule."""

    days: int
    rule: BusinessDayRule
    start: DayStart = DayStart.REPORT


Amount: TypeAlias = Elapsed | BusinessTime | BusinessDays
Pause: TypeAlias = tuple[datetime, datetime]


class ClockError(DomainError):
    """An instant without a zone, or a pause that ends before it starts."""


def due(
    start: datetime, amount: Amount, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> datetime:
    """Return the UTC instant at which an amount of time from `start` has run.

    Pauses stop the clock; where they overlap they stop it once. Raise ClockError for an instant
    without zone, NeverOpenError for a calendar that doesn't open again.
    """
    _refuse_naive(start)
    begin = int(start.timestamp())
    stopped = _stopped(pauses) if pauses else ()
    if isinstance(amount, BusinessDays):
        if not calendar.always_open:
            return instant(_due_days(start, amount, opening_of(calendar), stopped))
        seconds = amount.days * _DAY
    else:
        seconds = amount.seconds
        if isinstance(amount, BusinessTime) and not calendar.always_open:
            return instant(_due_business(begin, seconds, opening_of(calendar), stopped))
    return instant(_after_pauses(begin, begin + seconds, stopped))


def _refuse_naive(at: datetime) -> None:
    if at.tzinfo is None:
        raise ClockError.of(
            "no-zone", f"{at.isoformat()} has no time zone.", remedy="Add one, such as +00:00 or Z."
        )


def _stopped(pauses: Sequence[Pause]) -> tuple[Interval, ...]:
    """Return pauses in epoch seconds, joined. Raise ClockError for one that is none."""
    for begin, stop in pauses:
        _refuse_naive(begin)
        _refuse_naive(stop)
        if stop < begin:
            raise ClockError.of("bad-pause", "A pause ends before it starts.")
    return joined((int(a.timestamp()), int(b.timestamp())) for a, b in pauses)


def _after_pauses(start: int, end: int, pauses: Sequence[Interval]) -> int:
    """Return the end moved by every pause that lies in the time that runs."""
    for begin, stop in pauses:
        if begin >= end:
            break
        end += max(0, stop - max(begin, start))
    return end


def _due_business(start: int, seconds: int, opening: Opening, pauses: Sequence[Interval]) -> int:
    """Return when so many open seconds have run; a closing is the end, not the next opening."""
    if pauses:
        return _due_paused(start, seconds, opening, pauses)
    number = instant(start).year
    left = seconds
    for y in range(number, number + HORIZON_YEARS + 1):
        year = opening.year(y)
        index = bisect_right(year.ends, start)
        if index == len(year.ends):
            continue
        # Open seconds of the year up to the instant at which the clock stands.
        run = year.before[index] + max(0, start - year.starts[index])
        if run + left <= year.seconds:
            at = max(index, bisect_left(year.before, run + left) - 1)
            return year.starts[at] + run + left - year.before[at]
        left -= year.seconds - run
    raise never_open()


def _due_paused(start: int, seconds: int, opening: Opening, pauses: Sequence[Interval]) -> int:
    left = seconds
    for begin, end in opening.spans_from(instant(start)):
        for a, b in _without(begin, end, pauses):
            if left <= b - a:
                return a + left
            left -= b - a
    raise never_open()


def _without(start: int, end: int, pauses: Sequence[Interval]) -> list[Interval]:
    """Return what is left of an interval once the pauses are taken out."""
    left, position = [], start
    for begin, stop in pauses:
        if stop <= position or begin >= end:
            continue
        if begin > position:
            left.append((position, begin))
        position = max(position, stop)
    if position < end:
        left.append((position, end))
    return left


def _due_days(
    start: datetime, amount: BusinessDays, opening: Opening, pauses: Sequence[Interval]
) -> int:
    """Return the end of the last business day, or the same time on it, within its hours."""
    begin = int(start.timestamp())
    if amount.rule is BusinessDayRule.OPEN_LENGTH:
        return _due_business(begin, amount.days * open_length(opening), opening, pauses)
    if amount.start is DayStart.OPENING:
        begin = next(opening.spans_from(start))[0]
    local = datetime.fromtimestamp(begin, opening.zone)
    day = opening.business_day(local.date(), amount.days)
    spans = opening.spans(day)
    if amount.rule is BusinessDayRule.END_OF_DAY:
        return _after_pauses(begin, spans[-1][1], pauses)
    same = opening.at(day, local.hour * 3600 + local.minute * 60 + local.second)
    # On a shorter day the same time may be closed; the day's hours bound it.
    return _after_pauses(begin, min(max(same, spans[0][0]), spans[-1][1]), pauses)


def elapsed(
    start: datetime, end: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> int:
    """Return the seconds that the clock has run from `start` to `end` on a calendar."""
    _refuse_naive(start)
    _refuse_naive(end)
    if end <= start:
        return 0
    begin, stop = int(start.timestamp()), int(end.timestamp())
    paused = _stopped(pauses) if pauses else ()
    if calendar.always_open:
        return sum(b - a for a, b in _without(begin, stop, paused))
    opening = opening_of(calendar)
    total = 0
    for number in range(instant(begin).year, instant(stop).year + 1):
        year = opening.year(number)
        first = bisect_right(year.ends, begin)
        for index in range(first, bisect_left(year.starts, stop)):
            a, b = max(begin, year.starts[index]), min(stop, year.ends[index])
            total += sum(d - c for c, d in _without(a, b, paused)) if paused else b - a
    return total
