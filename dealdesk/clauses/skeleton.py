"""The files with which a new clause begins: its head, its first position, and its family's."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dealdesk.clauses.loader import FAMILY_FILE
from dealdesk.clauses.model import Library
from dealdesk.kernel.characters import hidden_words
from dealdesk.kernel.errors import DomainError, Place, Problem

LONGEST_LINE = 200
LICENCE = "Apache-2.0"
_REVIEWED_EVERY = timedelta(days=365)
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_ID = 40
_LINES = {
    "title": "The title",
    "sentence": "What it says in one line",
    "explanation": "The explanation for sales",
}


@dataclass(frozen=True, slots=True)
class NewClause:
    """What a new clause is called, whose it is, and what its first position comes to.

    `family` is "" where the clause opens one of its own, which `family_title` then names.
    """

    id: str
    title: str
    owner: str
    sentence: str
    explanation: str
    family: str = ""
    family_title: str = ""

    @property
    def family_id(self) -> str:
        """The family's id: a new family is called as its first clause."""
        return self.family or self.id

    @property
    def folder(self) -> str:
        """Where the clause's files stand within the library's folder."""
        return f"clauses/{self.family_id}/{self.id}"


def skeleton(new: NewClause, library: Library, day: date) -> Mapping[str, str]:
    """Return the files with which a clause begins, to be written on.

    Its text holds a blank, which the linter finds until somebody writes it. Raise DomainError with
    everything that is missing, each problem's place naming the field.
    """
    problems = [*_problems(new, library)]
    if problems:
        raise DomainError(problems)
    files = {
        "clause.yaml": _head(new, day),
        "standard.md": (
            f"# {new.title} {{#{new.id}}}\n\n"
            "## What is agreed {#agreed}\n"
            "[Insert what both sides agree to.]\n"
        ),
    }
    if not new.family:
        files[FAMILY_FILE] = (
            f"id: {new.id}\ntitle: {_quoted(new.family_title)}\nowner: {new.owner}\n"
        )
    return files


def _problems(new: NewClause, library: Library) -> list[Problem]:
    found = []

    def say(field: str, message: str, remedy: str = "") -> None:
        found.append(Problem(f"clause-{field}", message, Place("", path=field), remedy))

    if not _ID.fullmatch(new.id) or len(new.id) > _LONGEST_ID:
        say(
            "id",
            f"An id has small letters, digits and hyphens, up to {_LONGEST_ID}.",
            "Write one such as data-return.",
        )
    elif new.id in library.clauses:
        say("id", f"The library has a clause {new.id}.", "Draft a change of that one, or rename.")
    elif not new.family and new.id in library.families:
        say("id", f"There is a family {new.id}.", "Choose that family, or another id.")
    if new.family and new.family not in library.families:
        say("family", "There is no such family.", "Choose one of the list.")
    if new.owner not in library.roles:
        say("owner", "There is no such role.", "Choose one of the list.")
    lines = {**_LINES, "family_title": "The new family's title"} if not new.family else _LINES
    for field, what in lines.items():
        words = str(getattr(new, field))
        if not words.strip():
            say(field, f"{what} is missing.", "Write it.")
        elif len(words) > LONGEST_LINE or "\n" in words:
            say(field, f"{what} is one line of up to {LONGEST_LINE} characters.")
        elif hidden := hidden_words(what, words):
            say(field, hidden, "Delete it and type the words again.")
    return found


def _head(new: NewClause, day: date) -> str:
    return f"""id: {new.id}
family: {new.family_id}
title: {_quoted(new.title)}
version: 1.0.0
status: approved
owner: {new.owner}
effective_from: {day.isoformat()}
review_due: {(day + _REVIEWED_EVERY).isoformat()}
reviewed_by_counsel: false
licence: {LICENCE}
positions:
  - id: standard
    rank: standard
    sentence: {_quoted(new.sentence)}
    explanation: {_quoted(new.explanation)}
"""


def _quoted(words: str) -> str:
    """Return words as YAML takes them, whatever signs they hold."""
    return json.dumps(words.strip(), ensure_ascii=False)
