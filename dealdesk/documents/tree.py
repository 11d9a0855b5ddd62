"""The document tree: sections of blocks with ids that last, inline runs that never store numbers.

Clause numbers, reference labels and the words of a value are always computed (numbering.py,
text.py); the tree holds only what was decided.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from dealdesk.terms.value_types import TypedValue
from dealdesk.terms.values import ValueRef

MAX_DEPTH = 5  # numbered levels: 1. / 1.1 / (a) / (i) / (A)


class Style(StrEnum):
    """How an occurrence prints its value."""

    FIGURES = "figures"  # 30 days
    WORDS = "words"  # thirty (30) days


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words, printed literally; `strong` sets them in bold."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """The place where a term is defined: prints the term in bold and quotation marks."""

    definition_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Term:
    """A use of a defined term; `text` is the form used here (plural, possessive)."""

    definition_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A cross-reference to a block; its label ("Section 4.2(a)") is computed."""

    block_id: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where a value is printed; its words are always format(value)."""

    ref: ValueRef
    style: Style = Style.FIGURES


Inline: TypeAlias = Text | Definition | Term | Ref | Occurrence
Inlines: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered clause: a heading, a lead passage, or both, and what stands below it."""

    id: str
    heading: Inlines = ()
    body: Inlines = ()
    children: tuple["Block", ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """An unnumbered paragraph."""

    id: str
    body: Inlines


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a printed table; its id ends in the key of the typed row that it prints."""

    id: str
    cells: tuple[Inlines, ...]


class Align(StrEnum):
    """How a column is set; figures stand to the right."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column's head, its alignment and its share of the width (any positive weights)."""

    title: str
    align: Align = Align.LEFT
    weight: int = 1


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table whose head row repeats on each page; `row_heads` marks column one as heads."""

    id: str
    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    row_heads: bool = False


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """The place where one party signs; never stands alone on a page."""

    id: str
    role: str
    party: Inlines
    signer_name: Inlines = ()
    signer_title: Inlines = ()


Block: TypeAlias = Clause | Paragraph | TableBlock | SignatureBlock


class SectionKind(StrEnum):
    """The parts of an agreement, which differ in furniture and numbering."""

    COVER = "cover"
    ORDER_FORM = "order_form"
    TERMS = "terms"
    EXHIBIT = "exhibit"
    SIGNATURES = "signatures"


@dataclass(frozen=True, slots=True)
class Section:
    """A part that starts with a title; clause numbers start again at 1 in each section."""

    id: str
    title: str
    kind: SectionKind
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class DocumentTree:
    """A whole document: its parts and the typed values that its occurrences print.

    `short_title` stands in the running head. `language` is a BCP 47 tag. `dated_on` is the day
    that the file carries as its creation date: files are made from input alone, not the clock.
    """

    title: str
    short_title: str
    language: str
    version_label: str
    dated_on: date
    sections: tuple[Section, ...]
    values: Mapping[ValueRef, TypedValue] = field(default_factory=lambda: MappingProxyType({}))
    draft: bool = False


def walk_blocks(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield the blocks and all that stand below them, in reading order."""
    for block in blocks:
        yield block
        if isinstance(block, Clause):
            yield from walk_blocks(block.children)


def walk(tree: DocumentTree) -> Iterator[Block]:
    """Yield every block of the document in reading order."""
    for section in tree.sections:
        yield from walk_blocks(section.blocks)


def block_inlines(block: Block) -> Iterator[Inlines]:
    """Yield each run of inlines that a block itself holds, in reading order."""
    match block:
        case Clause(heading=heading, body=body):
            yield from (run for run in (heading, body) if run)
        case Paragraph(body=body):
            yield body
        case TableBlock(rows=rows):
            yield from (cell for row in rows for cell in row.cells)
        case SignatureBlock(party=party, signer_name=name, signer_title=title):
            yield from (run for run in (party, name, title) if run)


def instance_of(block_id: str) -> str:
    """Return the instance part of a block id."""
    return block_id.partition("/")[0]


def occurrences(tree: DocumentTree) -> Iterator[tuple[Block, Occurrence]]:
    """Yield every printed value with the block that prints it."""
    for block in walk(tree):
        for run in block_inlines(block):
            for inline in run:
                if isinstance(inline, Occurrence):
                    yield block, inline
