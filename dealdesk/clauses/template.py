"""The parsed form of clause text: blocks and marks before values are bound (ADR 2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from dealdesk.clauses.expressions import Expression
from dealdesk.documents.tree import Style, Text


@dataclass(frozen=True, slots=True)
class DefinitionMark:
    """`"Term" {{def: id}}`: the term is defined here and prints as `text`."""

    definition_id: str
    text: str


@dataclass(frozen=True, slots=True)
class TermMark:
    """`{{term: id | form}}`; an empty form prints the term as it was defined."""

    definition_id: str
    form: str = ""


@dataclass(frozen=True, slots=True)
class RefMark:
    """`{{ref: clause/id}}`; `clause` is empty for a block of the same clause."""

    clause: str
    local_id: str


@dataclass(frozen=True, slots=True)
class ValueMark:
    """`{{value: clause.name}}`; `instance` is empty for a variable of the same clause."""

    instance: str
    variable: str
    style: Style = Style.FIGURES


@dataclass(frozen=True, slots=True)
class WhenMark:
    """Words of a line that stand only where the condition holds."""

    condition: Expression
    body: tuple["Mark", ...]


Mark: TypeAlias = Text | DefinitionMark | TermMark | RefMark | ValueMark | WhenMark
Marks: TypeAlias = tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class ClauseTemplate:
    """A numbered clause of the text; `line` is where it starts in its file."""

    local_id: str
    line: int
    heading: Marks = ()
    body: Marks = ()
    children: tuple["BlockTemplate", ...] = ()


@dataclass(frozen=True, slots=True)
class ParagraphTemplate:
    """An unnumbered paragraph."""

    local_id: str
    line: int
    body: Marks


@dataclass(frozen=True, slots=True)
class TableTemplate:
    """A table printed from the rows of a table variable."""

    local_id: str
    line: int
    variable: str


@dataclass(frozen=True, slots=True)
class WhenTemplate:
    """Blocks that stand only where the condition holds."""

    condition: Expression
    line: int
    blocks: tuple["BlockTemplate", ...]


BlockTemplate: TypeAlias = ClauseTemplate | ParagraphTemplate | TableTemplate | WhenTemplate
Template: TypeAlias = tuple[BlockTemplate, ...]


def walk_template(blocks: Template) -> Iterator[BlockTemplate]:
    """Yield the blocks and all that stand below them, in reading order."""
    for block in blocks:
        yield block
        match block:
            case ClauseTemplate(children=children):
                yield from walk_template(children)
            case WhenTemplate(blocks=inner):
                yield from walk_template(inner)
            case _:
                pass


def block_marks(block: BlockTemplate) -> Marks:
    """Return the marks that a block itself holds, conditional ones included as they stand."""
    match block:
        case ClauseTemplate(heading=heading, body=body):
            return heading + body
        case ParagraphTemplate(body=body):
            return body
        case _:
            return ()


def walk_marks(marks: Marks) -> Iterator[Mark]:
    """Yield every mark, and what stands inside conditional ones."""
    for mark in marks:
        yield mark
        if isinstance(mark, WhenMark):
            yield from walk_marks(mark.body)
