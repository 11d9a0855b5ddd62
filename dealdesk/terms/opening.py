"""When a calendar is open, as intervals on the UTC axis: what the response clock counts on.

Elapsed seconds are counted in UTC between local opening and closing times, so that days on which
clocks change have the hours that they really have: a local time that a change of clocks skips is
the instant of the change, one that it repeats is the first of the two.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import TypeAlias
from zoneinfo import ZoneInfo

from dealdesk.kernel.errors import DomainError
from dealdesk.terms.calendars import DAYS, MINUTES_A_DAY, Calendar, minute_of_day
from dealdesk.terms.intervals import Interval, clipped, joined

_DAY = timedelta(days=1)
# A calendar that is closed for longer than this never opens, as far as a contract is concerned.
HORIZON_DAYS = 3700
HORIZON_YEARS = 10
# A whole year, summer and winter, tells how long the longest day of several teams is.
_YEAR_FROM, _YEAR_DAYS = date(2027, 1, 1), 365

Minutes: TypeAlias = tuple[Interval, ...]


class NeverOpenError(DomainError):
    """The calendar does not open again within ten years."""


def never_open() -> NeverOpenError:
    """Return the error for a calendar that stays closed."""
    return NeverOpenError.of("never-open", "The calendar does not open within ten years.")


@dataclass(frozen=True, slots=True)
class Year:
    """The open intervals of a UTC year, and the open seconds before each of them."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    seconds: int


