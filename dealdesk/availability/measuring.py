"""Measure one part of a period, in which one revision is in force: steps, layers, exact share."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dealdesk.availability.history import History, Impact, Known, MaintenanceWork
from dealdesk.availability.in_force import InForce
from dealdesk.availability.maintenance import allowed_maintenance
from dealdesk.sla.availability_terms import Availability, ComponentRule, MeasureKind
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
    heaviest,
    lightest,
    weighted_seconds,
)

ONE, NONE = Fraction(1), Fraction(0)
SERVICE = ""
_Group = dict[Fraction, list[Interval]]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the worksheet: a span that counted or did not, and why."""

    kind: str
    start: int
    end: int
    weight: Fraction
    note: str
    component: str = ""


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
    weighed = tuple(_weighed(own, known, span, observed))
    works = [w for w in known.works if not w.component or _counts(own, w.component)]
    allowed, refused = allowed_maintenance(own, works, part.span, in_force_since)
    counts = own.maintenance.basis is MaintenanceBasis.COUNTS_AS_DOWNTIME
    if not counts and any(work.component for work in works):
        allowed = _without_other_outages(allowed, works, weighed, observed)
    out, removed = _taken_out(own, allowed, weighed, span, observed)
    layers: tuple[Layer, ...] = ()
    if own.measure is MeasureKind.REQUEST_RATIO:
        uptime = _requests(history, span, out, removed)
    else:
        downtime = [(span.start, span.end) for span, _ in refused]
        if counts:
            downtime += [(span.start, span.end) for span in allowed]
        if own.measure is MeasureKind.ERROR_RATE_MINUTES:
            downtime += _bad_minutes(own, history, span)
        found = _layers(own, weighed, downtime, observed)
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


def _counts(own: Availability, component: str) -> bool:
    return not own.components or any(one.id == component for one in own.components)


def _weighed(
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
        elif own.components and not _counts(own, impact.component):
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
        if weights.get(i.status) and i.cause not in own.exclusions and _counts(own, i.component)
    )
    return tuple((a, b) for a, b in stretches if b - a < own.min_incident_seconds)


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


def _layers(
    own: Availability,
    weighed: Iterable[tuple[Impact, Fraction, str]],
    downtime: Iterable[Interval],
    observed: int,
) -> tuple[Layer, ...]:
    """Return layers of downtime by the contract's rule for components."""
    groups = _grouped(own, weighed, observed)
    whole: _Group = {ONE: list(downtime)}
    match own.component_rule:
        case ComponentRule.ANY:
            return heaviest(_added(groups[SERVICE].items(), whole))
        case ComponentRule.ALL:
            names = [one.id for one in own.components] or list(groups)
            shared = lightest([groups[name] for name in names])
            return heaviest(_added(shared, whole))
        case ComponentRule.WEIGHTED:
            return _shares(own, groups, whole)


def _grouped(
    own: Availability, weighed: Iterable[tuple[Impact, Fraction, str]], observed: int
) -> dict[str, _Group]:
    """Return what counts by component and weight; one group where any component will do."""
    # Statuses are told apart before weights: fractions are slow to look up.
    by_status: defaultdict[tuple[str, str], list[Interval]] = defaultdict(list)
    is_any = own.component_rule is ComponentRule.ANY
    weights: dict[str, Fraction] = {}
    for impact, weight, _ in weighed:
        if weight is not NONE and weight.numerator:
            weights[impact.status] = weight
            end = impact.end if impact.end is not None else observed
            key = SERVICE if is_any else impact.component
            by_status[key, impact.status].append((impact.start, end))
    groups: defaultdict[str, _Group] = defaultdict(dict)
    for (component, status), spans in by_status.items():
        groups[component].setdefault(weights[status], []).extend(spans)
    return groups


def _added(layers: Iterable[tuple[Fraction, Iterable[Interval]]], whole: _Group) -> _Group:
    by_weight: _Group = {weight: list(spans) for weight, spans in layers}
    by_weight.setdefault(ONE, []).extend(whole[ONE])
    return by_weight


def _shares(own: Availability, groups: dict[str, _Group], whole: _Group) -> tuple[Layer, ...]:
    """Return each component's layers with its share; what takes the service down takes all."""
    total = sum((Fraction(one.share) for one in own.components), NONE) or ONE
    service = joined(whole[ONE])
    layers: list[Layer] = [(ONE, service)]
    for one in own.components:
        share = Fraction(one.share) / total
        layers += [
            (weight * share, without(spans, service)) for weight, spans in heaviest(groups[one.id])
        ]
    return tuple(layers)


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
