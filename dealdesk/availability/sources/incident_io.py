"""incident.io: impacts of components with start and end, the cleanest shape there is."""

from collections.abc import Sequence

from dealdesk.availability.sources.source import (
    DEGRADED,
    MAJOR,
    PARTIAL,
    Reading,
    SeenWork,
    Sighting,
    SourceFile,
    Taken,
    taken_at,
)

NAME = "incident.io"
_STATUSES = {
    "full_outage": MAJOR,
    "major_outage": MAJOR,
    "partial_outage": PARTIAL,
    "degraded_performance": DEGRADED,
}
_WORKS = "under_maintenance"
_UP = "operational"


def read_incident_io(files: Sequence[SourceFile], taken: Taken) -> Reading:
    """Return the impacts of incidents with `component_impacts`; components may give names."""
    impacts: list[Sighting] = []
    works: list[SeenWork] = []
    incidents: set[str] = set()
    starts: list[int] = []
    names: dict[str, str] = {}
    for file in files:
        data = file.mapping(file.json(), "The file")
        for part in data.get("components", ()):
            names[str(part.get("id"))] = str(part.get("name"))
        for item in file.listed(data.get("incidents"), "incidents"):
            id_ = str(file.mapping(item, "An incident").get("id"))
            incidents.add(id_)
            parts = file.listed(item.get("component_impacts", []), "component_impacts")
            for number, part in enumerate(parts):
                start = file.instant(part.get("start_at"), "start_at")
                end = file.instant(part["end_at"], "end_at") if part.get("end_at") else None
                if end is not None and end < start:
                    raise file.error(f"An impact of {id_} ends before it starts.")
                starts.append(start)
                component = names.get(str(part.get("component_id")), str(part.get("component_id")))
                status, key = str(part.get("component_status")), f"{id_}/{component}/{number}"
                if status == _WORKS and end is not None:
                    works.append(SeenWork(id_, key, component, start, end, None))
                elif status in _STATUSES:
                    impacts.append(Sighting(id_, key, component, _STATUSES[status], start, end))
                elif status not in {_UP, _WORKS}:
                    raise file.error(f"“{status}” is no state of a component that we know.")
    at = taken_at(files, taken, [])
    since = taken.since if taken.since is not None else min(starts, default=at)
    return Reading(
        NAME, at, (min(since, at), at), tuple(impacts), tuple(works), frozenset(incidents)
    )
