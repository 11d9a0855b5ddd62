"""iCalendar: support hours (RFC 7953), closed dates, and the dates that the contract counts to."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Availability, Available, Event
from icalendar import Calendar as File

from dealdesk.sla.availability_terms import Availability as Promised
from dealdesk.sla.exporters.clocks import no_times
from dealdesk.sla.exporters.export import (
    Export,
    ExportedFile,
    Faithful,
    Fidelity,
    Options,
)
from dealdesk.sla.exporters.vtimezone import vtimezone
from dealdesk.sla.exporters.zone_changes import zone_changes
from dealdesk.sla.model import SlaTerms
from dealdesk.terms.calendars import (
    DAYS,
    MINUTES_A_DAY,
    Calendar,
    OpenInterval,
    SpecialDay,
    minute_of_day,
)
from dealdesk.terms.opening import opening_of
from dealdesk.terms.periods import MONTHS, PeriodKind, add_months

TARGET = "icalendar"
_DAY = timedelta(days=1)
_DAY_CODES = {day: day[:2].upper() for day in DAYS}


def export_icalendar(terms: SlaTerms, options: Options) -> Export:
    """Return a file of support hours, one of closed dates and one of notice dates."""
    del options
    files = (
        ExportedFile("support-hours.ics", _text(_support_hours(terms))),
        ExportedFile("holidays.ics", _text(_holidays(terms))),
        ExportedFile("notice-dates.ics", _text(_notice_dates(terms))),
    )
    return Export(TARGET, files, tuple(_fidelity(terms)))


def _text(file: File) -> str:
    return str(file.to_ical(), "utf-8")


def _file(terms: SlaTerms, what: str) -> File:
    file = File()
    file.add("VERSION", "2.0")
    file.add("PRODID", "-//DealDesk//SLA terms 1//EN")
    file.add("NAME", f"{terms.id} {what}")
    return file


def _stamp(terms: SlaTerms) -> datetime:
    """Return the time that stands for writing: the same terms give the same bytes."""
    return datetime.combine(terms.effective_from, time(), UTC)


def _support_hours(terms: SlaTerms) -> File:
    file = _file(terms, "support hours")
    first, last = terms.effective_from - _DAY, terms.effective_until + 2 * _DAY
    zones = (calendar.zone for calendar in terms.calendars.values() if not calendar.always_open)
    for name in dict.fromkeys(zones):
        file.add_component(vtimezone(name, first, last))
    for calendar in terms.calendars.values():
        hours = Availability()
        hours.add("UID", f"{terms.id}-{calendar.id}@dealdesk.invalid")
        hours.add("DTSTAMP", _stamp(terms))
        hours.add("SEQUENCE", terms.revision)
        hours.add("SUMMARY", f"{terms.customer}: {calendar.id} hours")
        hours.add("BUSYTYPE", "BUSY-UNAVAILABLE")
        zone = ZoneInfo(calendar.zone)
        hours.add("DTSTART", _midnight(terms.effective_from, zone))
        hours.add("DTEND", _midnight(terms.effective_until + _DAY, zone))
        for number, opening in enumerate(_openings(terms, calendar), 1):
            opening.add("UID", f"{terms.id}-{calendar.id}-{number}@dealdesk.invalid")
            opening.add("DTSTAMP", _stamp(terms))
            hours.add_component(opening)
        file.add_component(hours)
    return file


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    at = datetime.combine(day, time(), zone)
    return at.astimezone(UTC) if zone.key == "UTC" else at


def _openings(terms: SlaTerms, calendar: Calendar) -> Iterator[Available]:
    if calendar.always_open:
        opening = Available()
        opening.add("SUMMARY", "Day and night")
        opening.add("DTSTART", _stamp(terms))
        opening.add("DURATION", _DAY)
        opening.add("RRULE", {"FREQ": "DAILY"})
        yield opening
        return
    for part in calendar.parts or (calendar,):
        for interval in part.weekly:
            found = _opening(terms, part, interval)
            if found is not None:
                yield found
        for special in sorted(part.special, key=lambda day: day.on):
            for opens, closes in sorted(special.hours):
                yield _special(part, special, opens, closes)


def _special(calendar: Calendar, special: SpecialDay, opens: str, closes: str) -> Available:
    zone = ZoneInfo(calendar.zone)
    opening = Available()
    opening.add("SUMMARY", f"{special.name or 'Special hours'}: {opens} to {closes}")
    opening.add("DTSTART", _local(special.on, minute_of_day(opens), zone))
    opening.add("DTEND", _local(special.on, minute_of_day(closes), zone))
    return opening


def _opening(terms: SlaTerms, calendar: Calendar, interval: OpenInterval) -> Available | None:
    zone = ZoneInfo(calendar.zone)
    week = (terms.effective_from + i * _DAY for i in range(7))
    first = next(day for day in week if DAYS[day.weekday()] in interval.days)
    if first > terms.effective_until:
        return None
    opens, closes = minute_of_day(interval.opens), minute_of_day(interval.closes)
    opening = Available()
    opening.add("SUMMARY", f"Open {interval.opens} to {interval.closes}")
    opening.add("DTSTART", _local(first, opens, zone))
    opening.add("DTEND", _local(first, closes, zone))
    until = _local(terms.effective_until, opens, zone).astimezone(UTC)
    codes = [_DAY_CODES[day] for day in interval.days]
    opening.add("RRULE", {"FREQ": "WEEKLY", "UNTIL": until, "BYDAY": codes})
    days = sorted({c.on for c in calendar.closed} | {day.on for day in calendar.special})
    closed = [_local(day, opens, zone) for day in days if DAYS[day.weekday()] in interval.days]
    if closed:
        opening.add("EXDATE", closed)
    return opening


def _local(day: date, minute: int, zone: ZoneInfo) -> datetime:
    if minute == MINUTES_A_DAY:
        day, minute = day + _DAY, 0
    return datetime.combine(day, time(minute // 60, minute % 60), zone)


def _holidays(terms: SlaTerms) -> File:
    file = _file(terms, "closed dates")
    for calendar in terms.calendars.values():
        for closed in sorted(calendar.closed, key=lambda c: c.on):
            name = closed.name or "Closed"
            file.add_component(
                _all_day(terms, closed.on, f"closed-{calendar.id}", f"{name} ({calendar.id})")
            )
    return file


def _notice_dates(terms: SlaTerms) -> File:
    file = _file(terms, "notice dates")
    until = terms.effective_until
    file.add_component(_all_day(terms, terms.effective_from, "start", f"{terms.id} begins"))
    file.add_component(_all_day(terms, until, "end", f"{terms.id}: last day of the term"))
    for ends, last in _claim_dates(terms):
        text = f"{terms.id}: last day to claim credits for the period to {ends.isoformat()}"
        file.add_component(_all_day(terms, last, f"claim-{ends.isoformat()}", text))
    return file


def _claim_dates(terms: SlaTerms) -> Iterator[tuple[date, date]]:
    """Yield the last day of each period, and the last day to claim credits for it."""
    promised, claims = terms.availability, terms.credits
    if promised is None or claims is None or not claims.claim_days:
        return
    if promised.period is PeriodKind.ROLLING_12_MONTHS:
        return
    day = terms.effective_from
    while day <= terms.effective_until:
        after = _next_period(day, promised)
        ends = min(after - _DAY, terms.effective_until)
        yield ends, ends + claims.claim_days * _DAY
        day = after


def _next_period(day: date, promised: Promised) -> date:
    """Return the first day of the period after the one that a day lies in."""
    if promised.period is PeriodKind.BILLING_MONTH:
        starts = day.replace(day=promised.billing_day)
        return starts if starts > day else add_months(day, 1).replace(day=promised.billing_day)
    months = MONTHS[promised.period]
    into = (day.month - 1) % months
    return add_months(day, months - into)


def _all_day(terms: SlaTerms, day: date, key: str, summary: str) -> Event:
    event = Event()
    event.add("UID", f"{terms.id}-{key}-{day.isoformat()}@dealdesk.invalid")
    event.add("DTSTAMP", _stamp(terms))
    event.add("SEQUENCE", terms.revision)
    event.add("SUMMARY", summary)
    event.add("DTSTART", day)
    event.add("DTEND", day + _DAY)
    event.add("TRANSP", "TRANSPARENT")
    return event


def _fidelity(terms: SlaTerms) -> Iterator[Fidelity]:
    for calendar in terms.calendars.values():
        stretched = (_stretched_day(terms, part) for part in calendar.parts or (calendar,))
        day = None if calendar.always_open else next(filter(None, stretched), None)
        if calendar.parts and calendar.closed:
            reason = "Days on which all teams are closed would still show the hours of each."
            yield Fidelity(f"hours of {calendar.id}", Faithful.NOT_EXPRESSIBLE, reason)
        elif day is None:
            reason = "Local times in the calendar's zone, closed dates taken out."
            yield Fidelity(f"hours of {calendar.id}", Faithful.EXACT, reason)
        else:
            reason = (
                "Clocks change while it is open, and a repeated entry keeps its length: "
                f"{day.isoformat()} comes out an hour off."
            )
            yield Fidelity(f"hours of {calendar.id}", Faithful.APPROXIMATED, reason)
    yield Fidelity("closed dates", Faithful.EXACT, "All-day entries, as frozen in the contract.")
    yield Fidelity(
        "notice dates",
        Faithful.APPROXIMATED,
        "First and last day, and the last day to claim credits; the SLA terms hold no renewal.",
    )
    yield from no_times(terms, "iCalendar", "has no clock for tickets")
    if terms.availability:
        reason = "iCalendar tracks no availability."
        yield Fidelity("availability", Faithful.NOT_EXPRESSIBLE, reason)


def _stretched_day(terms: SlaTerms, calendar: Calendar) -> date | None:
    """Return the first day on which clocks change while the calendar is open, or None."""
    opening = opening_of(calendar)
    for change in zone_changes(calendar.zone, terms.effective_from, terms.effective_until + _DAY):
        day = opening.local_day(change.at)
        at = int(change.at.timestamp())
        if any(begin < at < end for begin, end in opening.spans(day)):
            return day
    return None