@dataclass(frozen=True, slots=True)
class Opening:
    """A calendar prepared for counting: minutes by weekday, closed and special dates, zone.

    A follow-the-sun calendar has `parts` instead of hours: it is open while any of them is.
    Years and days are worked out once and kept.
    """

    zone: ZoneInfo
    by_weekday: tuple[Minutes, ...]
    closed: frozenset[date]
    special: Mapping[date, Minutes] = field(default_factory=dict, hash=False)
    parts: tuple["Opening", ...] = ()
    _days: dict[date, tuple[Interval, ...]] = field(default_factory=dict, compare=False, repr=False)
    _years: dict[int, Year] = field(default_factory=dict, compare=False, repr=False)
    _open_days: dict[int, tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)
    _midnights: dict[date, int | None] = field(default_factory=dict, compare=False, repr=False)
    _length: list[int] = field(default_factory=list, compare=False, repr=False)

    def spans(self, day: date) -> tuple[Interval, ...]:
        """Return the open intervals of a local day in epoch seconds, in order."""
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = self._union(day) if self.parts else self._hours(day)
        return known

    def _hours(self, day: date) -> tuple[Interval, ...]:
        if day in self.closed:
            return ()
        minutes = self.special.get(day, self.by_weekday[day.weekday()])
        spans = ((epoch(self.zone, day, a), epoch(self.zone, day, b)) for a, b in minutes)
        return tuple((start, end) for start, end in spans if end > start)

    def _union(self, day: date) -> tuple[Interval, ...]:
        """Return what any part is open, within the local day."""
        first, last = epoch(self.zone, day, 0), epoch(self.zone, day, MINUTES_A_DAY)
        if day in self.closed:
            return ()
        near = (day + n * _DAY for n in range(-2, 3))
        spans = (span for other in near for part in self.parts for span in part.spans(other))
        return clipped(joined(spans), first, last)

    def year(self, number: int) -> Year:
        """Return a UTC year's open intervals; what lies over its ends is cut there."""
        known = self._years.get(number)
        if known is None:
            known = self._years[number] = self._year(number)
        return known

    def _year(self, number: int) -> Year:
        first, last = (int(datetime(y, 1, 1, tzinfo=UTC).timestamp()) for y in (number, number + 1))
        start, end = date(number, 1, 1) - _DAY, date(number + 1, 1, 1) + _DAY
        days = (start + n * _DAY for n in range((end - start).days))
        spans = clipped((span for day in days for span in self.spans(day)), first, last)
        lengths = list(accumulate((b - a for a, b in spans), initial=0))
        return Year(
            starts=tuple(a for a, _ in spans),
            ends=tuple(b for _, b in spans),
            before=tuple(lengths[:-1]),
            seconds=lengths[-1],
        )

    def open_days(self, year: int) -> tuple[int, ...]:
        """Return the ordinals of a local year's dates on which the calendar opens."""
        known = self._open_days.get(year)
        if known is None:
            first, after = date(year, 1, 1), date(year + 1, 1, 1)
            days = (first + n * _DAY for n in range((after - first).days))
            known = tuple(day.toordinal() for day in days if self.is_open_on(day))
            self._open_days[year] = known
        return known

    def business_day(self, day: date, count: int) -> date:
        """Return the count-th date after a day on which the calendar opens."""
        ordinal, left = day.toordinal(), count
        for year in range(day.year, day.year + HORIZON_YEARS + 1):
            days = self.open_days(year)
            index = bisect_right(days, ordinal) + left - 1
            if index < len(days):
                return date.fromordinal(days[index])
            left -= len(days) - bisect_right(days, ordinal)
        raise never_open()

    def at(self, day: date, seconds: int) -> int:
        """Return the epoch second of a local time of a day, given in seconds since midnight."""
        if day not in self._midnights:
            first, last = epoch(self.zone, day, 0), epoch(self.zone, day, MINUTES_A_DAY)
            # None marks a day on which clocks change; only there the zone has to be asked.
            self._midnights[day] = first if last - first == MINUTES_A_DAY * 60 else None
        midnight = self._midnights[day]
        if midnight is not None:
            return midnight + seconds
        return epoch(self.zone, day, seconds // 60) + seconds % 60

    def day_length(self) -> int:
        """Return the seconds of one business day: the longest day of the week's hours."""
        if not self._length:
            if self.parts:
                days = (_YEAR_FROM + n * _DAY for n in range(_YEAR_DAYS))
                longest = max(sum(b - a for a, b in self.spans(day)) for day in days)
            else:
                longest = 60 * max(sum(b - a for a, b in spans) for spans in self.by_weekday)
            self._length.append(longest)
        return self._length[0]

    def local_day(self, at: datetime) -> date:
        """Return the calendar's own date at an instant."""
        return at.astimezone(self.zone).date()

    def spans_from(self, at: datetime) -> Iterator[Interval]:
        """Yield open intervals from an instant on; the first starts no earlier than it.

        Raise NeverOpenError when nothing opens within ten years.
        """
        instant_, day, idle = int(at.timestamp()), self.local_day(at), 0
        while idle < HORIZON_DAYS:
            idle += 1
            for start, end in self.spans(day):
                if end > instant_:
                    idle = 0
                    yield max(start, instant_), end
            day += _DAY
        raise never_open()

    def is_open_on(self, day: date) -> bool:
        """Tell whether the calendar opens at all on a local date."""
        return bool(self.spans(day))


def epoch(zone: ZoneInfo, day: date, minute: int) -> int:
    """Return a local minute of a day in epoch seconds; 24:00 is the next day's midnight."""
    if minute == MINUTES_A_DAY:
        day, minute = day + _DAY, 0
    local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    after, before = (int(local.replace(fold=fold).timestamp()) for fold in (0, 1))
    if before >= after:
        return after
    # The clocks skip this time: find the second at which they do.
    offset = datetime.fromtimestamp(before, zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


@lru_cache(maxsize=1024)
def opening_of(calendar: Calendar) -> Opening:
    """Return a calendar prepared for counting."""
    return Opening(
        zone=ZoneInfo(calendar.zone),
        by_weekday=tuple(
            tuple(
                sorted(
                    (minute_of_day(i.opens), minute_of_day(i.closes))
                    for i in calendar.weekly
                    if day in i.days
                )
            )
            for day in DAYS
        ),
        closed=frozenset(closed.on for closed in calendar.closed),
        special={
            day.on: tuple((minute_of_day(a), minute_of_day(b)) for a, b in day.hours)
            for day in calendar.special
        },
        parts=tuple(opening_of(part) for part in calendar.parts),
    )


def instant(seconds: int) -> datetime:
    """Return epoch seconds as an aware UTC instant."""
    return datetime.fromtimestamp(seconds, UTC)


def open_length(opening: Opening) -> int:
    """Return the seconds of one business day: the longest day of the week's hours."""
    return opening.day_length()
