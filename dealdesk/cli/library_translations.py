"""`dealdesk library translations`: what is translated, what is stale, what is not."""

from collections.abc import Iterator
from pathlib import Path

import click

from dealdesk.clauses.lint.paper_lint import lint_paper
from dealdesk.clauses.lint.rule import Finding, Level, apply
from dealdesk.clauses.lint.template_rules import LETTER_RULES, template_paper
from dealdesk.clauses.lint.translation_rules import TRANSLATION_RULES, Translated
from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.clauses.model import Clause, Library, Position
from dealdesk.clauses.translation import (
    ClauseTranslation,
    language_tags,
    read_language,
    source_of_passage,
    source_of_words,
)
from dealdesk.cli.edge import as_json, columns, emit, existing_dir
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.hashing import Json

_HEAD = ("Language", "Clause", "Position", "State", "Source to write")


@click.command("translations")
@click.argument("folder", type=existing_dir, default=DEFAULT_LIBRARY)
@as_json
def translations(folder: Path, *, as_json: bool) -> None:
    """List what is translated: current, stale or missing, with the source that a file names."""
    library = load_library(folder)
    rows = [row for tag in language_tags(folder) for row in _rows(folder, tag, library)]
    answer: dict[str, Json] = {
        "schema_version": "library-translations/1",
        "translations": [
            dict(zip(("language", "clause", "position", "state", "source"), row, strict=True))
            for row in rows
        ],
    }
    table = columns(_HEAD, rows) if rows else "The library has no translations."
    emit(answer, table, json_wanted=as_json)


def _rows(folder: Path, tag: str, library: Library) -> Iterator[list[str]]:
    language, problems = read_language(folder, tag, library)
    if language is None or problems:
        raise DomainError(problems)
    for clause in library.clauses.values():
        found = language.clauses.get(clause.id)
        if found is None:
            yield [tag, clause.id, "", "missing", ""]
            continue
        wanted = source_of_words(clause)
        yield [tag, clause.id, "words", _state(found.source, wanted), wanted]
        for position in clause.positions:
            yield [tag, clause.id, position.id, *_position_state(clause, position, found)]


def _position_state(clause: Clause, position: Position, found: ClauseTranslation) -> list[str]:
    wanted = source_of_passage(clause, position)
    translated = found.positions.get(position.id)
    return [_state(translated.source, wanted) if translated else "missing", wanted]


def _state(source: str, wanted: str) -> str:
    return "current" if source == wanted else "stale"


def translation_findings(folder: Path, library: Library) -> tuple[Finding, ...]:
    """Return what the files and the rules show of each language that a library has."""
    return tuple(
        finding for tag in language_tags(folder) for finding in _findings(folder, tag, library)
    )


def _findings(folder: Path, tag: str, library: Library) -> Iterator[Finding]:
    language, problems = read_language(folder, tag, library)
    for problem in problems:
        yield Finding(problem.code, Level.ERROR, problem)
    if language is not None and not problems:
        yield from apply(TRANSLATION_RULES, Translated(library, language))
        for clause in language.clauses.values():
            for position in clause.positions.values():
                paper = template_paper(position.text, position.file)
                yield from lint_paper(LETTER_RULES, paper)
