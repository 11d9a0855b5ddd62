"""What rules ask of a position's parsed text: blocks, references, terms, values, conditions."""

from collections.abc import Iterator
from dataclasses import dataclass

from dealdesk.clauses.expressions import Expression
from dealdesk.clauses.model import Position
from dealdesk.clauses.template import (
    ClauseTemplate,
    DefinitionMark,
    Mark,
    RefMark,
    TableTemplate,
    Template,
    TermMark,
    ValueMark,
    WhenMark,
    WhenTemplate,
    block_marks,
)


@dataclass(frozen=True, slots=True)
class TemplateRef:
    """A reference in a text; `guarded` says that a condition stands around it."""

    clause: str
    local_id: str
    line: int
    guarded: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A position's text taken apart.

    `blocks` are local ids with their lines, `conditional` the ids that a condition can remove;
    `marks` hold each mark with its line and whether a condition stands around it.
    """

    blocks: tuple[tuple[str, int], ...]
    conditional: frozenset[str]
    marks: tuple[tuple[Mark, int, bool], ...]
    conditions: tuple[Expression, ...]
    tables: tuple[tuple[str, int], ...]


# Readings by the identity of their text, held beside it: hashing a text takes longer than reading.
_READ: dict[int, tuple[Template, Reading]] = {}
_MOST = 4096


def read_template(text: Template) -> Reading:
    """Return a text taken apart."""
    known = _READ.get(id(text))
    if known is not None and known[0] is text:
        return known[1]
    if len(_READ) >= _MOST:
        _READ.clear()
    reading = _reading(text)
    _READ[id(text)] = (text, reading)
    return reading


def _reading(text: Template) -> Reading:
    blocks: list[tuple[str, int]] = []
    conditional: set[str] = set()
    marks: list[tuple[Mark, int, bool]] = []
    conditions: list[Expression] = []
    tables: list[tuple[str, int]] = []

    def walk(part: Template, *, inside: bool) -> None:
        for block in part:
            if isinstance(block, WhenTemplate):
                conditions.append(block.condition)
                walk(block.blocks, inside=True)
                continue
            blocks.append((block.local_id, block.line))
            if inside:
                conditional.add(block.local_id)
            if isinstance(block, TableTemplate):
                tables.append((block.variable, block.line))
            for mark in block_marks(block):
                take(mark, block.line, inside=inside)
            if isinstance(block, ClauseTemplate):
                walk(block.children, inside=inside)

    def take(mark: Mark, line: int, *, inside: bool) -> None:
        marks.append((mark, line, inside))
        if isinstance(mark, WhenMark):
            conditions.append(mark.condition)
            for inner in mark.body:
                take(inner, line, inside=True)

    walk(text, inside=False)
    return Reading(
        tuple(blocks), frozenset(conditional), tuple(marks), tuple(conditions), tuple(tables)
    )


def words_of(position: Position) -> Reading:
    """Return a position's text taken apart."""
    return read_template(position.text)


def references_of(position: Position) -> Iterator[TemplateRef]:
    """Yield the references of a position's text."""
    for mark, line, inside in words_of(position).marks:
        if isinstance(mark, RefMark):
            yield TemplateRef(mark.clause, mark.local_id, line, inside)


def terms_used(position: Position) -> Iterator[tuple[str, int]]:
    """Yield the defined terms that the text uses, with their lines."""
    for mark, line, _ in words_of(position).marks:
        if isinstance(mark, TermMark):
            yield mark.definition_id, line


def defined_in(position: Position) -> Iterator[str]:
    """Yield the terms that the text always defines."""
    for mark, _, inside in words_of(position).marks:
        if isinstance(mark, DefinitionMark) and not inside:
            yield mark.definition_id


def printed_variables(position: Position) -> Iterator[tuple[str, str, int]]:
    """Yield owner ("" for the clause itself), variable and line of each value that is printed."""
    reading = words_of(position)
    for mark, line, _ in reading.marks:
        if isinstance(mark, ValueMark):
            yield mark.instance, mark.variable, line
    for mark in position.sentence:
        if isinstance(mark, ValueMark) and mark.instance:
            yield mark.instance, mark.variable, 0
    for variable, line in reading.tables:
        yield "", variable, line


def conditions_of(position: Position) -> Iterator[Expression]:
    """Yield the conditions of a position's text."""
    yield from words_of(position).conditions
