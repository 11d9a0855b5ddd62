"""Translations of clause text by the same ids: their files, and what makes them stale.

English is the language that counts. `languages/<tag>.yaml` says what a language calls sections and
terms; `clause.<tag>.yaml` beside a clause what its variables print; `<position>.<tag>.md` is the
passage. Each names the hash of what it was made from, so that a later change of the English shows
(format: docs/guides/translations.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from dealdesk.clauses.difference import marks_words
from dealdesk.clauses.marks import MarkError, parse_marks
from dealdesk.clauses.model import Clause, Library, Position, Variable
from dealdesk.clauses.parser import parse_template
from dealdesk.clauses.template import Marks, Template
from dealdesk.kernel.errors import Problem
from dealdesk.kernel.hashing import Json, sha256_json
from dealdesk.kernel.located_yaml import YamlError, load_yaml_file, read_text_file
from dealdesk.kernel.records import Record
from dealdesk.terms.value_types import ValueType


@dataclass(frozen=True, slots=True)
class TypeWords:
    """What a variable or column prints in another language; an empty part keeps the English."""

    title: str = ""
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    none: str = ""
    columns: Mapping[str, "TypeWords"] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class TranslatedPosition:
    """A position's passage in another language; `source` is the hash of the English passage."""

    id: str
    source: str
    sentence: Marks
    text: Template
    file: str


@dataclass(frozen=True, slots=True)
class ClauseTranslation:
    """A clause in another language; `source` is the hash of the English words of its variables.

    `texts` hold, by the English, texts that variables start with.
    """

    clause: str
    language: str
    reviewed: bool
    title: str
    source: str
    words: Mapping[str, TypeWords]
    texts: Mapping[str, str]
    positions: Mapping[str, TranslatedPosition]
    file: str


@dataclass(frozen=True, slots=True)
class AgreementWords:
    """What an agreement and its sections are called."""

    title: str
    short_title: str
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the library has been translated to, at least in part."""

    tag: str
    name: str
    notice: str
    unreviewed: str
    missing: str
    terms: Mapping[str, str]
    agreements: Mapping[str, AgreementWords]
    clauses: Mapping[str, ClauseTranslation]


def language_tags(root: Path) -> tuple[str, ...]:
    """Return the languages that a library's folder has files for."""
    return tuple(sorted(path.stem for path in root.glob("languages/*.yaml")))


def read_language(
    root: Path, tag: str, library: Library
) -> tuple[Language | None, tuple[Problem, ...]]:
    """Return a language's translations and every problem in their files."""
    problems: list[Problem] = []
    record = _record(root / "languages" / f"{tag}.yaml", root, problems)
    if record is None:
        return None, tuple(problems)
    clauses = {
        clause.id: found
        for clause in library.clauses.values()
        if (found := _read_clause(root, clause, tag, problems)) is not None
    }
    language = Language(
        tag=record.choice("language", (tag,)),
        name=record.text("name"),
        notice=record.text("notice"),
        unreviewed=record.text("unreviewed"),
        missing=record.text("missing"),
        terms=record.mapping("terms"),
        agreements={
            item.text("id"): AgreementWords(
                item.text("title"), item.text("short_title"), item.mapping("parts")
            )
            for item in record.records("agreements")
        },
        clauses=MappingProxyType(clauses),
    )
    record.finish()
    return language, tuple(problems)


def _record(path: Path, root: Path, problems: list[Problem]) -> Record | None:
    try:
        located = load_yaml_file(path, path.relative_to(root).as_posix())
    except YamlError as error:
        problems.extend(error.problems)
        return None
    return Record.whole(located, problems)


def _read_clause(
    root: Path, clause: Clause, tag: str, problems: list[Problem]
) -> ClauseTranslation | None:
    path = (root / clause.file).with_name(f"clause.{tag}.yaml")
    record = _record(path, root, problems) if path.is_file() else None
    if record is None:
        return None
    translation = ClauseTranslation(
        clause=clause.id,
        language=tag,
        reviewed=record.flag("reviewed"),
        title=record.text("title"),
        source=record.text("source"),
        words={item.text("id"): _words(item) for item in record.records("variables")},
        texts=record.mapping("texts"),
        positions={
            position.id: position
            for item in record.records("positions", required=True)
            if (position := _position(item, path.parent, root, tag, problems)) is not None
        },
        file=path.relative_to(root).as_posix(),
    )
    record.finish()
    return translation


def _words(record: Record) -> TypeWords:
    record.get("id")
    words = TypeWords(
        record.text("title", default=""),
        record.mapping("options"),
        record.text("none", default=""),
        {item.text("id"): _words(item) for item in record.records("columns")},
    )
    record.finish()
    return words


def _position(
    record: Record, folder: Path, root: Path, tag: str, problems: list[Problem]
) -> TranslatedPosition | None:
    position_id, source = record.text("id"), record.text("source")
    sentence: Marks = ()
    try:
        sentence = parse_marks(record.text("sentence"))
    except MarkError as error:
        record.problem("sentence", error.problems[0].code, error.problems[0].message)
    record.finish()
    path = folder / f"{position_id}.{tag}.md"
    name = path.relative_to(root).as_posix()
    if not path.is_file():
        record.problem("id", "file-missing", f"The file {name} is missing.")
        return None
    try:
        text = read_text_file(path)
    except YamlError as error:
        problems.extend(error.problems)
        return None
    template, found = parse_template(text, name)
    problems.extend(found)
    return TranslatedPosition(position_id, source, sentence, template, name)


def source_of_passage(clause: Clause, position: Position) -> str:
    """Return the hash of a position's English text, as its translations have to name it."""
    passage = clause.files.get(f"{position.id}.md", "")
    return sha256_json([passage, marks_words(position.sentence)])[:16]


def source_of_words(clause: Clause) -> str:
    """Return the hash of the English words that a clause's title and variables print."""
    words: list[Json] = [clause.title, *(_variable_words(v) for v in clause.variables)]
    return sha256_json(words)[:16]


def _variable_words(variable: Variable) -> Json:
    return [variable.id, variable.caption, _type_words(variable.type)]


def _type_words(type_: ValueType) -> Json:
    columns: list[Json] = [[c.id, c.title, _type_words(c.type)] for c in type_.columns]
    return [dict(type_.options), type_.none_text, columns]


def untranslated_words(clause: Clause, translation: ClauseTranslation) -> Iterator[str]:
    """Yield each printed word of a clause's variables that a translation leaves in English."""
    for variable in clause.variables:
        words = translation.words.get(variable.id, TypeWords())
        if variable.caption and not words.title:
            yield f"{variable.id}: its caption “{variable.caption}”"
        yield from _untranslated(variable.id, variable.type, words)


def _untranslated(name: str, type_: ValueType, words: TypeWords) -> Iterator[str]:
    for option, label in type_.options:
        if option not in words.options:
            yield f"{name}: “{label}”"
    if type_.none_text and not words.none:
        yield f"{name}: its none, “{type_.none_text}”"
    for column in type_.columns:
        inner = words.columns.get(column.id, TypeWords())
        if not inner.title:
            yield f"{name}.{column.id}: its head “{column.title}”"
        yield from _untranslated(f"{name}.{column.id}", column.type, inner)
