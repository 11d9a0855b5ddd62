"""Promised times as a count of seconds on a calendar, and how exactly a system counts them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dealdesk.sla.exporters.export import Faithful, Fidelity
from dealdesk.sla.exporters.severity_map import PriorityMap
from dealdesk.sla.model import SlaTerms, Target
from dealdesk.terms.calendars import Calendar
from dealdesk.terms.clock import BusinessDayRule, BusinessDays, BusinessTime, Elapsed
from dealdesk.terms.opening import open_length, opening_of

_DAY = 86_400
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds that run on a calendar; without one they run day and night.

    `day_rule` is set where the contract counts business days otherwise than by their open length,
    so that the seconds are the nearest that a counting system comes to it.
    """

    seconds: int
    calendar: Calendar | None
    day_rule: BusinessDayRule | None = None

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
        case BusinessTime(seconds=seconds):
            return Clock(seconds, None if calendar.always_open else calendar)
        case BusinessDays(days=days) if calendar.always_open:
            return Clock(days * _DAY, None)
        case BusinessDays(days=days, rule=rule):
            seconds = days * open_length(opening_of(calendar))
            is_counted = rule is BusinessDayRule.OPEN_LENGTH
            return Clock(seconds, calendar, None if is_counted else rule)


def support_calendars(terms: SlaTerms) -> tuple[Calendar, ...]:
    """Return the calendars with hours, in the order of the terms."""
    return tuple(calendar for calendar in terms.calendars.values() if not calendar.always_open)


def promise_name(target: Target) -> str:
    """Return a promised time's name in fidelity lists: "sev1 first response"."""
    return f"{target.severity} {target.metric.replace('_', ' ')}"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a system can do with promised times: its clocks by metric, its smallest unit."""

    name: str
    metrics: Mapping[str, str]
    unit_seconds: int = MINUTE


def times_fidelity(
    terms: SlaTerms, abilities: Abilities, priorities: PriorityMap | None = None
) -> Iterator[Fidelity]:
    """Yield an entry for each promised time."""
    for target in terms.targets:
        shared = priorities.shared_with(terms, target) if priorities else None
        kept, reason = _time_fidelity(target, terms, abilities, shared)
        yield Fidelity(promise_name(target), kept, reason)


def _time_fidelity(
    target: Target, terms: SlaTerms, abilities: Abilities, shared: str | None
) -> tuple[Faithful, str]:
    if target.metric not in abilities.metrics:
        return Faithful.NOT_EXPRESSIBLE, f"{abilities.name} has no clock for it."
    if shared is not None:
        return Faithful.APPROXIMATED, f"It shares a priority with {shared} and takes its time."
    clock = clock_of(target, terms)
    if clock.day_rule is not None:
        reason = (
            f"{abilities.name} counts business time, {clock.minutes} minutes here; the contract "
            f"counts days and ends them by its rule {clock.day_rule.value}."
        )
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
        yield Fidelity(f"pauses ({', '.join(terms.pause_when)})", kept, reason)


def security_severity(terms: SlaTerms) -> str | None:
    """Return the severity that security reports are raised to, or None."""
    found = (s.id for s in terms.severities if "security_vulnerability" in s.includes)
    return next(found, None)


def security_fidelity(terms: SlaTerms, kept: Faithful, reason: str) -> Iterator[Fidelity]:
    """Yield the entry on security reports, where the contract raises them."""
    if security_severity(terms):
        yield Fidelity("security reports raised to the first severity", kept, reason)


def no_availability(terms: SlaTerms, name: str) -> Iterator[Fidelity]:
    """Yield the entry of a ticket system on availability and credits."""
    if terms.availability:
        reason = f"{name} tracks tickets, not availability."
        yield Fidelity("availability", Faithful.NOT_EXPRESSIBLE, reason)
    if terms.credits:
        reason = f"{name} has no service credits."
        yield Fidelity("service credits", Faithful.NOT_EXPRESSIBLE, reason)


def no_times(terms: SlaTerms, name: str, does: str) -> Iterator[Fidelity]:
    """Yield the entries of a system that has no clock for tickets at all."""
    for target in terms.targets:
        yield Fidelity(promise_name(target), Faithful.NOT_EXPRESSIBLE, f"{name} {does}.")
