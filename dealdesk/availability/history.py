"""Impact history: what was down when, as far as it was known when (format history/1).

Impacts are bitemporal: each carries when it was observed, and a correction supersedes it instead
of changing it. A report as of an observation time sees what was known then.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator

from dealdesk.kernel.errors import DomainError, Place, Problem

LONGEST = 64 * 1024 * 1024


class HistoryError(DomainError):
    """A history that can't be read; every fault is listed."""


@dataclass(frozen=True, slots=True)
class Impact:
    """A component's impairment, in epoch seconds; `end` None means it goes on."""

    id: str
    component: str
    status: str
    start: int
    end: int | None
    observed: int
    supersedes: str = ""


@dataclass(frozen=True, slots=True)
class MaintenanceWork:
    """Scheduled work with the time at which it was announced; None means it was not."""

    start: int
    end: int
    announced: int | None


@dataclass(frozen=True, slots=True)
class History:
    """What is known of a service, and from when until when it is known."""

    covered_from: int
    covered_until: int
    impacts: tuple[Impact, ...]
    maintenance: tuple[MaintenanceWork, ...]

    def as_of(self, observed: int) -> tuple[Impact, ...]:
        """Return the impacts that were known at a time, without those that were corrected."""
        known = [impact for impact in self.impacts if impact.observed <= observed]
        replaced = {impact.supersedes for impact in known if impact.supersedes}
        return tuple(impact for impact in known if impact.id not in replaced)


@cache
def _validator() -> Draft202012Validator:
    text = resources.files("dealdesk.availability").joinpath("schemas/history-1.json").read_text()
    return Draft202012Validator(json.loads(text))


def read_history(text: str, file: str = "") -> History:
    """Return the history in JSON. Raise HistoryError listing every fault with its place."""
    try:
        data: Any = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise HistoryError.of("not-json", "The file is not JSON.", place=Place(file)) from error
    problems = [
        Problem(
            "history-schema",
            f"{e.message[:200]}.",
            Place(file, 0, "/" + "/".join(map(str, e.path))),
        )
        for e in _validator().iter_errors(data)
    ]
    if problems:
        raise HistoryError(problems)
    problems = list(_time_problems(data, file))
    if problems:
        raise HistoryError(problems)
    return History(
        covered_from=_epoch(data["covered"]["from"]),
        covered_until=_epoch(data["covered"]["until"]),
        impacts=tuple(_impact(item) for item in data["impacts"]),
        maintenance=tuple(_work(item) for item in data.get("maintenance", ())),
    )


def _epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _time_problems(data: Mapping[str, Any], file: str) -> Iterator[Problem]:
    """Yield a problem for each instant without zone, and each span that ends before it starts."""
    yield from _cover_problems(data["covered"], file)
    seen: set[str] = set()
    for name in ("impacts", "maintenance"):
        for index, item in enumerate(data.get(name, ())):
            place = Place(file, 0, f"/{name}/{index}")
            times = [item.get(key) for key in ("start", "end", "observed_at", "announced_at")]
            bad = [text for text in times if text is not None and not _is_instant(text)]
            if bad:
                message = f"“{bad[0]}” is not an instant with a time zone."
                yield Problem("bad-instant", message, place, "Write it as 2028-02-01T10:00:00Z.")
            elif item.get("end") is not None and _epoch(item["end"]) < _epoch(item["start"]):
                yield Problem("ends-before-start", "It ends before it starts.", place)
            if item.get("id") in seen:
                yield Problem("duplicate-impact", f"The id “{item['id']}” stands twice.", place)
            seen.add(item.get("id") or f"{name}{index}")


def _cover_problems(covered: Mapping[str, str], file: str) -> Iterator[Problem]:
    bad = [key for key in ("from", "until") if not _is_instant(covered[key])]
    for key in bad:
        message = f"“{covered[key]}” is not an instant with a time zone."
        place = Place(file, 0, f"/covered/{key}")
        yield Problem("bad-instant", message, place, "Write it as 2028-02-01T10:00:00Z.")
    if not bad and _epoch(covered["until"]) < _epoch(covered["from"]):
        message = "The history ends before it starts."
        yield Problem("ends-before-start", message, Place(file, 0, "/covered"))


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _impact(item: Mapping[str, Any]) -> Impact:
    return Impact(
        id=item["id"],
        component=item["component"],
        status=item["status"],
        start=_epoch(item["start"]),
        end=_epoch(item["end"]) if item["end"] is not None else None,
        observed=_epoch(item["observed_at"]),
        supersedes=item.get("supersedes", ""),
    )


def _work(item: Mapping[str, Any]) -> MaintenanceWork:
    announced = item.get("announced_at")
    return MaintenanceWork(
        _epoch(item["start"]), _epoch(item["end"]), _epoch(announced) if announced else None
    )
