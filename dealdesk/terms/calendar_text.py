"""Print a support calendar in a contract and read it back."""

import re
from collections.abc import Iterator
from datetime import date

from dealdesk.kernel.errors import DomainError
from dealdesk.terms.calendars import DAYS, Calendar, ClosedDate, OpenInterval, SpecialDay
from dealdesk.terms.locales import Locale

_BREAK = "; "
_INTERVAL = re.compile(
    r"(?P<days>.+?),? (?P<opens>\d{1,2}:\d{2})(?P<between>\D+)(?P<closes>\d{1,2}:\d{2})\Z"
)
_SPECIAL = re.compile(r"(?P<name>.*?), (?P<hours>\d{1,2}:\d{2}\D+\d{1,2}:\d{2}.*)\Z")
_CLOSED = re.compile(
    r"(?P<day>\d{1,2})\.? (?P<month>\S+) (?P<year>\d{4}) \((?P<name>.*?)\)(?:, |\Z)"
)


class CalendarTextError(DomainError):
    """The words do not state a calendar."""


def format_calendar(calendar: Calendar, locale: Locale) -> str:
    """Return the hours, the zone in brackets, and the closed and special dates with their names.

    A calendar made of others states each of them.
    """
    if calendar.parts:
        return f"{_BREAK}".join(format_calendar(part, locale) for part in calendar.parts)
    if calendar.always_open:
        return locale.always_open
    hours = _BREAK.join(_interval(interval, locale) for interval in calendar.weekly)
    text = f"{hours} ({calendar.zone})"
    if calendar.closed:
        days = ", ".join(f"{_day(closed.on, locale)} ({closed.name})" for closed in calendar.closed)
        text += f"{_BREAK}{locale.closed_on} {days}"
    if calendar.special:
        days = ", ".join(_special(day, locale) for day in calendar.special)
        text += f"{_BREAK}{locale.other_hours_on} {days}"
    listed = f"{_BREAK}{locale.listed_in} {calendar.source}"
    return text + listed if calendar.source else text


def _special(day: SpecialDay, locale: Locale) -> str:
    hours = " + ".join(locale.hour_range.format(opens=a, closes=b) for a, b in day.hours)
    return f"{_day(day.on, locale)} ({day.name}, {hours})"


def _interval(interval: OpenInterval, locale: Locale) -> str:
    hours = locale.hour_range.format(opens=interval.opens, closes=interval.closes)
    return f"{_days(interval.days, locale)}, {hours}"


def _days(days: tuple[str, ...], locale: Locale) -> str:
    """Return a run of three days or more as a range, anything else as a list."""
    names = [locale.weekdays[DAYS.index(day)] for day in days]
    first = DAYS.index(days[0])
    if len(days) > 2 and days == DAYS[first : first + len(days)]:  # noqa: PLR2004 - a run
        return locale.day_range.format(first=names[0], last=names[-1])
    return ", ".join(names)


def _day(on: date, locale: Locale) -> str:
    return locale.date_order.format(
        day=on.day, month=locale.months[on.month - 1], year=f"{on.year:04d}"
    )


def parse_calendar(text: str, locale: Locale, calendar_id: str = "support") -> Calendar:
    """Return the calendar that the words state. Raise CalendarTextError with a sentence."""
    if text == locale.always_open:
        return Calendar.always()
    match = re.fullmatch(r"(?P<hours>.+?) \((?P<zone>[\w/+-]+)\)(?P<rest>.*)", text, re.DOTALL)
    if match is None:
        raise _error(text, "hours and a time zone in brackets are wanted.")
    rest, _, source = match["rest"].partition(f"{_BREAK}{locale.listed_in} ")
    rest, _, special = rest.partition(f"{_BREAK}{locale.other_hours_on} ")
    return Calendar(
        id=calendar_id,
        zone=match["zone"],
        weekly=tuple(_parse_interval(part, locale) for part in match["hours"].split(_BREAK)),
        closed=tuple(_parse_closed(rest, locale)),
        source=source,
        special=tuple(_parse_special(special, locale)),
    )


def _error(text: str, fault: str) -> CalendarTextError:
    return CalendarTextError.of("not-a-calendar", f"“{text[:80]}” is not a calendar: {fault}")


def _parse_interval(text: str, locale: Locale) -> OpenInterval:
    match = _INTERVAL.match(text)
    if match is None:
        raise _error(text, "days and hours are wanted, such as Monday to Friday, 09:00 to 17:00.")
    names = [name.strip() for name in match["days"].split(",")]
    between = locale.day_range.format(first="", last="")
    if len(names) == 1 and between in names[0]:
        first, last = (_weekday(name, locale) for name in names[0].split(between))
        days = DAYS[first : last + 1]
    else:
        days = tuple(DAYS[_weekday(name, locale)] for name in names)
    return OpenInterval(days, match["opens"], match["closes"])


def _weekday(name: str, locale: Locale) -> int:
    if name not in locale.weekdays:
        raise _error(name, "it is not a day of the week.")
    return locale.weekdays.index(name)


def _parse_closed(text: str, locale: Locale) -> list[ClosedDate]:
    lead = f"{_BREAK}{locale.closed_on} "
    if not text:
        return []
    if not text.startswith(lead):
        raise _error(text, "only closed dates may follow the time zone.")
    return _parse_dates(text.removeprefix(lead), locale)


def _parse_dates(text: str, locale: Locale) -> list[ClosedDate]:
    rest, dates = text, list[ClosedDate]()
    while rest:
        match = _CLOSED.match(rest)
        if match is None or match["month"] not in locale.months:
            raise _error(rest, "dates are wanted, each with its name in brackets.")
        month = locale.months.index(match["month"]) + 1
        dates.append(ClosedDate(date(int(match["year"]), month, int(match["day"])), match["name"]))
        rest = rest[match.end() :]
    return dates


def _parse_special(text: str, locale: Locale) -> Iterator[SpecialDay]:
    for day in _parse_dates(text, locale):
        match = _SPECIAL.match(day.name)
        if match is None:
            raise _error(day.name, "a name and hours are wanted, such as Christmas Eve, 09:00 …")
        hours = [part.split(_between(locale)) for part in match["hours"].split(" + ")]
        yield SpecialDay(day.on, match["name"], tuple((a, b) for a, b in hours))


def _between(locale: Locale) -> str:
    return locale.hour_range.format(opens="", closes="")
