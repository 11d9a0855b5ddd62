"""Canonical text: the words that a version consists of, one line a block, with its number.

UTF-8, NFC, cover table and order form included; cover art, running heads, table of contents,
signature blocks and footers excluded (core-model.md). Its SHA-256 is the fingerprint that files
print.
"""

import unicodedata
from collections.abc import Iterator

from dealdesk.documents.numbering import Numbering, number_document
from dealdesk.documents.tree import (
    Block,
    Clause,
    Definition,
    DocumentTree,
    Inline,
    Inlines,
    Occurrence,
    Paragraph,
    Ref,
    Section,
    SignatureBlock,
    TableBlock,
    Term,
    Text,
    walk_blocks,
)
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.hashing import sha256_text
from dealdesk.terms.formatting import format_value
from dealdesk.terms.locales import locale_of

CELL_BREAK = " | "


class TreeError(DomainError):
    """The tree refers to a block or a value that it does not hold."""


def inline_text(inline: Inline, tree: DocumentTree, numbering: Numbering) -> str:
    """Return the words that one inline prints. Raise TreeError for a dangling address."""
    match inline:
        case Text(text=text) | Term(text=text):
            return text
        case Definition(text=text):
            return text.join(locale_of(tree.language).quotes)
        case Ref(block_id=block_id):
            if block_id not in numbering.labels:
                raise TreeError.of(
                    "ref-broken", f"A reference leads to {block_id}, which is absent."
                )
            return numbering.labels[block_id]
        case Occurrence(ref=ref, style=style):
            if ref not in tree.values:
                raise TreeError.of(
                    "value-absent", f"The document prints {ref}, which has no value."
                )
            typed = tree.values[ref]
            return format_value(typed.value, typed.type, tree.language, style.value)


def run_text(run: Inlines, tree: DocumentTree, numbering: Numbering) -> str:
    """Return the words of a run of inlines, NFC, with white space folded to single spaces."""
    words = "".join(inline_text(inline, tree, numbering) for inline in run)
    return " ".join(unicodedata.normalize("NFC", words).split())


def block_lines(block: Block, tree: DocumentTree, numbering: Numbering) -> Iterator[str]:
    """Yield the canonical lines of one block, without those of its children."""
    match block:
        case Clause(id=block_id, heading=heading, body=body):
            own = numbering.numbers[block_id].own
            runs = [run_text(run, tree, numbering) for run in (heading, body) if run]
            yield f"{own} {runs[0]}" if runs else own
            yield from runs[1:]
        case Paragraph(body=body):
            yield run_text(body, tree, numbering)
        case TableBlock():
            yield from _table_lines(block, tree, numbering)
        case SignatureBlock():
            return


def _table_lines(block: TableBlock, tree: DocumentTree, numbering: Numbering) -> Iterator[str]:
    if block.caption:
        yield block.caption
    yield CELL_BREAK.join(column.title for column in block.columns)
    for row in block.rows:
        yield CELL_BREAK.join(run_text(cell, tree, numbering) for cell in row.cells)


def section_lines(section: Section, tree: DocumentTree, numbering: Numbering) -> Iterator[str]:
    """Yield the canonical lines of one section, its title first."""
    yield section.title
    for block in walk_blocks(section.blocks):
        yield from block_lines(block, tree, numbering)


def canonical_text(tree: DocumentTree) -> str:
    """Return the canonical text of a document: lines that end in a line feed."""
    numbering = number_document(tree)
    lines = [line for section in tree.sections for line in section_lines(section, tree, numbering)]
    return "".join(f"{line}\n" for line in lines)


def text_hash(tree: DocumentTree) -> str:
    """Return the SHA-256 of the canonical text: the fingerprint printed in the footer."""
    return sha256_text(canonical_text(tree))


def passage_text(blocks: tuple[Block, ...], tree: DocumentTree) -> str:
    """Return one instance's passage: values printed, references as block ids.

    Renumbering elsewhere does not change it, so that a decision bound to it keeps its cover.
    """
    return "".join(
        f"{block.id}\t{line}\n"
        for block in walk_blocks(blocks)
        for line in _passage_lines(block, tree)
    )


def _passage_lines(block: Block, tree: DocumentTree) -> Iterator[str]:
    match block:
        case Clause(heading=heading, body=body):
            yield from (_passage_run(run, tree) for run in (heading, body) if run)
        case Paragraph(body=body):
            yield _passage_run(body, tree)
        case TableBlock(caption=caption, columns=columns, rows=rows):
            yield CELL_BREAK.join((caption, *(column.title for column in columns)))
            for row in rows:
                yield CELL_BREAK.join(_passage_run(cell, tree) for cell in row.cells)
        case SignatureBlock(role=role, party=party):
            yield f"{role}: {_passage_run(party, tree)}"


def _passage_run(run: Inlines, tree: DocumentTree) -> str:
    no_labels = Numbering({}, {i.block_id: f"[{i.block_id}]" for i in run if isinstance(i, Ref)})
    return run_text(run, tree, no_labels)


def passage_hash(blocks: tuple[Block, ...], tree: DocumentTree) -> str:
    """Return the SHA-256 of an instance's passage."""
    return sha256_text(passage_text(blocks, tree))
