"""What differs between two libraries, in words that a lawyer reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from dealdesk.clauses.model import Clause, Library, Position, Variable
from dealdesk.clauses.template import (
    ClauseTemplate,
    DefinitionMark,
    Mark,
    ParagraphTemplate,
    RefMark,
    TableTemplate,
    Template,
    TermMark,
    ValueMark,
    WhenMark,
    WhenTemplate,
)
from dealdesk.documents.tree import Text
from dealdesk.terms.formatting import CELL_BREAK, ROW_BREAK, format_value
from dealdesk.terms.values import Table


@dataclass(frozen=True, slots=True)
class ClauseDifference:
    """One difference; `position` is "" where it concerns the whole clause."""

    clause: str
    position: str
    message: str


def library_difference(old: Library, new: Library) -> tuple[ClauseDifference, ...]:
    """Return what was added, removed or changed from one library to another."""
    return tuple(_differences(old, new))


def _differences(old: Library, new: Library) -> Iterator[ClauseDifference]:
    for clause_id in sorted({*old.clauses, *new.clauses}):
        before, after = old.clauses.get(clause_id), new.clauses.get(clause_id)
        if before is None:
            yield ClauseDifference(clause_id, "", "the clause is new.")
        elif after is None:
            yield ClauseDifference(clause_id, "", "the clause is gone.")
        elif before.sha256 != after.sha256:
            yield from _clause(before, after, new.roles)


def _clause(old: Clause, new: Clause, roles: Mapping[str, str]) -> Iterator[ClauseDifference]:
    if old.version == new.version:
        message = f"it changed, but is still called version {old.version}."
        yield ClauseDifference(new.id, "", message)
    for name in sorted({v.id for v in (*old.variables, *new.variables)}):
        before, after = old.variable(name), new.variable(name)
        if before != after:
            yield ClauseDifference(new.id, "", f"the variable “{name}” {_what(before, after)}.")
    for words in ("requires", "excludes"):
        one, two = set(getattr(old, words)), set(getattr(new, words))
        for other in sorted(one ^ two):
            verb = f"now {words}" if other in two else f"no longer {words}"
            yield ClauseDifference(new.id, "", f"it {verb} {other}.")
    for name in sorted({p.id for p in (*old.positions, *new.positions)}):
        yield from _position((old, new), name, roles)


def _what(before: Variable | None, after: Variable | None) -> str:
    """Return in words what became of a variable."""
    if before is None or after is None:
        return "is new" if before is None else "is gone"
    one, two = before.type, after.type
    parts = [
        f"{name} {_limit(old)} became {_limit(new)}"
        for name, old, new in (
            ("its least", one.minimum, two.minimum),
            ("its most", one.maximum, two.maximum),
            ("its kind", one.kind.value, two.kind.value),
        )
        if old != new
    ]
    return f"changed: {', '.join(parts)}" if parts else "changed"


def _limit(value: object) -> str:
    return "none" if value is None else str(value)


def _position(
    clauses: tuple[Clause, Clause], name: str, roles: Mapping[str, str]
) -> Iterator[ClauseDifference]:
    old, new = clauses[0].position(name), clauses[1].position(name)
    if old is None or new is None:
        what = "is new" if old is None else "is gone"
        yield ClauseDifference(clauses[1].id, name, f"the position “{name}” {what}.")
        return
    for message in _changed(clauses, old, new, roles):
        yield ClauseDifference(clauses[1].id, name, f"{name}: {message}")


def _changed(
    clauses: tuple[Clause, Clause], old: Position, new: Position, roles: Mapping[str, str]
) -> Iterator[str]:
    """Yield what a new version of a position changes: its rank, its substance, its one line."""
    if old.rank != new.rank:
        yield f"{_rank(old)} became {_rank(new)}."
    yield from _substance(clauses[0], old, clauses[1], new, roles)
    for taken, put in word_changes(marks_words(old.sentence), marks_words(new.sentence)):
        yield f"In its one line, {_change(taken, put)}"
    for what, before, after in (
        ("explanation", old.explanation, new.explanation),
        ("rationale", old.rationale, new.rationale),
        ("talk track", old.talk_track, new.talk_track),
        ("usual redlines", old.redlines, new.redlines),
    ):
        if before != after:
            yield f"Its {what} changed."


def _rank(position: Position) -> str:
    return position.rank.value.replace("_", "-")


def position_difference(
    old: tuple[Clause, Position], new: tuple[Clause, Position], roles: Mapping[str, str]
) -> tuple[str, ...]:
    """Return in sentences what choosing one position instead of another changes."""
    return tuple(_substance(*old, *new, roles))


def _substance(
    old_clause: Clause,
    old: Position,
    new_clause: Clause,
    new: Position,
    roles: Mapping[str, str],
) -> Iterator[str]:
    before, after = _starting(old_clause, old), _starting(new_clause, new)
    for name in sorted({*before, *after}):
        taken, put = before.get(name, "not there"), after.get(name, "not there")
        if taken != put:
            yield f"{name}: {taken} became {put}."
    for word, one, other in (("no longer", old, new), ("now", new, old)):
        for role in sorted({a.role for a in one.approvers} - {a.role for a in other.approvers}):
            yield f"{roles.get(role, role)} {word} decides."
        known = {bound.message for bound in other.bounds}
        for bound in one.bounds:
            if bound.message not in known:
                yield f"Bound {word}: {bound.message}"
    held = {bound.message: bound.source for bound in old.bounds}
    for bound in new.bounds:
        if held.get(bound.message, bound.source) != bound.source:
            yield f"Bound “{held[bound.message]}” became “{bound.source}”."
    for taken, put in word_changes(template_words(old.text), template_words(new.text)):
        yield _change(taken, put)


def _change(taken: str, put: str) -> str:
    """Return a change of words as a sentence."""
    if not taken:
        return f"“{put}” came in."
    return f"“{taken}” became “{put}”." if put else f"“{taken}” went."


def _starting(clause: Clause, position: Position) -> dict[str, str]:
    """Return in words the values that a position starts with, tables row by row."""
    return {
        name: words
        for variable in clause.variables
        for name, words in _value_words(variable, position)
    }


def _value_words(variable: Variable, position: Position) -> Iterator[tuple[str, str]]:
    value = position.values.get(variable.id, variable.default)
    words = "to be given" if value is None else format_value(value, variable.type, "en")
    if not isinstance(value, Table):
        yield variable.id, words
        return
    for row in words.split(ROW_BREAK):
        key, _, cells = row.partition(CELL_BREAK)
        yield f"{variable.id}.{key}", cells


def word_changes(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield runs of words that changed from one text to another."""
    before, after = old.split(), new.split()
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield " ".join(before[a:b]), " ".join(after[c:d])


