"""When a zone's clocks change, found to the second."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

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
