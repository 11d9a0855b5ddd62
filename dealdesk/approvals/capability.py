"""What the service can do on record: regions, measured figures, staffed hours; and what exceeds it.

The record says what was measured or exercised, until when it is good, and what each number of
regions carries. A promise beyond it is no lie yet, but somebody has to say how it will be kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from dealdesk.terms.calendars import DAYS, Calendar, OpenInterval, minute_of_day

# Weeks in winter and summer: what is staffed in one may leave an hour open in the other.
_MONDAYS = (date(2027, 1, 11), date(2027, 7, 12))
_TARGET = "uptime/target"


@dataclass(frozen=True, slots=True)
class RegionLimit:
    """The availability, in percent, that the service carries from so many regions."""

    regions: int
    carries: Fraction


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure as it was measured or exercised; a promise may not lie beyond it.

    `at_least` is the lowest, `at_most` the highest number that may be promised; one is given.
    """

    figure: str
    words: str
    at_least: Fraction | None = None
    at_most: Fraction | None = None

    def allows(self, value: Fraction) -> bool:
        """Tell whether a promise of this number was met on record."""
        is_low = self.at_least is not None and value < self.at_least
        is_high = self.at_most is not None and value > self.at_most
        return not (is_low or is_high)


@dataclass(frozen=True, slots=True)
class Staffing:
    """Hours in which people of the support team are at work, in their own zone."""

    zone: str
    hours: OpenInterval


@dataclass(frozen=True, slots=True)
class Capability:
    """The whole record, and until which day it is good."""

    expires_on: date
    regions: tuple[RegionLimit, ...] = ()
    measured: tuple[Measured, ...] = ()
    staffing: tuple[Staffing, ...] = ()

    def carried_by(self, regions: int) -> Fraction | None:
        """Return the availability that so many regions carry, None where nothing is on record."""
        known = [one.carries for one in self.regions if one.regions <= regions]
        return max(known, default=None)


@dataclass(frozen=True, slots=True)
class Promise:
    """A number that the contract would promise, with its figure's name and how it prints."""

    name: str
    label: str
    value: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class HoursAsk:
    """Support hours that the contract would promise."""

    instance: str
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class CapabilityFault:
    """A promise beyond the record; `allowed` and `message` are words."""

    subject: str
    tested: str
    allowed: str
    message: str


def capability_faults(
    record: Capability,
    promises: Mapping[str, Promise],
    hours: Sequence[HoursAsk],
    regions: int,
    dated_on: date | None = None,
) -> Iterator[CapabilityFault]:
    """Yield each promise that the record does not show to be kept.

    A record that ended before the deal's date shows nothing, so all that it covers is told.
    """
    if dated_on is not None and record.expires_on < dated_on:
        yield from _outdated(record, promises)
        return
    yield from _over_regions(record, promises.get(_TARGET), regions)
    for measured in record.measured:
        promise = promises.get(measured.figure)
        if promise is not None and not measured.allows(promise.value):
            message = f"{promise.label} would be {promise.text}; on record: {measured.words}."
            yield CapabilityFault(promise.name, str(promise.value), measured.words, message)
    for ask in hours:
        yield from _unstaffed(record, ask)


def _outdated(record: Capability, promises: Mapping[str, Promise]) -> Iterator[CapabilityFault]:
    ended = f"the record of what the service can do ended on {record.expires_on.isoformat()}"
    named = dict.fromkeys([_TARGET, *(one.figure for one in record.measured)])
    for promise in (promises[name] for name in named if name in promises):
        message = f"{promise.label} would be {promise.text}, but {ended}."
        yield CapabilityFault(promise.name, str(promise.value), ended, message)


def _over_regions(
    record: Capability, target: Promise | None, regions: int
) -> Iterator[CapabilityFault]:
    carried = record.carried_by(regions)
    if target is None or not record.regions or (carried is not None and target.value <= carried):
        return
    where = f"{regions} region" if regions == 1 else f"{regions} regions"
    allowed = f"{float(carried):g} %" if carried is not None else "nothing"
    message = f"{target.label} would be {target.text}; {where} carry {allowed} on record."
    if regions == 1:
        message = message.replace(" carry ", " carries ")
    yield CapabilityFault(target.name, str(target.value), f"{allowed} from {where}", message)


def _unstaffed(record: Capability, ask: HoursAsk) -> Iterator[CapabilityFault]:
    if not record.staffing:
        return
    for monday in _MONDAYS:
        staffed = _merged(
            span for one in record.staffing for span in _spans(one.hours, one.zone, monday)
        )
        for interval in ask.calendar.weekly:
            for start, end in _spans(interval, ask.calendar.zone, monday):
                if not any(low <= start and end <= high for low, high in staffed):
                    words = f"{interval.opens} to {interval.closes} ({ask.calendar.zone})"
                    yield CapabilityFault(
                        f"{ask.instance}/hours",
                        words,
                        "hours that are staffed",
                        f"Support from {words} is not staffed at all of these hours.",
                    )
                    return


def _spans(hours: OpenInterval, zone: str, monday: date) -> Iterator[tuple[datetime, datetime]]:
    """Yield the interval's spans in a week, and in the days around it, in UTC."""
    for week in (-7, 0, 7):
        for day in hours.days:
            midnight = datetime.combine(
                monday + timedelta(days=week + DAYS.index(day)), datetime.min.time()
            )
            yield (
                _utc(midnight, minute_of_day(hours.opens), zone),
                _utc(midnight, minute_of_day(hours.closes), zone),
            )


def _utc(midnight: datetime, minute: int, zone: str) -> datetime:
    local = midnight + timedelta(minutes=minute)
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _merged(spans: Iterator[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Return spans in order, those that touch or overlap as one."""
    merged: list[tuple[datetime, datetime]] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return merged
