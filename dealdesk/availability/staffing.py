"""When somebody has to be there: the hours that follow from all promises for a severity."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from dealdesk.sla.model import SlaTerms, Target
from dealdesk.terms.calendars import Calendar
from dealdesk.terms.intervals import Intervals, clipped, joined, seconds_in
from dealdesk.terms.opening import instant, opening_of
from dealdesk.terms.periods import midnight

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Staffing:
    """When somebody has to be there for a severity: hours of one week, in a zone.

    `calendar` is None for day and night; else it is open while any agreement's calendar is.
    """

    severity: str
    calendar: Calendar | None
    week: Intervals
    hours: Fraction


def promised_by(
    terms: Sequence[SlaTerms],
) -> dict[tuple[int, str, str], list[tuple[SlaTerms, Target]]]:
    """Return every promise by rank, severity and metric; severities meet by their rank's name."""
    found: dict[tuple[int, str, str], list[tuple[SlaTerms, Target]]] = {}
    for one in terms:
        ranks = {severity.id: severity.rank for severity in one.severities}
        for target in one.targets:
            key = (ranks[target.severity], target.severity, target.metric)
            found.setdefault(key, []).append((one, target))
    return found


def staffing_of(terms: Sequence[SlaTerms], day: date, zone: str) -> Iterator[Staffing]:
    """Yield for each severity the hours of the week, in a zone, in which a day lies."""
    monday = day - timedelta(days=day.weekday())
    first, last = midnight(monday, zone), midnight(monday + timedelta(days=_WEEK), zone)
    calendars: dict[tuple[int, str], dict[Calendar, None]] = {}
    for (rank, severity, _), promised in promised_by(terms).items():
        own = calendars.setdefault((rank, severity), {})
        own.update(dict.fromkeys(one.calendars[target.calendar] for one, target in promised))
    for (_, severity), found in sorted(calendars.items()):
        if any(calendar.always_open for calendar in found):
            week: Intervals = ((first, last),)
            yield Staffing(severity, None, week, Fraction(last - first, 3600))
            continue
        parts = tuple(part for one in found for part in (one.parts or (one,)))
        union = Calendar(f"{severity} staffing", zone, (), parts=parts)
        days = (monday + timedelta(days=n) for n in range(-1, _WEEK + 1))
        spans = joined(span for one in days for span in opening_of(union).spans(one))
        week = clipped(spans, first, last)
        yield Staffing(severity, union, week, Fraction(seconds_in(week), 3600))


def week_text(staffing: Staffing, zone: str) -> Iterator[str]:
    """Yield the hours of a week, one stretch each: "Mon 09:00 to 18:00"."""
    local = ZoneInfo(zone)
    for start, end in staffing.week:
        a, b = (instant(at).astimezone(local) for at in (start, end))
        until = f"{b:%H:%M}" if a.date() == b.date() else f"{b:%a %H:%M}"
        yield f"{a:%a %H:%M} to {until}"
