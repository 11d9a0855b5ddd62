"""Uptime of a period from spans of time: exact fractions, overlaps counted once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from dealdesk.terms.intervals import Interval, Intervals, common, joined, seconds_in, without
from dealdesk.terms.periods import Span

# Intervals that count with a weight; layers of one measurement don't overlap.
Layer: TypeAlias = tuple[Fraction, Intervals]


class MaintenanceBasis(StrEnum):
    """Where allowed maintenance is taken out: of both sides, of the downtime alone, or nowhere."""

    NUMERATOR_AND_DENOMINATOR = "numerator_and_denominator"
    DOWNTIME_ONLY = "downtime_only"
    COUNTS_AS_DOWNTIME = "counts_as_downtime"


@dataclass(frozen=True, slots=True)
class Weighted:
    """A span that counts as a share of downtime: an outage 1, a partial outage perhaps 3/10."""

    span: Span
    weight: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Uptime:
    """A period's seconds: contracted, taken out of the calculation, and down (weighted).

    Where a contract counts requests, these are requests: made, taken out, and failed.
    """

    contracted: int
    removed: int
    down: Fraction

    @property
    def base(self) -> int:
        """The seconds that count: the denominator."""
        return self.contracted - self.removed

    @property
    def share(self) -> Fraction:
        """The share of the base that the service was up; 1 where nothing is left to count."""
        return 1 - self.down / self.base if self.base else Fraction(1)

    @property
    def percent(self) -> Fraction:
        """The share in percent, exactly."""
        return 100 * self.share


def heaviest(by_weight: Mapping[Fraction, Iterable[Interval]]) -> tuple[Layer, ...]:
    """Return layers that don't overlap: each instant counts with the heaviest weight there."""
    layers: list[Layer] = []
    covered: Intervals = ()
    for weight in sorted(by_weight, reverse=True):
        if weight == 0:
            continue
        spans = joined(by_weight[weight])
        layers.append((weight, without(spans, covered)))
        covered = joined([*covered, *spans])
    return tuple(layers)


def lightest(groups: Sequence[Mapping[Fraction, Iterable[Interval]]]) -> tuple[Layer, ...]:
    """Return layers of the time in which every group is down, with the lightest weight there."""
    if not groups:
        return ()
    layers: list[Layer] = []
    counted: Intervals = ()
    for weight in sorted({w for group in groups for w in group if w}, reverse=True):
        shared: Intervals | None = None
        for group in groups:
            spans = joined(span for w, own in group.items() if w >= weight for span in own)
            shared = spans if shared is None else common(shared, spans)
        layers.append((weight, without(shared or (), counted)))
        counted = joined([*counted, *(shared or ())])
    return tuple(layers)


def weighted_seconds(layers: Iterable[Layer]) -> Fraction:
    """Return the seconds of layers, each by its weight."""
    return sum((weight * seconds_in(spans) for weight, spans in layers), Fraction(0))


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans joined where they touch or overlap, in order, empty ones left out."""
    return tuple(Span(a, b) for a, b in joined((span.start, span.end) for span in spans))


def total(spans: Iterable[Span]) -> int:
    """Return the seconds that spans cover together, overlaps once."""
    return seconds_in(joined((span.start, span.end) for span in spans))


def measure(
    contracted: Iterable[Span],
    impacts: Iterable[Weighted],
    excluded: Iterable[Span],
    basis: MaintenanceBasis,
) -> Uptime:
    """Return a period's uptime.

    `contracted` are the spans in which the contract was in force, `excluded` the maintenance that
    the contract allows; where it counts as downtime it is down like an outage. Where impacts
    overlap, the heaviest counts.
    """
    by_weight: dict[Fraction, list[Interval]] = {}
    for impact in impacts:
        by_weight.setdefault(impact.weight, []).append((impact.span.start, impact.span.end))
    works = [(span.start, span.end) for span in excluded]
    within = joined((span.start, span.end) for span in contracted)
    if basis is MaintenanceBasis.COUNTS_AS_DOWNTIME:
        by_weight.setdefault(Fraction(1), []).extend(works)
        works = []
    out = common(joined(works), within)
    removed = out if basis is MaintenanceBasis.NUMERATOR_AND_DENOMINATOR else ()
    return uptime_of(within, heaviest(by_weight), out, removed)


def uptime_of(
    contracted: Intervals, layers: Iterable[Layer], not_down: Intervals, removed: Intervals
) -> Uptime:
    """Return the uptime from layers of downtime; all intervals are joined and in order.

    Time in `not_down` never counts as downtime; `removed` leaves the denominator too.
    """
    return Uptime(
        seconds_in(contracted),
        seconds_in(common(removed, contracted)),
        weighted_seconds(counted_layers(contracted, layers, not_down)),
    )


def counted_layers(
    contracted: Intervals, layers: Iterable[Layer], not_down: Intervals
) -> tuple[Layer, ...]:
    """Return what of layers of downtime counts: inside the contract, outside what is excluded."""
    return tuple((weight, without(common(spans, contracted), not_down)) for weight, spans in layers)
