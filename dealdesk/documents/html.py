"""HTML from the document tree: the browser's preview and what the PDF is printed from.

Text is escaped literally. Lists are kept for the table of contents and <article> for signature
blocks, since a PDF's structure tree tells these apart from the canonical text (pdf/text.py).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from dealdesk.documents.numbering import Numbering, number_document
from dealdesk.documents.text import inline_text, text_hash
from dealdesk.documents.tree import (
    Align,
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
    SectionKind,
    SignatureBlock,
    TableBlock,
    TableRow,
    Term,
    Text,
    walk_blocks,
)

CONTENTS_DEPTH = 1
FINGERPRINT_LABEL = "Text SHA-256"
_SIGNATURE_LINES = (
    ("Signature", None),
    ("Name", "signer_name"),
    ("Title", "signer_title"),
    ("Date", None),
)
_BLANK = Markup('<span class="line"></span>')

Marker = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Page:
    """A tree with what rendering it needs: numbers, and a class to mark blocks with."""

    tree: DocumentTree
    numbering: Numbering
    marker: Marker = lambda _block_id: ""


def page_of(tree: DocumentTree, marker: Marker | None = None) -> Page:
    """Return the tree ready for rendering; `marker` gives a top block's extra CSS class by id."""
    numbering = number_document(tree)
    return Page(tree, numbering, marker) if marker else Page(tree, numbering)


def inline_html(inline: Inline, page: Page) -> Markup:
    """Return one inline as HTML; a value carries its address, a reference leads to its block."""
    words = escape(inline_text(inline, page.tree, page.numbering))
    match inline:
        case Text(strong=True):
            return Markup("<strong>{}</strong>").format(words)
        case Definition(definition_id=definition):
            return Markup('<dfn id="def-{}">{}</dfn>').format(definition, words)
        case Ref(block_id=block_id):
            return Markup('<a href="#{}">{}</a>').format(block_id, words)
        case Occurrence(ref=ref):
            return Markup('<span class="value" data-value="{}">{}</span>').format(str(ref), words)
        case Text() | Term():
            return words


def run_html(run: Inlines, page: Page) -> Markup:
    """Return a run of inlines as HTML."""
    return Markup("").join(inline_html(inline, page) for inline in run)


def block_html(block: Block, page: Page, depth: int = 1) -> Iterator[Markup]:
    """Yield the HTML of a block and of what stands below it; `depth` is its numbered level."""
    match block:
        case Clause():
            yield from _clause_html(block, page, depth)
        case Paragraph(id=block_id, body=body):
            yield Markup('<p class="plain level-{}" id="{}">{}</p>').format(
                depth - 1, block_id, run_html(body, page)
            )
        case TableBlock():
            yield _table_html(block, page)
        case SignatureBlock():
            yield _signature_html(block, page)


def _clause_html(clause: Clause, page: Page, depth: int) -> Iterator[Markup]:
    number = Markup('<span class="number">{}</span> ').format(page.numbering.numbers[clause.id].own)
    mark = page.marker(clause.id)
    if clause.heading:
        yield Markup('<h{0} class="level-{1} {2}" id="{3}">{4}{5}</h{0}>').format(
            min(depth + 2, 6), depth, mark, clause.id, number, run_html(clause.heading, page)
        )
        if clause.body:
            yield Markup('<p class="body level-{} {}">{}</p>').format(
                depth, mark, run_html(clause.body, page)
            )
    else:
        yield Markup('<p class="item level-{} {}" id="{}">{}{}</p>').format(
            depth, mark, clause.id, number, run_html(clause.body, page)
        )
    for child in clause.children:
        yield from block_html(child, page, depth + 1)


