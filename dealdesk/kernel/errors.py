"""Errors as sentences: what is wrong, where, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something is: a file and line, a path inside a structure, or both.

    `line` counts from 1; 0 means that the line is not known.
    """

    file: str = ""
    line: int = 0
    path: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.file and self.line else self.file
        return ", ".join(part for part in (where, self.path) if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, as a value, so that all of them can be reported at once.

    `message` is a whole sentence that says what is wrong; `remedy` one that says what to do.
    """

    code: str
    message: str
    place: Place = Place()
    remedy: str = ""

    def __str__(self) -> str:
        where = str(self.place)
        text = f"{where}: {self.message}" if where else self.message
        return f"{text} {self.remedy}".rstrip()


class DomainError(Exception):
    """The input or the call is wrong; carries every problem found, each a sentence."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def of(cls, code: str, message: str, *, place: Place | None = None, remedy: str = "") -> Self:
        """Return the error for a single problem."""
        return cls([Problem(code, message, place or Place(), remedy)])


class NotFoundError(DomainError):
    """What was asked for does not exist, or is not the asker's to see."""


class ConflictError(DomainError):
    """The thing moved on since the caller looked."""


class UnavailableError(DomainError):
    """Something that this program needs, such as its database, doesn't answer."""


class RefusedError(DomainError):
    """The answer is no: every blocker is listed (command line: exit status 1)."""
