"""Uptime of a period from spans of time: exact fractions, overlaps counted once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from dealdesk.terms.periods import Span


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
    """A period's seconds: contracted, taken out of the calculation, and down (weighted)."""

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


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans joined where they touch or overlap, in order, empty ones left out."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if span.seconds == 0:
            continue
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def total(spans: Iterable[Span]) -> int:
    """Return the seconds that spans cover together, overlaps once."""
    return sum(span.seconds for span in union(spans))


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
    if basis is MaintenanceBasis.COUNTS_AS_DOWNTIME:
        works = [Weighted(span) for span in excluded]
        return measure(
            contracted, [*impacts, *works], (), MaintenanceBasis.NUMERATOR_AND_DENOMINATOR
        )
    within = union(contracted)
    out = union(span.overlap(inner) for span in union(excluded) for inner in within)
    down = sum(
        (piece.weight * piece.span.seconds for piece in _pieces(impacts, within, out)), Fraction(0)
    )
    removed = total(out) if basis is MaintenanceBasis.NUMERATOR_AND_DENOMINATOR else 0
    return Uptime(total(within), removed, down)


def _pieces(
    impacts: Iterable[Weighted], within: tuple[Span, ...], out: tuple[Span, ...]
) -> Iterator[Weighted]:
    """Yield the counted impacts cut so that none overlap, each with the heaviest weight there."""
    clipped = [
        Weighted(inner.overlap(impact.span), impact.weight)
        for impact in impacts
        for inner in within
        if inner.overlap(impact.span).seconds
    ]
    edges = sorted(
        {e for c in clipped for e in (c.span.start, c.span.end)}
        | {e for span in out for e in (span.start, span.end)}
    )
    for start, end in pairwise(edges):
        if any(span.start <= start and end <= span.end for span in out):
            continue
        weights = [c.weight for c in clipped if c.span.start <= start and end <= c.span.end]
        if weights:
            yield Weighted(Span(start, end), max(weights))
