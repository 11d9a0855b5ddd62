"""A block's runs of words in reading order, and the block with some of them replaced."""

from collections.abc import Mapping
from dataclasses import replace

from dealdesk.documents.tree import (
    Block,
    Clause,
    Inlines,
    Paragraph,
    SignatureBlock,
    TableBlock,
    TableRow,
)


def block_runs(block: Block) -> tuple[Inlines, ...]:
    """Return heading and body of a clause (even when empty), or a table's cells row by row."""
    match block:
        case Clause(heading=heading, body=body):
            return heading, body
        case Paragraph(body=body):
            return (body,)
        case TableBlock(rows=rows):
            return tuple(cell for row in rows for cell in row.cells)
        case SignatureBlock(party=party, signer_name=name, signer_title=title):
            return party, name, title


def with_runs(block: Block, runs: Mapping[int, Inlines]) -> Block:
    """Return the block with the runs of those numbers replaced; the rest stays as it is."""
    all_runs = [runs.get(index, run) for index, run in enumerate(block_runs(block))]
    match block:
        case Clause():
            return replace(block, heading=all_runs[0], body=all_runs[1])
        case Paragraph():
            return replace(block, body=all_runs[0])
        case TableBlock(rows=rows):
            return replace(block, rows=tuple(_row(i, row, all_runs) for i, row in enumerate(rows)))
        case SignatureBlock():
            return replace(
                block, party=all_runs[0], signer_name=all_runs[1], signer_title=all_runs[2]
            )


def _row(index: int, row: TableRow, runs: list[Inlines]) -> TableRow:
    width = len(row.cells)
    return replace(row, cells=tuple(runs[index * width : (index + 1) * width]))
