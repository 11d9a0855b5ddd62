"""Histories as JSON (format history/1): read with every fault in its place, and written back."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator

from dealdesk.availability.history import (
    History,
    HistoryError,
    Impact,
    MaintenanceWork,
    RequestCount,
)
from dealdesk.kernel.errors import Place, Problem
from dealdesk.terms.intervals import joined

LONGEST = 64 * 1024 * 1024
SCHEMA = "history/1"
_TIMES = (
    "start", "end", "observed_at", "announced_at", "planned_start", "planned_end",
)  # fmt: skip


@cache
def validator(name: str) -> Draft202012Validator:
    """Return the validator of one of the package's schemas, such as "history-1"."""
    text = resources.files("dealdesk.availability").joinpath(f"schemas/{name}.json").read_text()
    return Draft202012Validator(json.loads(text))


def parse(text: str, schema: str, file: str = "") -> Any:
    """Return JSON data that fits a schema. Raise HistoryError listing every fault."""
    try:
        data: Any = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        raise HistoryError.of(
            "not-json", "The file is not JSON.", place=Place(file, line)
        ) from error
    problems = [
        Problem(
            "history-schema",
            f"{e.message[:200]}.",
            Place(file, 0, "/" + "/".join(map(str, e.path))),
        )
        for e in validator(schema).iter_errors(data)
    ]
    if problems:
        raise HistoryError(problems)
    return data


def read_history(text: str, file: str = "") -> History:
    """Return the history in JSON. Raise HistoryError listing every fault with its place."""
    data = parse(text, "history-1", file)
    problems = list(_time_problems(data, file))
    if problems:
        raise HistoryError(problems)
    covered = data["covered"]
    return History(
        covered_from=to_epoch(covered["from"]),
        covered_until=to_epoch(covered["until"]),
        impacts=tuple(_impact(item) for item in data["impacts"]),
        maintenance=tuple(_work(item) for item in data.get("maintenance", ())),
        gaps=joined((to_epoch(g["start"]), to_epoch(g["end"])) for g in data.get("gaps", ())),
        requests=tuple(_requests(item) for item in data.get("requests", ())),
        resolution=data.get("resolution_seconds", 0),
    )


def to_epoch(text: str) -> int:
    """Return an RFC 3339 instant in epoch seconds."""
    return int(datetime.fromisoformat(text).timestamp())


def from_epoch(seconds: int) -> str:
    """Return epoch seconds as an RFC 3339 instant in UTC."""
    # Three times as quick as strftime; a worksheet prints thousands.
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat()[:19]}Z"


def _time_problems(data: Mapping[str, Any], file: str) -> Iterator[Problem]:
    """Yield a problem for each instant without zone, and each span that ends before it starts."""
    yield from _span_problems(data["covered"], Place(file, 0, "/covered"), ("from", "until"))
    seen: set[str] = set()
    for name in ("impacts", "maintenance", "gaps", "requests"):
        for index, item in enumerate(data.get(name, ())):
            place = Place(file, 0, f"/{name}/{index}")
            bad = [item[key] for key in _TIMES if item.get(key) and not is_instant(item[key])]
            if bad:
                message = f"“{bad[0]}” is not an instant with a time zone."
                yield Problem("bad-instant", message, place, "Write it as 2028-02-01T10:00:00Z.")
            elif item.get("end") is not None and to_epoch(item["end"]) < to_epoch(item["start"]):
                yield Problem("ends-before-start", "It ends before it starts.", place)
            elif name == "impacts" and to_epoch(item["start"]) > to_epoch(item["observed_at"]):
                yield Problem("future", "It begins after it was observed.", place)
            if item.get("id") in seen:
                yield Problem("duplicate-impact", f"The id “{item['id']}” stands twice.", place)
            seen.add(item.get("id") or f"{name}{index}")


def _span_problems(
    span: Mapping[str, str], place: Place, keys: tuple[str, str]
) -> Iterator[Problem]:
    bad = [key for key in keys if not is_instant(span[key])]
    for key in bad:
        message = f"“{span[key]}” is not an instant with a time zone."
        at = Place(place.file, 0, f"{place.path}/{key}")
        yield Problem("bad-instant", message, at, "Write it as 2028-02-01T10:00:00Z.")
    if not bad and to_epoch(span[keys[1]]) < to_epoch(span[keys[0]]):
        yield Problem("ends-before-start", "The history ends before it starts.", place)


def is_instant(text: str) -> bool:
    """Tell whether text is an instant with its time zone."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _impact(item: Mapping[str, Any]) -> Impact:
    return Impact(
        id=item["id"],
        component=item["component"],
        status=item["status"],
        start=to_epoch(item["start"]),
        end=to_epoch(item["end"]) if item["end"] is not None else None,
        observed=to_epoch(item["observed_at"]),
        supersedes=item.get("supersedes", ""),
        cause=item.get("cause", ""),
        source=item.get("source", ""),
    )


def _work(item: Mapping[str, Any]) -> MaintenanceWork:
    announced, planned = item.get("announced_at"), item.get("planned_start")
    return MaintenanceWork(
        start=to_epoch(item["start"]),
        end=to_epoch(item["end"]),
        announced=to_epoch(announced) if announced else None,
        planned=(to_epoch(planned), to_epoch(item["planned_end"])) if planned else None,
        id=item.get("id", ""),
        component=item.get("component", ""),
        observed=to_epoch(item["observed_at"]) if item.get("observed_at") else 0,
        supersedes=item.get("supersedes", ""),
        source=item.get("source", ""),
    )


def _requests(item: Mapping[str, Any]) -> RequestCount:
    return RequestCount(
        to_epoch(item["start"]), to_epoch(item["end"]), item["total"], item["failed"]
    )
