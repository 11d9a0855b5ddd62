"""The systems that support events can be read from, and the file that keeps them."""

from collections.abc import Mapping, Sequence
from typing import Any

from dealdesk.availability.history_file import from_epoch, is_instant, parse, to_epoch
from dealdesk.availability.response_sources.csv_file import NAME as CSV
from dealdesk.availability.response_sources.csv_file import read_csv
from dealdesk.availability.response_sources.events import Naming, ResponseReader
from dealdesk.availability.response_sources.moments import NAME as MOMENTS
from dealdesk.availability.response_sources.moments import read_moments
from dealdesk.availability.response_sources.request_tracker import NAME as RT
from dealdesk.availability.response_sources.request_tracker import read_request_tracker
from dealdesk.availability.response_sources.zendesk import NAME as ZENDESK
from dealdesk.availability.response_sources.zendesk import read_zendesk
from dealdesk.availability.responses import ResponseError, ResponseEvent
from dealdesk.availability.sources.source import SourceFile, reading_from
from dealdesk.kernel.errors import DomainError, Place, Problem
from dealdesk.kernel.hashing import Json

RESPONSE_SOURCES: Mapping[str, ResponseReader] = {
    CSV: read_csv,
    MOMENTS: read_moments,
    RT: read_request_tracker,
    ZENDESK: read_zendesk,
}


def read_events(
    name: str, files: Sequence[SourceFile], naming: Naming
) -> tuple[ResponseEvent, ...]:
    """Return the events in files of a system. Raise DomainError for another, or other files."""
    reader = RESPONSE_SOURCES.get(name)
    if reader is None:
        raise DomainError.of(
            "unknown-source",
            f"There is no import of support events from “{name}”.",
            remedy=f"Use one of {', '.join(RESPONSE_SOURCES)}.",
        )
    with reading_from(name, files):
        return reader(files, naming)


def responses_json(events: Sequence[ResponseEvent]) -> dict[str, Json]:
    """Return events as plain data in the format responses/1."""
    return {"schema": "responses/1", "events": [_event_json(event) for event in events]}


def _event_json(event: ResponseEvent) -> Json:
    data: dict[str, Json] = {
        "ticket": event.ticket,
        "customer": event.customer,
        "severity": event.severity,
        "metric": event.metric,
        "received_at": from_epoch(event.received),
        "done_at": from_epoch(event.done) if event.done is not None else None,
    }
    if event.category:
        data["category"] = event.category
    if event.pauses:
        data["pauses"] = [{"start": from_epoch(a), "end": from_epoch(b)} for a, b in event.pauses]
    return data


def read_responses(text: str, file: str = "") -> tuple[ResponseEvent, ...]:
    """Return the events of a responses/1 file. Raise HistoryError or ResponseError with faults."""
    data = parse(text, "responses-1", file)
    problems = [
        Problem("bad-event", message, Place(file, 0, f"/events/{index}"))
        for index, item in enumerate(data["events"])
        for message in _faults(item)
    ]
    if problems:
        raise ResponseError(problems)
    return tuple(_event(item) for item in data["events"])


def _faults(item: Mapping[str, Any]) -> list[str]:
    times = [item["received_at"], item["done_at"]]
    times += [at for pause in item.get("pauses", ()) for at in (pause["start"], pause["end"])]
    bad = [text for text in times if text is not None and not is_instant(text)]
    if bad:
        return [f"“{text}” is not an instant with a time zone." for text in bad]
    done = item["done_at"]
    if done is not None and to_epoch(done) < to_epoch(item["received_at"]):
        return ["It was answered before it was received."]
    return []


def _event(item: Mapping[str, Any]) -> ResponseEvent:
    return ResponseEvent(
        ticket=item["ticket"],
        customer=item["customer"],
        severity=item["severity"],
        received=to_epoch(item["received_at"]),
        done=to_epoch(item["done_at"]) if item["done_at"] is not None else None,
        metric=item["metric"],
        category=item.get("category", ""),
        pauses=tuple((to_epoch(p["start"]), to_epoch(p["end"])) for p in item.get("pauses", ())),
    )
