"""Bind parsed clause text to a deal: conditions decided, ids made whole, values addressed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from dealdesk.agreements.scope import Scope
from dealdesk.clauses.expressions import holds
from dealdesk.clauses.template import (
    BlockTemplate,
    ClauseTemplate,
    DefinitionMark,
    Mark,
    Marks,
    ParagraphTemplate,
    RefMark,
    TableTemplate,
    Template,
    TermMark,
    ValueMark,
    WhenMark,
    WhenTemplate,
    block_marks,
    walk_marks,
    walk_template,
)
from dealdesk.documents.tree import (
    Align,
    Block,
    Clause,
    Definition,
    Inline,
    Inlines,
    Occurrence,
    Paragraph,
    Ref,
    TableBlock,
    TableColumn,
    TableRow,
    Term,
    Text,
)
from dealdesk.terms.value_types import Kind, TypedValue, ValueMap
from dealdesk.terms.values import Table, TextValue, Value, ValueRef

_FIGURE_KINDS = frozenset({Kind.MONEY, Kind.PERCENT, Kind.MULTIPLE, Kind.INTEGER})
# Shares of a table's width by what its cells hold; heads such as "Quantity" have to fit too.
_WEIGHTS = {
    Kind.TEXT: 5,
    Kind.OPTIONS: 5,
    Kind.MONEY: 4,
    Kind.DATE: 4,
    Kind.DURATION: 4,
}
_NARROW = 3
# A column of long words gets more, so that short ones beside it don't stand in empty space.
_LETTERS_A_SHARE = 9
_WIDEST = 9


@dataclass(frozen=True, slots=True)
class Replaced:
    """The blocks that stand in place of an instance's own: all their ids, and the first one."""

    head: str
    block_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Binder:
    """What one instance's text is bound with.

    `instances` maps clause ids to instance ids; `defined` maps definition ids to printed terms;
    `replaced` holds what stands in place of a passage's own words, by instance.
    """

    instance_id: str
    scope: Scope
    values: ValueMap
    instances: Mapping[str, str]
    defined: Mapping[str, str]
    captions: Mapping[str, str]
    replaced: Mapping[str, "Replaced"] = field(default_factory=lambda: MappingProxyType({}))

    def target(self, instance: str, local_id: str) -> str:
        """Return the block that a reference leads to: the clause's head where words were replaced.

        Free text keeps the id of the clause that it replaces, but not those of the blocks below.
        """
        block_id = f"{instance}/{local_id}"
        other = self.replaced.get(instance)
        return block_id if other is None or block_id in other.block_ids else other.head

    def block_id(self, local_id: str) -> str:
        """Return the whole id of one of this instance's blocks."""
        return f"{self.instance_id}/{local_id}"


def bind_template(template: Template, binder: Binder) -> tuple[Block, ...]:
    """Return the blocks that stand in the document for a position's text."""
    return tuple(block for part in template for block in _bind_block(part, binder))


def _bind_block(block: BlockTemplate, binder: Binder) -> Iterator[Block]:
    match block:
        case ClauseTemplate():
            yield Clause(
                binder.block_id(block.local_id),
                bind_marks(block.heading, binder),
                bind_marks(block.body, binder),
                bind_template(block.children, binder),
            )
        case ParagraphTemplate():
            yield Paragraph(binder.block_id(block.local_id), bind_marks(block.body, binder))
        case TableTemplate():
            yield _bind_table(block, binder)
        case WhenTemplate(condition=condition, blocks=blocks):
            if holds(condition, binder.scope):
                yield from bind_template(blocks, binder)


def bind_marks(marks: Marks, binder: Binder) -> Inlines:
    """Return the inlines that a line's marks come to."""
    return tuple(inline for mark in marks for inline in _bind_mark(mark, binder))


def _bind_mark(mark: Mark, binder: Binder) -> Iterator[Inline]:
    match mark:
        case Text():
            yield mark
        case DefinitionMark(definition_id=definition, text=text):
            yield Definition(definition, text)
        case TermMark(definition_id=definition, form=form):
            yield Term(definition, form or binder.defined.get(definition, definition))
        case RefMark(clause=clause, local_id=local_id):
            instance = binder.instances.get(clause, clause) if clause else binder.instance_id
            yield Ref(binder.target(instance, local_id))
        case ValueMark(instance=clause, variable=variable, style=style):
            instance = binder.instances.get(clause, clause) if clause else binder.instance_id
            yield Occurrence(ValueRef(instance, variable), style)
        case WhenMark(condition=condition, body=body):
            if holds(condition, binder.scope):
                yield from bind_marks(body, binder)


def _bind_table(block: TableTemplate, binder: Binder) -> TableBlock:
    ref = ValueRef(binder.instance_id, block.variable)
    return table_block(
        binder.block_id(block.local_id),
        ref,
        binder.values[ref],
        binder.captions.get(block.variable, ""),
    )


def table_block(block_id: str, ref: ValueRef, typed: TypedValue, caption: str) -> TableBlock:
    """Return the printed table of a table value; each cell is an occurrence of its own address."""
    rows = typed.value.rows if isinstance(typed.value, Table) else ()
    columns = typed.type.columns
    return TableBlock(
        id=block_id,
        caption=caption,
        columns=tuple(
            TableColumn(
                column.title,
                Align.RIGHT if column.type.kind in _FIGURE_KINDS else Align.LEFT,
                _weight(column.type.kind, [row.cells[index] for row in rows]),
            )
            for index, column in enumerate(columns)
        ),
        rows=tuple(
            TableRow(
                f"{block_id}.{row.key}",
                tuple(
                    (
                        Occurrence(
                            ValueRef(ref.instance_id, f"{ref.variable}.{row.key}.{column.id}")
                        ),
                    )
                    for column in columns
                ),
            )
            for row in rows
        ),
        row_heads=True,
    )


def _weight(kind: Kind, cells: Sequence[Value]) -> int:
    """Return a column's share of the width: by its kind, and for words by the longest cell."""
    usual = _WEIGHTS.get(kind, _NARROW)
    if kind is not Kind.TEXT:
        return usual
    longest = max((len(cell.text) for cell in cells if isinstance(cell, TextValue)), default=0)
    return min(max(usual - 1, longest // _LETTERS_A_SHARE), _WIDEST)


def defined_terms(template: Template) -> Iterator[tuple[str, str]]:
    """Yield each term that a text defines: definition id and printed form."""
    for block in walk_template(template):
        for mark in walk_marks(block_marks(block)):
            if isinstance(mark, DefinitionMark):
                yield mark.definition_id, mark.text
