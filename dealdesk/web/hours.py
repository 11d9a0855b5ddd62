"""When support is there: calendars and channels of the SLA terms, in words for a page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dealdesk.sla.model import SlaTerms
from dealdesk.sla.promises import label
from dealdesk.terms.calendar_text import format_calendar
from dealdesk.terms.calendars import ClosedDate
from dealdesk.terms.locales import locale_of
from dealdesk.web.languages import current_language, gettext
from dealdesk.web.promise_words import SUPPORT, hours_words, label_words


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
    locale = locale_of(current_language())
    for key, calendar in terms.calendars.items():
        weekly = format_calendar(replace(calendar, closed=(), source=""), locale)
        if calendar.always_open:
            name = gettext("Day and night")
        elif key == SUPPORT:
            name = gettext("Support hours")
        else:
            name = gettext("%(name)s hours", name=label(key))
        yield Hours(name, weekly, calendar.closed, calendar.source)


def ways(terms: SlaTerms) -> Iterator[Way]:
    """Yield the ways to reach support."""
    for channel in terms.channels:
        calendar = terms.calendars.get(channel.calendar)
        always = calendar is not None and calendar.always_open
        yield Way(
            name=label_words(channel.id),
            severities=", ".join(label(severity) for severity in channel.severities),
            when=gettext("day and night") if always else hours_words(channel.calendar),
        )
