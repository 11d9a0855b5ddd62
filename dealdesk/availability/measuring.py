"""Measure one part of a period, in which one revision is in force: layers, exact share, verdict."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dealdesk.availability.history import History, Impact, MaintenanceWork
from dealdesk.availability.in_force import InForce
from dealdesk.availability.layering import downtime_layers
from dealdesk.availability.maintenance import allowed_maintenance
from dealdesk.availability.weighing import is_counted, weighed_impacts
from dealdesk.sla.availability_terms import Availability, MeasureKind
from dealdesk.terms.budget import downtime_budget
from dealdesk.terms.credits import CreditTier, tier_of
from dealdesk.terms.intervals import (
    Interval,
    Intervals,
    clipped,
    common,
    joined,
    seconds_in,
    without,
)
from dealdesk.terms.periods import Span
from dealdesk.terms.uptime import (
    Layer,
    MaintenanceBasis,
    Uptime,
    counted_layers,
    weighted_seconds,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a period, measured by the revision in force in it.

    `impacts` are clipped to the part, `works` the maintenance with the reason where it is refused;
    `layers` is the downtime that counts, cut so that nothing counts twice.
    """

    in_force: InForce
    uptime: Uptime
    budget: Fraction
    is_met: bool
    tier: CreditTier | None
    layers: tuple[Layer, ...]
    removed: Intervals
    impacts: tuple[tuple[Impact, Fraction, str], ...]
    allowed: tuple[Span, ...]
    refused: tuple[tuple[Span, str], ...]
    observed: int


def measure_part(
    part: InForce, history: History, observed: int, in_force_since: int | None = None
) -> Part:
    """Return a part measured from what was known at an observation time."""
    own, span = part.availability, (part.span.start, part.span.end)
    known = history.known_at(observed)
    weighed = tuple(weighed_impacts(own, known, span, observed))
    works = [w for w in known.works if not w.component or is_counted(own, w.component)]
    allowed, refused = allowed_maintenance(own, works, part.span, in_force_since)
    is_down = own.maintenance.basis is MaintenanceBasis.COUNTS_AS_DOWNTIME
    if not is_down and any(work.component for work in works):
        allowed = _without_other_outages(allowed, works, weighed, observed)
    out, removed = _taken_out(own, allowed, weighed, span, observed)
    layers: tuple[Layer, ...] = ()
    if own.measure is MeasureKind.REQUEST_RATIO:
        uptime = _requests(history, span, out, removed)
    else:
        downtime = [(span.start, span.end) for span, _ in refused]
        if is_down:
            downtime += [(span.start, span.end) for span in allowed]
        if own.measure is MeasureKind.ERROR_RATE_MINUTES:
            downtime += _bad_minutes(own, history, span)
        found = downtime_layers(own, weighed, downtime, observed)
        layers = counted_layers((span,), found, out)
        gone = seconds_in(common(removed, (span,)))
        uptime = Uptime(part.span.seconds, gone, weighted_seconds(layers))
    percent = uptime.percent
    is_met = percent >= Fraction(own.objective)
    tiers = part.terms.credits.tiers if part.terms.credits else ()
    return Part(
        in_force=part,
        uptime=uptime,
        budget=downtime_budget(own.objective, uptime.base),
        is_met=is_met,
        tier=None if is_met else tier_of(percent, tiers),
        layers=layers,
        removed=common(removed, (span,)),
        impacts=weighed,
        allowed=tuple(allowed),
        refused=tuple(refused),
        observed=observed,
    )


def _without_other_outages(
    allowed: Sequence[Span],
    works: Sequence[MaintenanceWork],
    weighed: Iterable[tuple[Impact, Fraction, str]],
    observed: int,
) -> list[Span]:
    """Return the allowed time less outages of components that nobody was working on.

    Work on one component is no excuse for another that is down meanwhile.
    """
    times = joined((span.start, span.end) for span in allowed)
    spans: defaultdict[str, list[Interval]] = defaultdict(list)
    for impact, weight, _ in weighed:
        if weight:
            end = impact.end if impact.end is not None else observed
            spans[impact.component].append((impact.start, end))
    live: list[Interval] = []
    for component, own in spans.items():
        under = joined(
            (work.start, work.end) for work in works if work.component in {"", component}
        )
        live += without(joined(own), common(times, under))
    return [Span(a, b) for a, b in without(times, joined(live))]


def _taken_out(
    own: Availability,
    allowed: Sequence[Span],
    weighed: Iterable[tuple[Impact, Fraction, str]],
    span: Interval,
    observed: int,
) -> tuple[Intervals, Intervals]:
    """Return what is no downtime, and what leaves the denominator too."""
    works = joined((one.start, one.end) for one in allowed)
    both = MaintenanceBasis.NUMERATOR_AND_DENOMINATOR
    # An excluded cause weighs nothing; only where it leaves the denominator does it hide others.
    gone = (
        joined(
            (impact.start, impact.end if impact.end is not None else observed)
            for impact, _, note in weighed
            if note.startswith("excluded")
        )
        if own.exclusions_basis is both
        else ()
    )
    if own.maintenance.basis is MaintenanceBasis.COUNTS_AS_DOWNTIME:
        works = ()
    removed = joined([*(works if own.maintenance.basis is both else ()), *gone])
    return clipped(joined([*works, *gone]), *span), clipped(removed, *span)


def _bad_minutes(own: Availability, history: History, span: Interval) -> list[Interval]:
    """Return the samples whose share of failed requests is over the contract's rate."""
    rate = Fraction(own.minute_error_rate_percent)
    return [
        (r.start, r.end)
        for r in history.requests
        if r.start < span[1] and r.end > span[0] and 100 * r.failed > rate * r.total
    ]


def _requests(history: History, span: Interval, out: Intervals, removed: Intervals) -> Uptime:
    """Return the share of requests served; a sample counts where it begins."""
    made = failed = gone = 0
    for sample in history.requests:
        if not span[0] <= sample.start < span[1]:
            continue
        made += sample.total
        if any(a <= sample.start < b for a, b in removed):
            gone += sample.total
        elif not any(a <= sample.start < b for a, b in out):
            failed += sample.failed
    return Uptime(made, gone, Fraction(failed))
