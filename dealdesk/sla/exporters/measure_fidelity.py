"""What monitoring systems make of a contract's measure of availability, where they are alike."""

from collections.abc import Iterator
from dataclasses import dataclass

from dealdesk.sla.availability_terms import (
    Availability,
    ComponentRule,
    MeasureKind,
)
from dealdesk.sla.exporters.clocks import no_times
from dealdesk.sla.exporters.export import Faithful, Fidelity
from dealdesk.sla.model import SlaTerms
from dealdesk.terms.uptime import MaintenanceBasis


@dataclass(frozen=True, slots=True)
class Watcher:
    """A system that only counts what it sees, and in its own words what it doesn't know of.

    `splits` says how it takes an outage, `maintenance` what becomes of announced work, `causes`
    that it asks for none, `sees` what it looks at in place of tickets.
    """

    title: str
    splits: str
    maintenance: str
    causes: str
    sees: str


def watcher_fidelity(
    terms: SlaTerms, promised: Availability, watcher: Watcher
) -> Iterator[Fidelity]:
    """Yield the entries on maintenance, weights, causes, credits and times, for such a system."""
    counts = promised.maintenance.basis is MaintenanceBasis.COUNTS_AS_DOWNTIME
    yield Fidelity(
        "scheduled maintenance",
        Faithful.EXACT if counts else Faithful.NOT_EXPRESSIBLE,
        "Maintenance counts as downtime in both." if counts else watcher.maintenance,
    )
    yield weights_fidelity(promised, watcher.splits)
    yield from rarer_fidelity(promised, watcher.title)
    if promised.exclusions:
        yield Fidelity("exclusions by cause", Faithful.NOT_EXPRESSIBLE, watcher.causes)
    yield from credits_fidelity(terms, watcher.title)
    yield from no_times(terms, watcher.title, watcher.sees)


def weights_fidelity(promised: Availability, does: str) -> Fidelity:
    """Return the entry on partial outages for a system that knows up and down alone."""
    partial = sorted(status for status, weight in promised.weights.items() if 0 < weight < 1)
    if not partial:
        reason = f"{does}, and the contract weighs every status as one of the two."
        return Fidelity("weights of partial outages", Faithful.EXACT, reason)
    names = ", ".join(status.replace("_", " ") for status in partial)
    reason = f"{does}; the contract weighs {names} between the two."
    return Fidelity("weights of partial outages", Faithful.NOT_EXPRESSIBLE, reason)


def rarer_fidelity(promised: Availability, name: str) -> Iterator[Fidelity]:
    """Yield the entries on what few contracts have: other measures, components, conditions."""
    if promised.measure is not MeasureKind.SECONDS_DOWN:
        reason = f"{name} counts time down; the contract counts {promised.measure.value}."
        yield Fidelity("kind of measure", Faithful.NOT_EXPRESSIBLE, reason)
    if promised.components:
        names = ", ".join(one.id for one in promised.components)
        if promised.component_rule is ComponentRule.WEIGHTED:
            reason = f"{name} has no shares of components ({names})."
            yield Fidelity("components", Faithful.NOT_EXPRESSIBLE, reason)
        else:
            reason = f"Only {names} may feed it, down while {promised.component_rule.value} is."
            yield Fidelity("components", Faithful.APPROXIMATED, reason)
    works = promised.maintenance
    conditions = {
        "notice": works.notice_seconds,
        "cap a month": works.cap_seconds_per_month,
        "cap a year": works.cap_seconds_per_year,
        "weekly windows": works.windows,
    }
    told = ", ".join(label for label, value in conditions.items() if value)
    if told:
        reason = f"{name} does not look at them; enter or mute only windows that meet them."
        yield Fidelity(f"maintenance: {told}", Faithful.NOT_EXPRESSIBLE, reason)
    if promised.min_incident_seconds:
        reason = f"{name} counts every outage, however short."
        yield Fidelity("shortest incident", Faithful.NOT_EXPRESSIBLE, reason)


def credits_fidelity(terms: SlaTerms, name: str) -> Iterator[Fidelity]:
    """Yield the entries on credits and chronic failure, which no monitoring system has."""
    if terms.credits:
        reason = f"{name} has no service credits."
        yield Fidelity("service credits", Faithful.NOT_EXPRESSIBLE, reason)
    if terms.chronic:
        reason = f"{name} does not count missed periods."
        yield Fidelity("chronic failure", Faithful.NOT_EXPRESSIBLE, reason)
