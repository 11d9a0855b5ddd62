"""Impact history: what was down when, as far as it was known when.

Impacts are bitemporal: each carries when it was observed, and a correction supersedes it instead
of changing it. A report as of an observation time sees what was known then.
"""

from bisect import bisect_left
from dataclasses import dataclass, field

from dealdesk.kernel.errors import DomainError
from dealdesk.terms.intervals import Interval, Intervals, joined, without


class HistoryError(DomainError):
    """A history that can't be read; every fault is listed."""


@dataclass(frozen=True, slots=True)
class Impact:
    """A component's impairment, in epoch seconds; `end` None means it goes on.

    `cause` names what brought it about where that is known, such as customer_caused.
    """

    id: str
    component: str
    status: str
    start: int
    end: int | None
    observed: int
    supersedes: str = ""
    cause: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class MaintenanceWork:
    """Scheduled work with the time at which it was announced; None means it was not.

    `planned` is the announced time, where work was done at another. `observed` 0 means always.
    """

    start: int
    end: int
    announced: int | None
    planned: Interval | None = None
    id: str = ""
    component: str = ""
    observed: int = 0
    supersedes: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class RequestCount:
    """How many requests a span of time saw, and how many of them failed."""

    start: int
    end: int
    total: int
    failed: int


@dataclass(frozen=True, slots=True)
class Known:
    """What was known at an observation time: impacts by start, and the works."""

    impacts: tuple[Impact, ...]
    works: tuple[MaintenanceWork, ...]
    starts: tuple[int, ...]
    longest: int

    def between(self, start: int, end: int) -> tuple[Impact, ...]:
        """Return the impacts that may touch an interval."""
        first = bisect_left(self.starts, start - self.longest)
        return self.impacts[first : bisect_left(self.starts, end)]


@dataclass(frozen=True, slots=True)
class History:
    """What is known of a service, from when until when, and in between not.

    `resolution` is the sampling interval in seconds, where the source has one.
    """

    covered_from: int
    covered_until: int
    impacts: tuple[Impact, ...]
    maintenance: tuple[MaintenanceWork, ...]
    gaps: Intervals = ()
    requests: tuple[RequestCount, ...] = ()
    resolution: int = 0
    _known: dict[int, Known] = field(default_factory=dict, init=False, compare=False, repr=False)

    def known_at(self, observed: int) -> Known:
        """Return what was known at a time, without what was corrected by then."""
        known = self._known.get(observed)
        if known is None:
            known = self._known[observed] = self._sorted(observed)
        return known

    def _sorted(self, observed: int) -> Known:
        seen = [impact for impact in self.impacts if impact.observed <= observed]
        replaced = {impact.supersedes for impact in seen if impact.supersedes}
        impacts = sorted(
            (impact for impact in seen if impact.id not in replaced), key=lambda i: i.start
        )
        works = [work for work in self.maintenance if work.observed <= observed]
        moved = {work.supersedes for work in works if work.supersedes}
        lengths = ((i.end if i.end is not None else observed) - i.start for i in impacts)
        return Known(
            impacts=tuple(impacts),
            works=tuple(work for work in works if not work.id or work.id not in moved),
            starts=tuple(impact.start for impact in impacts),
            longest=max(lengths, default=0),
        )

    def as_of(self, observed: int) -> tuple[Impact, ...]:
        """Return the impacts that were known at a time, without those that were corrected."""
        return self.known_at(observed).impacts

    def uncovered(self, start: int, end: int, observed: int) -> Intervals:
        """Return the parts of an interval of which nothing is known at an observation time."""
        until = min(self.covered_until, observed)
        holes = [(start, min(end, self.covered_from)), (max(start, until), end)]
        holes += [(max(start, a), min(end, b)) for a, b in self.gaps]
        return tuple(sorted((a, b) for a, b in holes if b > a))

    def uncounted(self, start: int, end: int) -> Intervals:
        """Return the parts of an interval of which no requests were counted."""
        counted = joined((count.start, count.end) for count in self.requests)
        return without(((start, end),), counted)
