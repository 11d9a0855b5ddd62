"""Samples of a monitor as impairments: a bad sample counts until the next one is due."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median_low

from dealdesk.availability.sources.source import Sighting
from dealdesk.terms.intervals import Intervals, joined

# A pause longer than this many intervals between two samples is a gap: nobody looked.
PATIENCE = 2

Sample = tuple[int, str]


def interval_of(series: Iterable[Sequence[Sample]]) -> int:
    """Return the usual seconds between two samples; a minute where there are too few to tell."""
    steps = [b - a for samples in series for (a, _), (b, _) in pairwise(samples) if b > a]
    return median_low(steps) if steps else 60


def sightings(
    source: str, by_component: Mapping[str, Sequence[Sample]], step: int
) -> Iterator[Sighting]:
    """Yield a run of equal bad samples as one impairment; "" is a good sample."""
    for component, samples in by_component.items():
        begin, status = 0, ""
        last = 0
        for at, state in [*samples, (samples[-1][0] + step, "")] if samples else ():
            is_pause = bool(last) and at - last > PATIENCE * step
            if status and (state != status or is_pause):
                end = last + step if is_pause else at
                key = f"{source}/{component}/{begin}"
                yield Sighting(key, key, component, status, begin, end)
                status = ""
            if state and not status:
                begin, status = at, state
            last = at


def gaps(series: Iterable[Sequence[Sample]], step: int) -> Intervals:
    """Return the time in which a series has no samples."""
    return joined(
        (a + step, b)
        for samples in series
        for (a, _), (b, _) in pairwise(samples)
        if b - a > PATIENCE * step
    )
