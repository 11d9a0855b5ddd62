"""Upptime: history/summary.json, which keeps whole minutes down for each day and no more."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from dealdesk.availability.sources.source import (
    MAJOR,
    Reading,
    Sighting,
    SourceFile,
    Taken,
    taken_at,
)

NAME = "upptime"
_MINUTE, _DAY = 60, 86_400


def read_upptime(files: Sequence[SourceFile], taken: Taken) -> Reading:
    """Return each day's minutes as an outage at the start of the UTC day.

    When in the day it was is not known: a contract whose months begin elsewhere can be off by the
    minutes of their first and last day.
    """
    found: list[Sighting] = []
    days: list[int] = []
    for file in files:
        for item in file.listed(file.json(), "The file"):
            site = file.mapping(item, "A site")
            name = str(site.get("slug") or site.get("name"))
            minutes = file.mapping(site.get("dailyMinutesDown", {}), "dailyMinutesDown")
            for day, down in minutes.items():
                start = _midnight(day, file)
                if not isinstance(down, int) or not 0 <= down <= _DAY // _MINUTE:
                    raise file.error(f"{day} has “{down}” minutes down, which no day has.")
                days.append(start)
                if down:
                    key = f"{name}/{day}"
                    end = start + down * _MINUTE
                    found.append(Sighting(key, key, name, MAJOR, start, end))
    at = taken_at(files, taken, [])
    since = taken.since if taken.since is not None else min(days, default=at)
    return Reading(
        source=NAME,
        at=at,
        covered=(min(since, at), at),
        impacts=tuple(found),
        incidents=frozenset(one.incident for one in found),
        resolution=_MINUTE,
    )


def _midnight(text: str, file: SourceFile) -> int:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise file.error(f"“{text}” is not a day.", "Days are written 2028-02-01.") from error
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
