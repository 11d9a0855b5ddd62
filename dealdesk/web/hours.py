"""When support is there: calendars and channels of the SLA terms, in words for a page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dealdesk.sla.model import SlaTerms
from dealdesk.sla.promises import label, words
from dealdesk.terms.calendar_text import format_calendar
from dealdesk.terms.calendars import ClosedDate
from dealdesk.terms.locales import locale_of

_EN = locale_of("en")


@dataclass(frozen=True, slots=True)
class Hours:
    """A calendar: its name, its weekly hours with their zone, and the days on which it is closed.

    `source` says where the closed days were taken from, "" where nothing says it.
    """

    name: str
    open: str
    closed: tuple[ClosedDate, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Way:
    """A way to reach support: its name, for which severities, and when."""

    name: str
    severities: str
    when: str


def hours(terms: SlaTerms) -> Iterator[Hours]:
    """Yield the calendars that the promised times and the channels count on."""
    for key, calendar in terms.calendars.items():
        weekly = format_calendar(replace(calendar, closed=(), source=""), _EN)
        name = "Day and night" if calendar.always_open else f"{label(key)} hours"
        yield Hours(name, weekly, calendar.closed, calendar.source)


def ways(terms: SlaTerms) -> Iterator[Way]:
    """Yield the ways to reach support."""
    for channel in terms.channels:
        calendar = terms.calendars.get(channel.calendar)
        always = calendar is not None and calendar.always_open
        yield Way(
            name=label(channel.id),
            severities=", ".join(label(severity) for severity in channel.severities),
            when="day and night" if always else f"{words(channel.calendar)} hours",
        )
