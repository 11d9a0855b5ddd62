"""Support calendars: when a team is at work, in one zone, closed dates frozen in the contract."""

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
class Calendar:
    """Weekly hours in a zone without the closed dates, or always open.

    `source` says where the closed dates come from; they are frozen in the contract, since a newer
    list of holidays must not change a signed deal.
    """

    id: str
    zone: str
    weekly: tuple[OpenInterval, ...]
    closed: tuple[ClosedDate, ...] = ()
    source: str = ""
    always_open: bool = False

    def __post_init__(self) -> None:
        if self.always_open:
            return
        if not is_zone(self.zone):
            raise CalendarError.of(
                "bad-zone",
                f"“{self.zone}” is not a time zone.",
                remedy="Use an IANA name such as America/New_York.",
            )
        if not self.weekly:
            raise CalendarError.of("never-open", "The calendar never opens.", remedy="Give hours.")
        self._refuse_overlaps()

    def _refuse_overlaps(self) -> None:
        for day in DAYS:
            spans = sorted(
                (minute_of_day(i.opens), minute_of_day(i.closes))
                for i in self.weekly
                if day in i.days
            )
            if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
                raise CalendarError.of("hours-overlap", f"The hours of {day} overlap.")

    @classmethod
    def always(cls, calendar_id: str = "24x7") -> "Calendar":
        """Return the calendar that is always open."""
        return cls(calendar_id, "UTC", (), always_open=True)
