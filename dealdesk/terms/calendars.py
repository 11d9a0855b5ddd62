"""Support calendars: when a team is at work, in one zone, closed dates frozen in the contract."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dealdesk.kernel.errors import DomainError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY = 1440


class CalendarError(DomainError):
    """A calendar that can't be read, or that never opens."""


def minute_of_day(text: str) -> int:
    """Return the minute since midnight of "HH:MM"; 24:00 is the end of the day."""
    hours, colon, minutes = text.partition(":")
    if colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2:  # noqa: PLR2004
        minute = int(hours) * 60 + int(minutes)
        if int(minutes) < 60 and minute <= MINUTES_A_DAY:  # noqa: PLR2004 - minutes an hour
            return minute
    raise CalendarError.of("bad-time", f"“{text}” is not a time of day, such as 09:00.")


def is_zone(name: str) -> bool:
    """Tell whether a name is a time zone that this machine knows."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class OpenInterval:
    """Weekly opening hours: the days (mon … sun), and local times "HH:MM" on each of them."""

    days: tuple[str, ...]
    opens: str
    closes: str

    def __post_init__(self) -> None:
        unknown = [day for day in self.days if day not in DAYS]
        if unknown or not self.days:
            raise CalendarError.of(
                "bad-day", f"“{', '.join(unknown)}” is not a day.", remedy=f"Use {', '.join(DAYS)}."
            )
        if minute_of_day(self.opens) >= minute_of_day(self.closes):
            raise CalendarError.of(
                "bad-hours",
                f"{self.opens} to {self.closes} is no time at all.",
                remedy="Hours over midnight are two entries, to 24:00 and from 00:00.",
            )


@dataclass(frozen=True, slots=True)
class ClosedDate:
    """A day on which the team is not at work, in the calendar's own zone."""

    on: date
    name: str


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day with hours of its own, such as a half day: pairs of local times "HH:MM"."""

    on: date
    name: str
    hours: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        for opens, closes in self.hours:
            OpenInterval(DAYS[:1], opens, closes)
        _refuse_overlap(self.on.isoformat(), [_span(a, b) for a, b in self.hours])
        if not self.hours:
            raise CalendarError.of(
                "bad-hours", f"{self.on} has no hours.", remedy="List it as a closed date."
            )


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly hours in a zone without the closed dates, or always open, or open while a part is.

    `source` says where the closed dates come from; they are frozen in the contract, since a newer
    list of holidays must not change a signed deal. A follow-the-sun calendar has `parts` instead of
    hours; its zone says where its days begin.
    """

    id: str
    zone: str
    weekly: tuple[OpenInterval, ...]
    closed: tuple[ClosedDate, ...] = ()
    source: str = ""
    always_open: bool = False
    special: tuple[SpecialDay, ...] = ()
    parts: tuple["Calendar", ...] = ()

    def __post_init__(self) -> None:
        if self.always_open:
            return
        if not is_zone(self.zone):
            raise CalendarError.of(
                "bad-zone",
                f"“{self.zone}” is not a time zone.",
                remedy="Use an IANA name such as America/New_York.",
            )
        if not self.weekly and not self.parts:
            raise CalendarError.of("never-open", "The calendar never opens.", remedy="Give hours.")
        if self.weekly and self.parts:
            raise CalendarError.of(
                "hours-and-parts", "A calendar has hours of its own or parts, not both."
            )
        for day in DAYS:
            _refuse_overlap(day, [_span(i.opens, i.closes) for i in self.weekly if day in i.days])
        both = {c.on for c in self.closed} & {s.on for s in self.special}
        if both:
            raise CalendarError.of(
                "closed-and-open", f"{min(both)} is closed and has hours of its own."
            )

    def __hash__(self) -> int:
        """Hash by a few fields: the clock looks calendars up on every call."""
        return hash((self.id, self.zone, self.source, len(self.closed), self.always_open))

    @property
    def frozen_years(self) -> range:
        """The years whose closed dates the contract lists; empty where it lists none."""
        years = [c.on.year for c in self.closed] + [
            year for part in self.parts for year in part.frozen_years
        ]
        return range(min(years), max(years) + 1) if years else range(0)

    @classmethod
    def always(cls, calendar_id: str = "24x7") -> "Calendar":
        """Return the calendar that is always open."""
        return cls(calendar_id, "UTC", (), always_open=True)


def outside_frozen(calendar: Calendar, first: int, last: int) -> Iterator[str]:
    """Yield a sentence where a calendar's closed dates are not frozen for a span of years."""
    if calendar.always_open:
        return
    frozen = calendar.frozen_years
    missing = [year for year in range(first, last + 1) if year not in frozen]
    if not frozen:
        yield f"The calendar “{calendar.id}” lists no closed dates; holidays run like other days."
    elif missing:
        yield (
            f"The closed dates of “{calendar.id}” are frozen for {frozen[0]} to {frozen[-1]}; "
            f"those of {missing[0]} are not in the contract."
        )


def _span(opens: str, closes: str) -> tuple[int, int]:
    return minute_of_day(opens), minute_of_day(closes)


def _refuse_overlap(day: str, spans: list[tuple[int, int]]) -> None:
    if any(later[0] < earlier[1] for earlier, later in pairwise(sorted(spans))):
        raise CalendarError.of("hours-overlap", f"The hours of {day} overlap.")