def template_words(template: Template) -> str:
    """Return a position's text in words, marks by their names."""
    return " ".join(part for block in template for part in _block_words(block))


def _block_words(block: object) -> Iterator[str]:
    match block:
        case ClauseTemplate(heading=heading, body=body, children=children):
            yield from (marks_words(run) for run in (heading, body) if run)
            yield from (words for child in children for words in _block_words(child))
        case ParagraphTemplate(body=body):
            yield marks_words(body)
        case TableTemplate(variable=variable):
            yield f"[table {variable}]"
        case WhenTemplate(blocks=blocks):
            yield from (words for inner in blocks for words in _block_words(inner))


def marks_words(marks: tuple[Mark, ...]) -> str:
    """Return marks in words: terms, references and values by their names."""
    return "".join(_mark_words(mark) for mark in marks)


def _mark_words(mark: Mark) -> str:
    match mark:
        case Text(text=text):
            return text
        case DefinitionMark(text=text):
            return f"“{text}”"
        case TermMark(definition_id=definition, form=form):
            return form or definition
        case RefMark(clause=clause, local_id=local_id):
            return f"[{clause}/{local_id}]" if clause else f"[{local_id}]"
        case ValueMark(instance=instance, variable=variable):
            return f"[{instance}.{variable}]" if instance else f"[{variable}]"
        case WhenMark(body=body):
            return marks_words(body)
