"""Statuspage (API v2, public JSON): component changes in incident updates, and maintenance.

Downtime is derived from the states that updates give to components, not from when an incident was
opened and closed. Lists end at the fifty newest items, so what lies before the oldest of a full
list is not told; polls are merged into a record that keeps it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dealdesk.availability.sources.source import (
    DEGRADED,
    MAJOR,
    PARTIAL,
    STATUSES,
    Reading,
    SeenWork,
    Sighting,
    SourceFile,
    Taken,
    taken_at,
)

NAME = "statuspage"
FULL = 50
OPERATIONAL, WORKS = "operational", "under_maintenance"
# What an incident's own impact stands for where no update names a component.
_IMPACTS = {"critical": MAJOR, "major": PARTIAL, "minor": DEGRADED}
_KEYS = ("incidents", "scheduled_maintenances", "components")


def read_statuspage(files: Sequence[SourceFile], taken: Taken) -> Reading:
    """Return what incidents.json, scheduled-maintenances.json and components.json say together."""
    impacts: list[Sighting] = []
    works: list[SeenWork] = []
    incidents: set[str] = set()
    said: list[int] = []
    reach: list[int] = []
    for file in files:
        data = file.mapping(file.json(), "The file")
        if not any(key in data for key in _KEYS):
            raise file.error(f"The file holds none of {', '.join(_KEYS)}.")
        if isinstance(data.get("page"), dict) and "updated_at" in data["page"]:
            said.append(file.instant(data["page"]["updated_at"], "page.updated_at"))
        for key in _KEYS[:2]:
            items = [file.mapping(i, key) for i in file.listed(data.get(key, []), key)]
            incidents |= {str(item.get("id")) for item in items}
            reach += _reach(key, items, file, taken.since)
            for item in items:
                if key == "incidents":
                    impacts += _sightings(item, file)
                else:
                    works += _works(item, file)
    at = taken_at(files, taken, said)
    first = max(reach, default=taken.since if taken.since is not None else at)
    return Reading(
        source=NAME,
        at=at,
        covered=(min(first, at), at),
        impacts=tuple(impacts),
        works=tuple(works),
        incidents=frozenset(incidents),
    )


def _reach(
    key: str, items: Sequence[Mapping[str, Any]], file: SourceFile, since: int | None
) -> list[int]:
    """Return since when a list tells everything: a full one since its oldest item."""
    created = [file.instant(item.get("created_at"), "created_at") for item in items]
    if len(items) >= FULL:
        return [min(created)]
    if key != "incidents" or not created:
        return []
    return [min(created) if since is None else min(since, *created)]


def _sightings(incident: Mapping[str, Any], file: SourceFile) -> Iterator[Sighting]:
    id_ = str(incident.get("id"))
    resolved = incident.get("resolved_at")
    end = file.instant(resolved, "resolved_at") if resolved else None
    changes = list(_changes(incident, file))
    if not changes:
        yield from _by_impact(incident, file, end)
        return
    for name in dict.fromkeys(name for name, _, _ in changes):
        own = [(at, status) for other, at, status in changes if other == name]
        for number, (at, status) in enumerate(own):
            until = own[number + 1][0] if number + 1 < len(own) else end
            if status in STATUSES and (until is None or until > at):
                yield Sighting(id_, f"{id_}/{name}/{number}", name, status, at, until)


def _changes(incident: Mapping[str, Any], file: SourceFile) -> Iterator[tuple[str, int, str]]:
    """Yield component, instant and new state, oldest first; a state that stays is no change."""
    updates = sorted(
        (
            (file.instant(u.get("display_at") or u.get("created_at"), "display_at"), u)
            for u in file.listed(incident.get("incident_updates", []), "incident_updates")
        ),
        key=lambda pair: pair[0],
    )
    last: dict[str, str] = {}
    for at, update in updates:
        for part in update.get("affected_components") or ():
            name, status = str(part.get("name")), str(part.get("new_status"))
            if status not in (*STATUSES, OPERATIONAL, WORKS):
                raise file.error(f"“{status}” is no state of a component that Statuspage has.")
            if last.get(name) != status:
                last[name] = status
                yield name, at, status


def _by_impact(
    incident: Mapping[str, Any], file: SourceFile, end: int | None
) -> Iterator[Sighting]:
    """Yield the incident as a whole, where no update says what happened to which component."""
    status = _IMPACTS.get(str(incident.get("impact")))
    begun = incident.get("started_at") or incident.get("created_at")
    if status is None:
        return
    start = file.instant(begun, "started_at")
    names = [str(part.get("name")) for part in incident.get("components") or ()] or [""]
    id_ = str(incident.get("id"))
    for name in names:
        if end is None or end > start:
            yield Sighting(id_, f"{id_}/{name}/whole", name, status, start, end)


def _works(item: Mapping[str, Any], file: SourceFile) -> Iterator[SeenWork]:
    """Yield maintenance by component: as announced, and as it was done once it has begun."""
    planned = (
        file.instant(item.get("scheduled_for"), "scheduled_for"),
        file.instant(item.get("scheduled_until"), "scheduled_until"),
    )
    announced = file.instant(item.get("created_at"), "created_at")
    times = {
        str(update.get("status")): file.instant(
            update.get("display_at") or update.get("created_at"), "display_at"
        )
        for update in item.get("incident_updates") or ()
    }
    start = times.get("in_progress", planned[0])
    end = times.get("completed", max(planned[1], start))
    id_ = str(item.get("id"))
    names = [str(part.get("name")) for part in item.get("components") or ()] or [""]
    for name in names:
        yield SeenWork(id_, f"{id_}/{name}", name, start, max(end, start), announced, planned)
