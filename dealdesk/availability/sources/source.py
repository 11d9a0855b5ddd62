"""What every source answers: a reading of what it shows now, and of which time it speaks."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from dealdesk.availability.history import HistoryError, RequestCount
from dealdesk.kernel.errors import Place
from dealdesk.kernel.located_yaml import read_text_file
from dealdesk.terms.intervals import Interval, Intervals

LONGEST = 64 * 1024 * 1024
LONGEST_LINE = 65_536
MAJOR, PARTIAL, DEGRADED = "major_outage", "partial_outage", "degraded_performance"
STATUSES = (MAJOR, PARTIAL, DEGRADED)


@dataclass(frozen=True, slots=True)
class Sighting:
    """An impairment as a source shows it now; `key` names it through later changes."""

    incident: str
    key: str
    component: str
    status: str
    start: int
    end: int | None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class SeenWork:
    """Maintenance as a source shows it now."""

    incident: str
    key: str
    component: str
    start: int
    end: int
    announced: int | None
    planned: Interval | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source shows at a time.

    `covered` is the time of which it tells everything, but for the `gaps`. What it once showed of
    the `incidents` and shows no longer is withdrawn.
    """

    source: str
    at: int
    covered: Interval
    impacts: tuple[Sighting, ...] = ()
    works: tuple[SeenWork, ...] = ()
    incidents: frozenset[str] = frozenset()
    gaps: Intervals = ()
    requests: tuple[RequestCount, ...] = ()
    resolution: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """When files were taken, and since when they tell everything, where they don't say so."""

    at: int | None = None
    since: int | None = None


Reader: TypeAlias = Callable[[Sequence["SourceFile"], Taken], Reading]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that a source wrote."""

    path: Path

    def json(self) -> Any:
        """Return the file's JSON. Raise DomainError for another file, or one that is too large."""
        text = read_text_file(self.path, LONGEST)
        try:
            return json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
            raise HistoryError.of(
                "not-json", "The file is not JSON.", place=Place(str(self.path), line)
            ) from error

    def lines(self) -> Iterator[str]:
        """Yield the file's lines one by one, so that its size doesn't matter.

        Raise HistoryError for a line that no table has: it would be held in memory whole.
        """
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            number = 0
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE:
                    raise self.error(
                        f"The line is longer than {LONGEST_LINE:,} characters.",
                        "Check that it is the right file.",
                        number,
                    )
                yield line

    def error(self, message: str, remedy: str = "", line: int = 0) -> HistoryError:
        """Return the error for something in the file."""
        return HistoryError.of(
            "not-that-source", message, place=Place(str(self.path), line), remedy=remedy
        )

    def instant(self, value: object, where: str, line: int = 0) -> int:
        """Return an instant in epoch seconds. Raise HistoryError for one without a zone."""
        if isinstance(value, str):
            try:
                at = datetime.fromisoformat(value)
            except ValueError:
                at = None
            if at is not None and at.tzinfo is not None:
                return int(at.timestamp())
        raise self.error(
            f"{where} is “{value}”, which is not an instant with a time zone.",
            "Write it as 2028-02-01T10:00:00Z.",
            line,
        )

    def mapping(self, value: object, what: str) -> Mapping[str, Any]:
        """Return JSON that is an object. Raise HistoryError otherwise."""
        if not isinstance(value, dict):
            raise self.error(f"{what} is no object.", "Check that the file is from this source.")
        return value

    def listed(self, value: object, what: str) -> list[Any]:
        """Return JSON that is a list. Raise HistoryError otherwise."""
        if not isinstance(value, list):
            raise self.error(f"{what} is no list.", "Check that the file is from this source.")
        return value


@contextmanager
def reading_from(source: str, files: Sequence[SourceFile]) -> Iterator[None]:
    """Turn whatever a reader stumbles over in a file into a sentence.

    Readers check what they decide by; a file from elsewhere can be odd in any place.
    """
    try:
        yield
    except UnicodeDecodeError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, csv.Error) as error:
        names = ", ".join(str(file.path) for file in files)
        raise HistoryError.of(
            "not-that-source",
            f"The file is not what {source} writes: {str(error)[:120] or type(error).__name__}.",
            place=Place(names),
            remedy="Check that it is the right file, and whole.",
        ) from error


def taken_at(files: Sequence[SourceFile], taken: Taken, said: Sequence[int]) -> int:
    """Return when files were taken: as told, or the newest instant that they name themselves."""
    if taken.at is not None:
        return taken.at
    if said:
        return max(said)
    raise files[0].error("The file does not say when it was taken.", "Say it with --at.")
