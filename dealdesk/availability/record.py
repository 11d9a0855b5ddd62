"""The record of a service: readings merged into a history that is only ever added to."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dealdesk.availability.history import (
    History,
    HistoryError,
    Impact,
    MaintenanceWork,
    RequestCount,
)
from dealdesk.availability.sources.source import Reading, SeenWork, Sighting
from dealdesk.terms.intervals import Intervals, joined, without


@dataclass(frozen=True, slots=True)
class Merged:
    """A record with a reading in it, and what that changed."""

    history: History
    added: int
    corrected: int
    withdrawn: int
    gap: Intervals


def merge(record: History | None, reading: Reading) -> Merged:
    """Return a record with what a reading adds: new impacts, and corrections that supersede.

    Nothing is changed or deleted; what a source no longer shows is superseded by an impact of no
    length. Time between the record and the reading of which neither tells is a gap. Raise
    HistoryError for a reading older than the record.
    """
    old = record or History(reading.covered[0], reading.covered[0], (), ())
    if record is not None and reading.at < max(
        (impact.observed for impact in old.impacts), default=0
    ):
        raise HistoryError.of(
            "older-reading",
            "The files were taken before the newest entry of the record.",
            remedy="Import files in the order in which they were taken.",
        )
    impacts = list(_changed(old, reading))
    works = list(_changed_works(old, reading))
    start, end = reading.covered
    gap: Intervals = ()
    if record is not None:
        between = ((old.covered_until, start), (end, old.covered_from))
        gap = tuple((a, b) for a, b in between if a < b)
    told = without((reading.covered,), reading.gaps)
    # What the reading tells of earlier gaps closes them; its own gaps open where nobody else told.
    unknown = without(joined(old.gaps), told)
    before = ((old.covered_from, old.covered_until),) if record is not None else ()
    fresh = without(reading.gaps, without(before, joined(old.gaps)))
    history = History(
        covered_from=min(old.covered_from, start),
        covered_until=max(old.covered_until, end),
        impacts=(*old.impacts, *impacts),
        maintenance=(*old.maintenance, *works),
        gaps=joined([*unknown, *fresh, *gap]),
        requests=_counts(old, reading),
        resolution=max(old.resolution, reading.resolution),
    )
    corrected = [one for one in impacts if one.supersedes]
    return Merged(
        history=history,
        added=len(impacts) - len(corrected),
        corrected=sum(one.start != one.end for one in corrected),
        withdrawn=sum(one.start == one.end for one in corrected),
        gap=gap,
    )


def _counts(record: History, reading: Reading) -> tuple[RequestCount, ...]:
    """Return all counts, each span once. Raise HistoryError where two differ."""
    known = {(count.start, count.end): count for count in record.requests}
    for count in reading.requests:
        before = known.setdefault((count.start, count.end), count)
        if before != count:
            raise HistoryError.of(
                "counted-twice",
                f"{count.failed} of {count.total} requests failed here, but the record has "
                f"{before.failed} of {before.total} for the same time.",
            )
    return tuple(sorted(known.values(), key=lambda count: count.start))


def _current(history: History, source: str) -> dict[str, Impact]:
    """Return what stands now of a source, by the key that its ids begin with."""
    replaced = {impact.supersedes for impact in history.impacts if impact.supersedes}
    return {
        _key(impact.id): impact
        for impact in history.impacts
        if impact.id not in replaced and impact.source.startswith(source)
    }


def _key(id_: str) -> str:
    return id_.rpartition("#")[0] or id_


def _version(id_: str) -> int:
    return int(id_.rpartition("#")[2])


def _changed(record: History, reading: Reading) -> Iterator[Impact]:
    current = _current(record, reading.source)
    shown: set[str] = set()
    for sighting in reading.impacts:
        key = f"{reading.source}:{sighting.key}"
        shown.add(key)
        known = current.get(key)
        fresh = _impact(sighting, reading, key, known)
        if known is None or not _is_same(known, fresh):
            yield fresh
    for key, known in current.items():
        incident = known.source.partition("/")[2]
        gone = key not in shown and incident in reading.incidents
        if gone and known.start != known.end:
            version = _version(known.id) + 1
            yield replace(
                known,
                id=f"{key}#{version}",
                end=known.start,
                observed=reading.at,
                supersedes=known.id,
            )


def _impact(sighting: Sighting, reading: Reading, key: str, known: Impact | None) -> Impact:
    version = _version(known.id) + 1 if known else 1
    return Impact(
        id=f"{key}#{version}",
        component=sighting.component,
        status=sighting.status,
        start=sighting.start,
        end=sighting.end,
        observed=reading.at,
        supersedes=known.id if known else "",
        cause=sighting.cause,
        source=f"{reading.source}/{sighting.incident}",
    )


def _is_same(known: Impact, fresh: Impact) -> bool:
    return replace(known, id="", observed=0, supersedes="") == replace(
        fresh, id="", observed=0, supersedes=""
    )


def _changed_works(record: History, reading: Reading) -> Iterator[MaintenanceWork]:
    replaced = {work.supersedes for work in record.maintenance if work.supersedes}
    current = {
        _key(work.id): work for work in record.maintenance if work.id and work.id not in replaced
    }
    for seen in reading.works:
        key = f"{reading.source}:{seen.key}"
        known = current.get(key)
        fresh = _work(seen, reading, key, known)
        if (
            known is None
            or replace(known, id=fresh.id, observed=fresh.observed, supersedes=fresh.supersedes)
            != fresh
        ):
            yield fresh


def _work(
    seen: SeenWork, reading: Reading, key: str, known: MaintenanceWork | None
) -> MaintenanceWork:
    version = _version(known.id) + 1 if known else 1
    return MaintenanceWork(
        start=seen.start,
        end=seen.end,
        announced=seen.announced,
        planned=seen.planned,
        id=f"{key}#{version}",
        component=seen.component,
        observed=reading.at,
        supersedes=known.id if known else "",
        source=f"{reading.source}/{seen.incident}",
    )
