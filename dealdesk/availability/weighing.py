"""What each impact weighs in a contract, and why: status, cause, component, length."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from dealdesk.availability.history import Impact, Known
from dealdesk.sla.availability_terms import Availability, MeasureKind
from dealdesk.terms.intervals import Interval, Intervals, joined

ONE, NONE = Fraction(1), Fraction(0)


def is_counted(own: Availability, component: str) -> bool:
    """Tell whether a contract counts a component; without a list it counts all."""
    return not own.components or any(one.id == component for one in own.components)


def weighed_impacts(
    own: Availability, known: Known, span: Interval, observed: int
) -> Iterator[tuple[Impact, Fraction, str]]:
    """Yield the impacts in a span with the weight that the contract gives them, and why."""
    weights = {status: Fraction(weight) for status, weight in own.weights.items()}
    if own.measure is not MeasureKind.SECONDS_DOWN:
        weights = {}
    start, end = span
    least = own.min_incident_seconds
    near = known.between(start - least, end + least) if least else ()
    short = _too_short(own, near, weights, observed) if least else ()
    for impact in known.between(start, end):
        until = impact.end if impact.end is not None else observed
        if impact.start >= end or until <= start or until <= impact.start:
            continue
        weight, note = weights.get(impact.status, NONE), ""
        if impact.cause and impact.cause in own.exclusions:
            weight, note = NONE, f"excluded: {impact.cause.replace('_', ' ')}"
        elif own.components and not is_counted(own, impact.component):
            weight, note = NONE, "not a component of this contract"
        elif short and any(a <= impact.start and until <= b for a, b in short):
            weight, note = NONE, "shorter than the contract counts"
        yield impact, weight, note


def _too_short(
    own: Availability, impacts: Iterable[Impact], weights: dict[str, Fraction], observed: int
) -> Intervals:
    """Return stretches of impairment that are shorter than the contract counts.

    Impacts that touch are one stretch: dividing an incident changes nothing.
    """
    stretches = joined(
        (i.start, i.end if i.end is not None else observed)
        for i in impacts
        if weights.get(i.status) and i.cause not in own.exclusions and is_counted(own, i.component)
    )
    return tuple((a, b) for a, b in stretches if b - a < own.min_incident_seconds)
