"""A reading from series of samples, with the gaps between them."""

from collections.abc import Mapping, Sequence

from dealdesk.availability.sources.samples import Sample, gaps, interval_of, sightings
from dealdesk.availability.sources.source import Reading, SeenWork, SourceFile, Taken


def sampled_reading(
    source: str,
    files: Sequence[SourceFile],
    series: Mapping[str, Sequence[Sample]],
    taken: Taken,
    works: Sequence[SeenWork] = (),
) -> Reading:
    """Return what samples say. Raise HistoryError where there are none.

    Only the time that every series covers is covered: a component that nobody looked at is not up.
    """
    ordered = {name: sorted(set(samples)) for name, samples in series.items() if samples}
    if not ordered:
        raise files[0].error("The file holds no samples.", "Ask the monitor for a longer time.")
    step = interval_of(ordered.values())
    first = max(samples[0][0] for samples in ordered.values())
    last = min(samples[-1][0] for samples in ordered.values()) + step
    if last <= first:
        raise files[0].error("The series share no time.", "Ask for the same time of each.")
    found = tuple(sightings(source, ordered, step))
    return Reading(
        source=source,
        at=taken.at if taken.at is not None else last,
        covered=(first, last),
        impacts=found,
        works=tuple(works),
        incidents=frozenset(one.incident for one in found),
        gaps=gaps(ordered.values(), step),
        resolution=step,
    )
