"""When a calendar is open, as intervals on the UTC axis: what the response clock counts on.

Elapsed seconds are counted in UTC between local opening and closing times, so that days on which
clocks change have the hours that they really have.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dealdesk.kernel.errors import DomainError
from dealdesk.terms.calendars import DAYS, MINUTES_A_DAY, Calendar, minute_of_day

_DAY = timedelta(days=1)
# A calendar that is closed for longer than this never opens, as far as a contract is concerned.
HORIZON_DAYS = 3700


class NeverOpenError(DomainError):
    """The calendar does not open again within ten years."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A calendar prepared for counting: minutes by weekday, closed dates, zone."""

    zone: ZoneInfo
    by_weekday: tuple[tuple[tuple[int, int], ...], ...]
    closed: frozenset[date]

    def spans(self, day: date) -> tuple[tuple[int, int], ...]:
        """Return the open intervals of a local day in epoch seconds, in order."""
        if day in self.closed:
            return ()
        return _utc_spans(self.zone, day, self.by_weekday[day.weekday()])

    def local_day(self, at: datetime) -> date:
        """Return the calendar's own date at an instant."""
        return at.astimezone(self.zone).date()

    def spans_from(self, at: datetime) -> Iterator[tuple[int, int]]:
        """Yield open intervals from an instant on; the first starts no earlier than it.

        Raise NeverOpenError when nothing opens within ten years.
        """
        instant, day, idle = int(at.timestamp()), self.local_day(at), 0
        while idle < HORIZON_DAYS:
            idle += 1
            for start, end in self.spans(day):
                if end > instant:
                    idle = 0
                    yield max(start, instant), end
            day += _DAY
        raise NeverOpenError.of("never-open", "The calendar does not open within ten years.")

    def is_open_on(self, day: date) -> bool:
        """Tell whether the calendar opens at all on a local date."""
        return day not in self.closed and bool(self.by_weekday[day.weekday()])


@lru_cache(maxsize=4096)
def _utc_spans(
    zone: ZoneInfo, day: date, minutes: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    spans = ((_epoch(zone, day, a), _epoch(zone, day, b)) for a, b in minutes)
    return tuple((start, end) for start, end in spans if end > start)


def _epoch(zone: ZoneInfo, day: date, minute: int) -> int:
    """Return a local minute of a day in epoch seconds; 24:00 is the next day's midnight."""
    if minute == MINUTES_A_DAY:
        day, minute = day + _DAY, 0
    return int(
        datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone).timestamp()
    )


@lru_cache(maxsize=256)
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
    )


def instant(epoch: int) -> datetime:
    """Return epoch seconds as an aware UTC instant."""
    return datetime.fromtimestamp(epoch, UTC)


def open_length(opening: Opening) -> int:
    """Return the seconds of one business day: the longest day of the week's hours."""
    return 60 * max(sum(b - a for a, b in spans) for spans in opening.by_weekday)
