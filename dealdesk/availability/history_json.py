"""Write a history as plain data in the format history/1."""

from dealdesk.availability.history import History, Impact, MaintenanceWork, RequestCount
from dealdesk.availability.history_file import SCHEMA, from_epoch
from dealdesk.kernel.hashing import Json


def history_json(history: History) -> dict[str, Json]:
    """Return a history as plain data in the format history/1; what is empty is left out."""
    data: dict[str, Json] = {
        "schema": SCHEMA,
        "covered": {
            "from": from_epoch(history.covered_from),
            "until": from_epoch(history.covered_until),
        },
    }
    if history.gaps:
        data["gaps"] = [{"start": from_epoch(a), "end": from_epoch(b)} for a, b in history.gaps]
    if history.resolution:
        data["resolution_seconds"] = history.resolution
    data["impacts"] = [_impact_json(impact) for impact in history.impacts]
    data["maintenance"] = [_work_json(work) for work in history.maintenance]
    if history.requests:
        data["requests"] = [_requests_json(count) for count in history.requests]
    return data


def _requests_json(count: RequestCount) -> Json:
    return {
        "start": from_epoch(count.start),
        "end": from_epoch(count.end),
        "total": count.total,
        "failed": count.failed,
    }


def _impact_json(impact: Impact) -> Json:
    data: dict[str, Json] = {
        "id": impact.id,
        "component": impact.component,
        "status": impact.status,
        "start": from_epoch(impact.start),
        "end": from_epoch(impact.end) if impact.end is not None else None,
        "observed_at": from_epoch(impact.observed),
    }
    rest = {"supersedes": impact.supersedes, "cause": impact.cause, "source": impact.source}
    return data | {key: text for key, text in rest.items() if text}


def _work_json(work: MaintenanceWork) -> Json:
    data: dict[str, Json] = {
        "start": from_epoch(work.start),
        "end": from_epoch(work.end),
        "announced_at": from_epoch(work.announced) if work.announced is not None else None,
    }
    if work.planned:
        data |= {
            "planned_start": from_epoch(work.planned[0]),
            "planned_end": from_epoch(work.planned[1]),
        }
    if work.observed:
        data["observed_at"] = from_epoch(work.observed)
    rest = {
        "id": work.id,
        "component": work.component,
        "supersedes": work.supersedes,
        "source": work.source,
    }
    return data | {key: text for key, text in rest.items() if text}
