"""The response clock: when an answer is due, and how much of the time has run.

Amounts are elapsed time, business time, or business days by a stated rule; "one business day"
means five things in five systems (sla.md, section 4), so a contract names one of three here.
Where business time ends exactly at a closing, the closing moment is the due time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from dealdesk.kernel.errors import DomainError
from dealdesk.terms.calendars import Calendar
from dealdesk.terms.opening import NeverOpenError, Opening, instant, open_length, opening_of


class BusinessDayRule(StrEnum):
    """What "n business days" means.

    The same local time on the n-th business day after, that day's end, or n times the open length
    of a business day counted as business time.
    """

    SAME_TIME = "same_time"
    END_OF_DAY = "end_of_day"
    OPEN_LENGTH = "open_length"


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
    """Business days, counted by a stated rule."""

    days: int
    rule: BusinessDayRule


Amount: TypeAlias = Elapsed | BusinessTime | BusinessDays
Pause: TypeAlias = tuple[datetime, datetime]


class ClockError(DomainError):
    """An instant without a zone, or a pause that ends before it starts."""


def due(
    start: datetime, amount: Amount, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> datetime:
    """Return the UTC instant at which an amount of time from `start` has run.

    Pauses (aware, not overlapping) stop the clock. Raise ClockError for an instant without zone,
    NeverOpenError for a calendar that doesn't open again.
    """
    _refuse_naive(start)
    match amount:
        case Elapsed(seconds=seconds):
            return _after_pauses(start, start + timedelta(seconds=seconds), pauses).astimezone(
                instant(0).tzinfo
            )
        case BusinessTime(seconds=seconds) if calendar.always_open:
            return due(start, Elapsed(seconds), calendar, pauses)
        case BusinessTime(seconds=seconds):
            return _due_business(start, seconds, opening_of(calendar), pauses)
        case BusinessDays(days=days, rule=rule):
            return _due_days(start, days, rule, calendar, pauses)


def _refuse_naive(at: datetime) -> None:
    if at.tzinfo is None:
        raise ClockError.of(
            "no-zone", f"{at.isoformat()} has no time zone.", remedy="Add one, such as +00:00 or Z."
        )


def _after_pauses(start: datetime, end: datetime, pauses: Sequence[Pause]) -> datetime:
    """Return the end moved by every pause that lies in the time that runs."""
    for begin, stop in sorted(pauses):
        if stop < begin:
            raise ClockError.of("bad-pause", "A pause ends before it starts.")
        if begin >= end or stop <= start:
            continue
        end += stop - max(begin, start)
    return end


def _due_business(
    start: datetime, seconds: int, opening: Opening, pauses: Sequence[Pause]
) -> datetime:
    left = seconds
    paused = sorted((int(a.timestamp()), int(b.timestamp())) for a, b in pauses)
    for begin, end in opening.spans_from(start):
        for a, b in _without(begin, end, paused):
            if left <= b - a:
                return instant(a + left)
            left -= b - a
    raise NeverOpenError.of("never-open", "The calendar does not open again.")


def _without(start: int, end: int, pauses: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
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
    start: datetime, days: int, rule: BusinessDayRule, calendar: Calendar, pauses: Sequence[Pause]
) -> datetime:
    if calendar.always_open:
        return due(start, Elapsed(days * 86_400), calendar, pauses)
    opening = opening_of(calendar)
    if rule is BusinessDayRule.OPEN_LENGTH:
        return _due_business(start, days * open_length(opening), opening, pauses)
    begin = instant(next(opening.spans_from(start))[0])
    day = opening.local_day(begin)
    counted = 0
    while counted < days:
        day += timedelta(days=1)
        if (day - opening.local_day(begin)).days > 3700:  # noqa: PLR2004 - ten years
            raise NeverOpenError.of("never-open", "The calendar does not open within ten years.")
        counted += opening.is_open_on(day)
    spans = opening.spans(day)
    if rule is BusinessDayRule.END_OF_DAY:
        end = instant(spans[-1][1])
    else:
        local = begin.astimezone(opening.zone)
        same = datetime.combine(day, local.time(), opening.zone)
        # On a shorter day the same time may be closed; the day's last opening ends it.
        end = min(max(same, instant(spans[0][0])), instant(spans[-1][1])).astimezone(
            instant(0).tzinfo
        )
    return _after_pauses(start, end, pauses)


def elapsed(
    start: datetime, end: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> int:
    """Return the seconds that the clock has run from `start` to `end` on a calendar."""
    _refuse_naive(start)
    _refuse_naive(end)
    if end <= start:
        return 0
    stop = int(end.timestamp())
    paused = sorted((int(a.timestamp()), int(b.timestamp())) for a, b in pauses)
    if calendar.always_open:
        return sum(b - a for a, b in _without(int(start.timestamp()), stop, paused))
    total = 0
    for begin, close in opening_of(calendar).spans_from(start):
        if begin >= stop:
            break
        total += sum(b - a for a, b in _without(begin, min(close, stop), paused))
    return total
