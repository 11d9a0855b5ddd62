"""The worksheet of a measured part: a line for each span that was looked at, and why it counts."""

from dataclasses import dataclass
from fractions import Fraction

from dealdesk.availability.history import Impact
from dealdesk.availability.measuring import Part
from dealdesk.availability.weighing import NONE, ONE
from dealdesk.terms.intervals import joined
from dealdesk.terms.periods import Span
from dealdesk.terms.uptime import MaintenanceBasis


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the worksheet: a span that counted or did not, and why."""

    kind: str
    start: int
    end: int
    weight: Fraction
    note: str
    component: str = ""


def steps_of(part: Part) -> tuple[Step, ...]:
    """Return the worksheet of a part: impacts and maintenance, clipped, with weight and reason."""
    span, own = part.in_force.span, part.in_force.availability
    steps = [
        Step(
            f"impact {impact.id} ({impact.component})",
            inside.start,
            inside.end,
            weight,
            _note(impact, why),
            impact.component,
        )
        for impact, weight, why in part.impacts
        if (
            inside := span.overlap(
                Span(impact.start, impact.end if impact.end is not None else part.observed)
            )
        ).seconds
    ]
    counts = own.maintenance.basis is MaintenanceBasis.COUNTS_AS_DOWNTIME
    basis = own.maintenance.basis.value.replace("_", " ")
    works = joined((one.start, one.end) for one in part.allowed)
    steps += [Step("maintenance", a, b, ONE if counts else NONE, basis) for a, b in works]
    steps += [Step("maintenance", s.start, s.end, ONE, why) for s, why in part.refused]
    return tuple(sorted(steps, key=lambda s: (s.start, s.end, s.kind)))


def _note(impact: Impact, why: str) -> str:
    note = impact.status.replace("_", " ") + (" (goes on)" if impact.end is None else "")
    return f"{note}, {why}" if why else note
