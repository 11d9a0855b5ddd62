"""Uptime Kuma: heartbeats of a public status page; its times are UTC without saying so."""

from collections.abc import Sequence

from dealdesk.availability.sources.sampled import sampled_reading
from dealdesk.availability.sources.samples import Sample
from dealdesk.availability.sources.source import (
    DEGRADED,
    MAJOR,
    Reading,
    SeenWork,
    SourceFile,
    Taken,
)

NAME = "uptime-kuma"
_UP, _DOWN, _PENDING, _WORKS = 1, 0, 2, 3
_STATES = {_UP: "", _DOWN: MAJOR, _PENDING: DEGRADED, _WORKS: "works"}


def read_uptime_kuma(files: Sequence[SourceFile], taken: Taken) -> Reading:
    """Return what heartbeat/SLUG says; the status page's own JSON gives the monitors' names.

    Heartbeats in maintenance become work that nobody announced: Kuma does not say when it was.
    """
    names: dict[str, str] = {}
    series: dict[str, list[Sample]] = {}
    for file in files:
        data = file.mapping(file.json(), "The file")
        for group in data.get("publicGroupList", ()):
            names |= {str(m.get("id")): str(m.get("name")) for m in group.get("monitorList", ())}
        for id_, beats in data.get("heartbeatList", {}).items():
            samples = series.setdefault(id_, [])
            for beat in file.listed(beats, "heartbeatList"):
                if beat.get("status") not in _STATES:
                    raise file.error(f"“{beat.get('status')}” is no status that Kuma has.")
                at = file.instant(f"{beat.get('time')}+00:00", "time")
                samples.append((at, _STATES[beat["status"]]))
    if not series:
        raise files[0].error("The file holds no heartbeatList.")
    named = {names.get(id_, id_): samples for id_, samples in series.items()}
    whole = sampled_reading(NAME, files, named, taken)
    works = [
        SeenWork(one.incident, one.key, one.component, one.start, one.end, None)
        for one in whole.impacts
        if one.status == "works" and one.end is not None
    ]
    up = {n: [(at, "" if s == "works" else s) for at, s in own] for n, own in named.items()}
    return sampled_reading(NAME, files, up, taken, works)
