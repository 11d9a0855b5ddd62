"""The VTIMEZONE of a calendar file: a zone's clocks for a span of years."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from dealdesk.sla.exporters.zone_changes import zone_changes


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
