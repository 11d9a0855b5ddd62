"""Rules on the letters of clause files: explanations and sentences are read and printed too."""

from collections.abc import Iterator

from dealdesk.clauses.lint.rule import Fault
from dealdesk.clauses.lint.text_hygiene import hidden_names, pasted_markup
from dealdesk.clauses.model import Library
from dealdesk.kernel.errors import Place


def hidden_in_files(library: Library) -> Iterator[Fault]:
    """Yield each line of a clause.yaml with characters that can't be seen."""
    for place, line in _lines(library):
        if names := hidden_names(line):
            yield place, f"The line holds characters that can't be seen: {names}."


def markup_in_files(library: Library) -> Iterator[Fault]:
    """Yield each line of a clause.yaml with markup of a web page."""
    for place, line in _lines(library):
        if markup := pasted_markup(line):
            yield place, f"“{markup}” is left over from a web page."


def _lines(library: Library) -> Iterator[tuple[Place, str]]:
    """Yield the lines of the files that hold no passages; passages have their own rules."""
    for clause in library.clauses.values():
        lines = clause.files.get("clause.yaml", "").splitlines()
        for number, line in enumerate(lines, 1):
            yield Place(clause.file, number), line
