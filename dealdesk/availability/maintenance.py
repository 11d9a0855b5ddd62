"""Which maintenance a contract allows: announced in time, in its hours, as announced, capped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from dealdesk.availability.history import MaintenanceWork
from dealdesk.sla.availability_terms import Availability, Maintenance
from dealdesk.terms.calendars import Calendar, OpenInterval
from dealdesk.terms.intervals import Interval, Intervals, common, joined, without
from dealdesk.terms.opening import instant, opening_of
from dealdesk.terms.periods import Span, add_months, midnight

LATE = "announced too late, so it counts as downtime"
OVER_CAP = "over the cap, so it counts as downtime"
OUTSIDE_HOURS = "outside the hours for maintenance, so it counts as downtime"
OUTSIDE_PLAN = "outside the announced time, so it counts as downtime"
_YEAR = 12


def allowed_maintenance(
    availability: Availability,
    works: Sequence[MaintenanceWork],
    contracted: Span,
    in_force_since: int | None = None,
) -> tuple[list[Span], list[tuple[Span, str]]]:
    """Return maintenance that the contract allows, and what it does not with the reason.

    Caps hold for calendar months and years in the contract's zone; works that overlap use them
    once, and what was used in the same month or year before the span, but not before
    `in_force_since`, is used up.
    """
    if not works:
        return [], []
    rule = availability.maintenance
    since = _counting_from(availability, contracted, in_force_since)
    count = _Count(rule, availability.timezone)
    refused: list[tuple[Span, str]] = []
    done = since
    for work in sorted(works, key=lambda w: (w.start, w.end)):
        span = (max(work.start, since), min(work.end, contracted.end))
        if span[1] <= span[0]:
            continue
        if is_late(work, rule.notice_seconds):
            refused.append((Span(*span), LATE))
            continue
        plan = (work.planned,) if work.planned else (span,)
        fits = common((span,), plan)
        refused += [(Span(*part), OUTSIDE_PLAN) for part in without((span,), plan)]
        if rule.windows:
            hours = _hours(rule.windows, availability.timezone, span)
            refused += [(Span(*part), OUTSIDE_HOURS) for part in without(fits, hours)]
            fits = common(fits, hours)
        for start, end in fits:
            refused += count.use((max(start, done), end))
            done = max(done, end)
    inside = [contracted.overlap(Span(*span)) for span in count.allowed]
    outside = [(contracted.overlap(span), why) for span, why in refused]
    return (
        [span for span in inside if span.seconds],
        [(span, why) for span, why in outside if span.seconds],
    )


@dataclass(slots=True)
class _Count:
    """What works have used of the caps so far."""

    rule: Maintenance
    zone: str
    used: dict[Span, int] = field(default_factory=dict)
    allowed: list[Interval] = field(default_factory=list)

    def use(self, part: Interval) -> Iterator[tuple[Span, str]]:
        """Allow what the caps leave of a part, and yield the rest."""
        caps = (
            (1, self.rule.cap_seconds_per_month),
            (_YEAR, self.rule.cap_seconds_per_year),
        )
        for month, piece in months_of(Span(*part), self.zone):
            fits = piece.seconds
            for months, cap in caps:
                if cap is not None:
                    key = month if months == 1 else year_of(month, self.zone)
                    fits = min(fits, cap - self.used.get(key, 0))
            for key in (month, year_of(month, self.zone)):
                self.used[key] = self.used.get(key, 0) + fits
            if fits:
                self.allowed.append((piece.start, piece.start + fits))
            if fits < piece.seconds:
                yield Span(piece.start + fits, piece.end), OVER_CAP


def _counting_from(availability: Availability, contracted: Span, in_force: int | None) -> int:
    """Return from when works use up the caps: the month's start, or the year's."""
    month = next(months_of(contracted, availability.timezone))[0]
    capped = availability.maintenance.cap_seconds_per_year is not None
    begin = year_of(month, availability.timezone).start if capped else month.start
    return max(begin, in_force) if in_force is not None else contracted.start


def is_late(work: MaintenanceWork, notice_seconds: int | None) -> bool:
    """Tell whether work was announced later than a notice asks for, or not at all."""
    begin = work.planned[0] if work.planned else work.start
    return notice_seconds is not None and (
        work.announced is None or work.announced > begin - notice_seconds
    )


def _hours(windows: tuple[OpenInterval, ...], zone: str, span: Interval) -> Intervals:
    opening = opening_of(_calendar(windows, zone))
    years = range(instant(span[0]).year, instant(span[1]).year + 1)
    return joined(
        pair
        for year in map(opening.year, years)
        for pair in zip(year.starts, year.ends, strict=True)
    )


@lru_cache(maxsize=64)
def _calendar(windows: tuple[OpenInterval, ...], zone: str) -> Calendar:
    return Calendar("maintenance windows", zone, windows, source=repr(windows))


@lru_cache(maxsize=1024)
def year_of(month: Span, zone: str) -> Span:
    """Return the calendar year, in a zone, in which a month lies."""
    year = datetime.fromtimestamp(month.start, ZoneInfo(zone)).date().replace(month=1, day=1)
    return Span(midnight(year, zone), midnight(add_months(year, _YEAR), zone))


def months_of(span: Span, zone: str) -> Iterator[tuple[Span, Span]]:
    """Yield each calendar month in a zone that a span touches, and the span's part in it."""
    if span.seconds == 0:
        return
    first = datetime.fromtimestamp(span.start, ZoneInfo(zone)).date().replace(day=1)
    while midnight(first, zone) < span.end:
        after = add_months(first, 1)
        month = Span(midnight(first, zone), midnight(after, zone))
        yield month, month.overlap(span)
        first = after