def _table_html(table: TableBlock, page: Page) -> Markup:
    aligns = [column.align for column in table.columns]
    if table.row_heads:
        aligns[0] = Align.LEFT
    head = Markup("").join(
        Markup('<th scope="col" class="{}">{}</th>').format(align.value, column.title)
        for align, column in zip(aligns, table.columns, strict=True)
    )
    rows = Markup("").join(_row_html(row, table, page) for row in table.rows)
    caption = Markup("<caption>{}</caption>").format(table.caption) if table.caption else ""
    return Markup(
        '<table id="{}" class="columns-{}">{}{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    ).format(table.id, len(table.columns), caption, _widths(table), head, rows)


def _widths(table: TableBlock) -> Markup:
    """Return the columns' shares of the width as classes: no inline style passes our CSP."""
    shares = twentieths([column.weight for column in table.columns])
    return Markup("<colgroup>{}</colgroup>").format(
        Markup("").join(Markup('<col class="share-{}">').format(share) for share in shares)
    )


def twentieths(weights: Sequence[int]) -> list[int]:
    """Return shares of twenty in proportion to weights, at least one each, twenty in all."""
    edges = [round(20 * sum(weights[:i]) / sum(weights)) for i in range(len(weights) + 1)]
    shares = [max(1, later - earlier) for earlier, later in pairwise(edges)]
    shares[shares.index(max(shares))] -= sum(shares) - 20
    return shares


def _row_html(row: TableRow, table: TableBlock, page: Page) -> Markup:
    cells = []
    for index, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
        words = run_html(cell, page)
        if index == 0 and table.row_heads:
            cells.append(Markup('<th scope="row">{}</th>').format(words))
        else:
            cells.append(Markup('<td class="{}">{}</td>').format(column.align.value, words))
    return Markup('<tr id="{}">{}</tr>').format(row.id, Markup("").join(cells))


def _signature_html(block: SignatureBlock, page: Page) -> Markup:
    names = {"signer_name": block.signer_name, "signer_title": block.signer_title}
    lines = Markup("").join(
        Markup('<p class="sign-line" id="{}"><span class="sign-label">{}</span> {}</p>').format(
            f"{block.id}-{label.lower()}",
            label,
            _sign_words(names[field], page) if field else _BLANK,
        )
        for label, field in _SIGNATURE_LINES
    )
    return Markup(
        '<article class="signature" id="{}">'
        '<p class="sign-party"><strong>{}</strong><br>{}</p>{}</article>'
    ).format(block.id, block.role, run_html(block.party, page), lines)


def _sign_words(run: Inlines, page: Page) -> Markup:
    """Return a signer's name or title; a line is left where nobody is named yet."""
    words = run_html(run, page)
    return words if words.striptags().strip("_ ") else _BLANK


def section_html(section: Section, page: Page) -> Markup:
    """Return one section with its title."""
    body = Markup("\n").join(part for block in section.blocks for part in block_html(block, page))
    return Markup('<section class="part {}" id="{}">\n<h2>{}</h2>\n{}\n</section>').format(
        section.kind.value.replace("_", "-"), section.id, section.title, body
    )


def contents_html(page: Page) -> Markup:
    """Return the table of contents: sections, and clauses of the first level."""
    items = Markup("\n").join(_contents_items(page))
    return Markup(
        '<nav class="contents" aria-label="Contents"><p class="contents-title">Contents</p>'
        "<ul>\n{}\n</ul></nav>"
    ).format(items)


def _contents_items(page: Page) -> Iterator[Markup]:
    for section in page.tree.sections:
        if section.kind is SectionKind.COVER:
            continue
        yield _contents_item(section.id, section.title, "part-title")
        for block in walk_blocks(section.blocks):
            number = page.numbering.numbers.get(block.id)
            if not isinstance(block, Clause) or not block.heading or number is None:
                continue
            if number.depth <= CONTENTS_DEPTH:
                words = "".join(inline_text(i, page.tree, page.numbering) for i in block.heading)
                yield _contents_item(block.id, f"{number.own} {words}", f"depth-{number.depth}")


def _contents_item(target: str, words: str, class_: str) -> Markup:
    return Markup('<li class="{}"><a href="#{}">{}</a></li>').format(class_, target, words)


def body_html(tree: DocumentTree, marker: Marker | None = None) -> Markup:
    """Return the document's sections as HTML, for a page of the application."""
    page = page_of(tree, marker)
    return Markup("\n").join(section_html(section, page) for section in tree.sections)


def render_html(tree: DocumentTree, stylesheet: str = "", *, contents: bool = True) -> str:
    """Return a whole HTML file; cover first, then contents, then the sections.

    `stylesheet` is CSS of ours that goes into the head.
    """
    page = page_of(tree)
    covers = [s for s in tree.sections if s.kind is SectionKind.COVER]
    others = [s for s in tree.sections if s.kind is not SectionKind.COVER]
    parts = [_title_html(tree), *(section_html(section, page) for section in covers)]
    if contents:
        parts.append(contents_html(page))
    parts += [section_html(section, page) for section in others]
    day = tree.dated_on.isoformat()
    return str(
        Markup(
            '<!DOCTYPE html>\n<html lang="{language}"{draft}>\n<head>\n<meta charset="utf-8">\n'
            "<title>{title}</title>\n"
            '<meta name="dcterms.created" content="{day}">\n'
            '<meta name="dcterms.modified" content="{day}">\n'
            '<meta name="generator" content="DealDesk">\n<style>{css}</style>\n</head>\n'
            "<body>\n{furniture}\n<main>\n{body}\n</main>\n</body>\n</html>\n"
        ).format(
            language=tree.language,
            draft=Markup(' class="draft"') if tree.draft else "",
            title=tree.title,
            day=day,
            css=Markup(stylesheet),  # noqa: S704 - our own CSS, not a deal's text
            furniture=_furniture_html(tree),
            body=Markup("\n").join(parts),
        )
    )


def _title_html(tree: DocumentTree) -> Markup:
    draft = Markup('<p class="draft-mark">Draft, not for signature</p>') if tree.draft else ""
    return Markup('<header class="title"><h1>{}</h1><p class="version">{}</p>{}</header>').format(
        tree.title, tree.version_label, draft
    )


def _furniture_html(tree: DocumentTree) -> Markup:
    """Return what the running head and foot print; the page's margins take it from here."""
    draft = " · DRAFT" if tree.draft else ""
    return Markup(
        '<p class="running-head">{} · {}{}</p>\n<p class="running-print">{} {}</p>'
    ).format(tree.short_title, tree.version_label, draft, FINGERPRINT_LABEL, text_hash(tree))
