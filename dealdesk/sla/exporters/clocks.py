"""Promised times as a count of seconds on a calendar, and how exactly a system counts them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

from dealdesk.sla.exporters.export import Faithful, Fidelity
from dealdesk.sla.exporters.severity_map import PriorityMap
from dealdesk.sla.model import SlaTerms, Target
from dealdesk.terms.calendars import Calendar
from dealdesk.terms.clock import (
    Amount,
    BusinessDayRule,
    BusinessDays,
    BusinessTime,
    Elapsed,
    due,
)
from dealdesk.terms.opening import open_length, opening_of

_DAY = 86_400
_HOURS = 4 * 7 * 24
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds that run on a calendar; without one they run day and night.

    `day_rule` is set where the contract counts business days otherwise than by their open length,
    so that the seconds are the nearest that a counting system comes to it. `is_sooner` is set where
    the contract's calendar is that of several teams in their zones, which no system has: the clock
    runs day and night then, so that nothing comes out later than promised.
    """

    seconds: int
    calendar: Calendar | None
    day_rule: BusinessDayRule | None = None
    is_sooner: bool = False

    @property
    def minutes(self) -> int:
        """Return whole minutes, rounded down and at least one: a target is never looser."""
        return max(1, self.seconds // MINUTE)


def clock_of(target: Target, terms: SlaTerms) -> Clock:
    """Return what a promised time counts, in seconds."""
    calendar = terms.calendars[target.calendar]
    match target.amount:
        case Elapsed(seconds=seconds):
            return Clock(seconds, None)
        case BusinessTime(seconds=seconds) if calendar.parts:
            return Clock(seconds, None, is_sooner=True)
        case BusinessTime(seconds=seconds):
            return Clock(seconds, None if calendar.always_open else calendar)
        case BusinessDays(days=days) if calendar.always_open:
            return Clock(days * _DAY, None)
        case BusinessDays(days=days, rule=rule):
            seconds = days * open_length(opening_of(calendar))
            if calendar.parts:
                return Clock(seconds, None, is_sooner=True)
            is_counted = rule is BusinessDayRule.OPEN_LENGTH
            return Clock(seconds, calendar, None if is_counted else rule)


@lru_cache(maxsize=1024)
def latest_by(amount: Amount, clock: Clock, first: date) -> int:
    """Return the seconds by which counted business time comes out later than the contract's days.

    Reports at each hour of the four weeks from `first` are looked at.
    """
    if clock.calendar is None:
        return 0
    start = datetime.combine(first, time(), ZoneInfo(clock.calendar.zone))
    late = 0
    for hour in range(_HOURS):
        at = start + timedelta(hours=hour)
        counted = due(at, BusinessTime(clock.seconds), clock.calendar)
        promised = due(at, amount, clock.calendar)
        late = max(late, int((counted - promised).total_seconds()))
    return late


def hours_words(seconds: int) -> str:
    """Return seconds as hours and minutes: "5 h", "1 h 30 min"."""
    hours, minutes = divmod(seconds // MINUTE, 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{minutes} min" * bool(minutes))))


def support_calendars(terms: SlaTerms) -> tuple[Calendar, ...]:
    """Return the calendars with hours of their own, in the order of the terms."""
    return tuple(calendar for calendar in terms.calendars.values() if calendar.weekly)


def calendar_of(terms: SlaTerms, targets: Iterable[Target]) -> Calendar | None:
    """Return the calendar of the first of some promised times that runs on one, or None."""
    calendars = (clock_of(target, terms).calendar for target in targets)
    return next((calendar for calendar in calendars if calendar is not None), None)


def fits(target: Target, terms: SlaTerms, calendar: Calendar | None) -> bool:
    """Tell whether a promised time runs day and night, or on that calendar."""
    own = clock_of(target, terms).calendar
    return own is None or own == calendar


def is_paused(terms: SlaTerms, target: Target) -> bool:
    """Tell whether the contract stops a promised time while it pauses."""
    return bool(terms.pause_when) and target.metric in terms.pauses_stop


def promise_name(target: Target) -> str:
    """Return a promised time's name in fidelity lists: "sev1 first response"."""
    return f"{target.severity} {target.metric.replace('_', ' ')}"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a system can do with promised times: its clocks by metric, its smallest unit.

    `has_special` tells that it knows days with hours of their own.
    """

    name: str
    metrics: Mapping[str, str]
    unit_seconds: int = MINUTE
    has_special: bool = False


Judge: TypeAlias = Callable[[Target], "tuple[Faithful, str] | None"]


def times_fidelity(
    terms: SlaTerms,
    abilities: Abilities,
    priorities: PriorityMap | None = None,
    special: Judge | None = None,
) -> Iterator[Fidelity]:
    """Yield an entry for each promised time; `special` judges what only that system can't do."""
    for target in terms.targets:
        if target.metric not in abilities.metrics:
            kept, reason = Faithful.NOT_EXPRESSIBLE, f"{abilities.name} has no clock for it."
        else:
            found = special(target) if special else None
            kept, reason = found or _time_fidelity(target, terms, abilities, priorities)
        yield Fidelity(promise_name(target), kept, reason)


def _time_fidelity(
    target: Target, terms: SlaTerms, abilities: Abilities, priorities: PriorityMap | None
) -> tuple[Faithful, str]:
    shared = priorities.shared_with(terms, target) if priorities else None
    if shared is not None:
        return Faithful.APPROXIMATED, f"It shares a priority with {shared} and takes its time."
    clock = clock_of(target, terms)
    if clock.is_sooner:
        reason = (
            f"{abilities.name} has no hours of several teams: {clock.minutes} minutes by day and "
            "night, sooner than the contract."
        )
        return Faithful.APPROXIMATED, reason
    if clock.day_rule is not None:
        late = latest_by(target.amount, clock, terms.effective_from)
        told = f"up to {hours_words(late)} later" if late else "never later"
        reason = (
            f"{abilities.name} counts business time, {clock.minutes} minutes here; the contract "
            f"counts days and ends them by its rule {clock.day_rule.value}. Looked at by the hour "
            f"for four weeks, it comes out {told}."
        )
        return Faithful.APPROXIMATED, reason
    if clock.calendar and clock.calendar.special and not abilities.has_special:
        reason = f"{clock.seconds // MINUTE} minutes, off on the days with hours of their own."
        return Faithful.APPROXIMATED, reason
    if clock.seconds % abilities.unit_seconds:
        return Faithful.APPROXIMATED, f"{abilities.name} counts whole minutes; rounded down."
    on = f"on the calendar {clock.calendar.id}" if clock.calendar else "day and night"
    return Faithful.EXACT, f"{clock.seconds // MINUTE} minutes {on}."


def rules_fidelity(
    terms: SlaTerms, *, response: str, boundary: str, pause: tuple[Faithful, str]
) -> Iterator[Fidelity]:
    """Yield the entries on how clocks start and stop, each with its system's own reason."""
    yield Fidelity("what counts as a response", Faithful.APPROXIMATED, response)
    if any(clock_of(target, terms).calendar for target in terms.targets):
        yield Fidelity("boundary of business time", Faithful.APPROXIMATED, boundary)
    if terms.pause_when:
        kept, reason = pause
        stops = ", ".join(metric.replace("_", " ") for metric in terms.pauses_stop)
        name = f"pauses of {stops} ({', '.join(terms.pause_when)})"
        yield Fidelity(name, kept, reason)


def security_severity(terms: SlaTerms) -> str | None:
    """Return the severity that security reports are raised to, or None."""
    found = (s.id for s in terms.severities if "security_vulnerability" in s.includes)
    return next(found, None)


def security_fidelity(terms: SlaTerms, kept: Faithful, reason: str) -> Iterator[Fidelity]:
    """Yield the entry on security reports, where the contract raises them."""
    if security_severity(terms):
        yield Fidelity("security reports raised to the first severity", kept, reason)


def rest_fidelity(
    terms: SlaTerms, name: str, *, has_term: bool = False, has_special: bool = False
) -> Iterator[Fidelity]:
    """Yield the entries of a ticket system on what is promised beside times for tickets.

    `has_term` tells that the system has a first and last day for it, `has_special` that it knows
    days with hours of their own.
    """
    special = [day for calendar in support_calendars(terms) for day in calendar.special]
    if special and not has_special:
        days = ", ".join(sorted({day.on.isoformat() for day in special}))
        reason = f"{name} has one set of hours for each weekday; these have others: {days}."
        yield Fidelity("days with hours of their own", Faithful.NOT_EXPRESSIBLE, reason)
    yield from _unlisted_years(terms)
    if has_term:
        reason = "It holds from the first day of the term to the last."
        yield Fidelity("first and last day", Faithful.EXACT, reason)
    else:
        reason = f"{name} has no dates for it: take it out after {terms.effective_until}."
        yield Fidelity("first and last day", Faithful.NOT_EXPRESSIBLE, reason)
    if terms.channels:
        names = ", ".join(channel.id for channel in terms.channels)
        reason = f"Addresses and lines ({names}) are set up elsewhere."
        yield Fidelity("support channels", Faithful.NOT_EXPRESSIBLE, reason)
    if terms.availability:
        reason = f"{name} tracks tickets, not availability."
        yield Fidelity("availability", Faithful.NOT_EXPRESSIBLE, reason)
    if terms.credits:
        reason = f"{name} has no service credits."
        yield Fidelity("service credits", Faithful.NOT_EXPRESSIBLE, reason)


def _unlisted_years(terms: SlaTerms) -> Iterator[Fidelity]:
    """Yield an entry for each calendar whose closed dates end before the term does."""
    for calendar in support_calendars(terms):
        years = calendar.frozen_years
        if years and years[-1] < terms.effective_until.year:
            name = f"closed dates of {calendar.id} after {years[-1]}"
            reason = "The contract lists none, so that every weekday counts as open in both."
            yield Fidelity(name, Faithful.EXACT, reason)


def no_times(terms: SlaTerms, name: str, does: str) -> Iterator[Fidelity]:
    """Yield the entries of a system that has no clock for tickets at all."""
    for target in terms.targets:
        yield Fidelity(promise_name(target), Faithful.NOT_EXPRESSIBLE, f"{name} {does}.")
