"""When a zone's clocks change, and the VTIMEZONE that says so for a span of years."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Change:
    """An instant at which a zone's offset changes."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_daylight: bool


@lru_cache(maxsize=512)
def zone_changes(zone: str, first: date, last: date) -> tuple[Change, ...]:
    """Return the changes of a zone's clocks between two dates, in order, to the second."""
    return tuple(_changes(ZoneInfo(zone), first, last))


def _changes(zone: ZoneInfo, first: date, last: date) -> Iterator[Change]:
    start = int(datetime.combine(first, time(), UTC).timestamp())
    stop = int(datetime.combine(last, time(), UTC).timestamp())
    for begin in range(start, stop, _DAY):
        if _offset(zone, begin) == _offset(zone, begin + _DAY):
            continue
        low, high = begin, begin + _DAY
        while high - low > 1:
            middle = (low + high) // 2
            if _offset(zone, middle) == _offset(zone, begin):
                low = middle
            else:
                high = middle
        local = datetime.fromtimestamp(high, zone)
        yield Change(
            datetime.fromtimestamp(high, UTC),
            _offset(zone, low),
            _offset(zone, high),
            local.tzname() or zone.key,
            bool(local.dst()),
        )


def _offset(zone: ZoneInfo, at: int) -> timedelta:
    return datetime.fromtimestamp(at, zone).utcoffset() or timedelta()


@lru_cache(maxsize=512)
def vtimezone(zone: str, first: date, last: date) -> Timezone:
    """Return the zone for an iCalendar file, right from the first date to the last.

    Each change is its own part: its start is the local time just before the change, as RFC 5545
    (3.6.5) has it.
    """
    component = Timezone()
    component.add("TZID", zone)
    start = datetime.combine(first, time(), ZoneInfo(zone))
    offset = start.utcoffset() or timedelta()
    component.add_component(
        _part(start.replace(tzinfo=None), offset, offset, start.tzname() or zone, bool(start.dst()))
    )
    for change in zone_changes(zone, first, last):
        onset = (change.at + change.before).replace(tzinfo=None)
        component.add_component(
            _part(onset, change.before, change.after, change.name, change.is_daylight)
        )
    return component


def _part(
    onset: datetime,
    before: timedelta,
    after: timedelta,
    name: str,
    is_daylight: bool,  # noqa: FBT001 - the kind of part
) -> TimezoneStandard | TimezoneDaylight:
    part = TimezoneDaylight() if is_daylight else TimezoneStandard()
    part.add("DTSTART", onset)
    part.add("TZOFFSETFROM", before)
    part.add("TZOFFSETTO", after)
    part.add("TZNAME", name)
    return part
