"""The body of a Word file from the tree: paragraphs, numbered by style, tables, controls."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree

from dealdesk.documents.docx.base import LEVELS
from dealdesk.documents.docx.identity import (
    CONTENTS,
    INSTANCE,
    SIGNATURE,
    TITLE,
    bookmark_name,
    value_tag,
)
from dealdesk.documents.docx.wml import el, field_runs, local, qn, text_run, val
from dealdesk.documents.numbering import Numbering
from dealdesk.documents.text import inline_text
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
    Text,
    instance_of,
    walk_blocks,
)

PAGE_WIDTH = 9185  # twips between the margins of an A4 page
_CONTENTS_DEPTH = 2
_CLOSE = frozenset({"Normal", *(f"{n}{i}" for n in ("Clause", "ClauseBody") for i in range(1, 6))})


@dataclass(slots=True)
class Writer:
    """Writes the blocks of one tree; counts the ids that Word wants unique."""

    tree: DocumentTree
    numbering: Numbering
    num_ids: dict[str, str] = field(default_factory=dict)
    _next_id: int = 0

    def fresh_id(self) -> str:
        """Return the next id; a bookmark's and a control's never meet."""
        self._next_id += 1
        return str(self._next_id)

    def body(self) -> Iterator[etree._Element]:
        """Yield the elements of the body: title, cover, contents, sections."""
        covers = [s for s in self.tree.sections if s.kind is SectionKind.COVER]
        others = [s for s in self.tree.sections if s.kind is not SectionKind.COVER]
        yield self.control(TITLE, "Title", self._title())
        for section in covers:
            yield from self.section(section, breaks=False)
        yield self.control(CONTENTS, "Contents", self._contents(others))
        for section in others:
            yield from self.section(section, breaks=True)

    def control(self, tag: str, alias: str, content: Iterable[etree._Element]) -> etree._Element:
        """Return a rich-text content control around blocks."""
        properties = el(
            "w:sdtPr", None, val("w:alias", alias), val("w:tag", tag), val("w:id", self.fresh_id())
        )
        return el("w:sdt", None, properties, el("w:sdtContent", None, *content))

    def _title(self) -> Iterator[etree._Element]:
        yield paragraph("Title", [text_run(self.tree.title)])
        draft = " · Draft, not for signature" if self.tree.draft else ""
        yield paragraph("Subtitle", [text_run(self.tree.version_label + draft)])

    def section(self, section: Section, *, breaks: bool) -> Iterator[etree._Element]:
        """Yield a section: its title, and a control around each instance's passage."""
        extra = [el("w:pageBreakBefore")] if breaks else []
        title = self.bookmarked(section.id, [text_run(section.title)])
        yield paragraph("Heading1", title, extra)
        num_id = self.num_ids.setdefault(section.id, str(len(self.num_ids) + 2))
        for instance, blocks in groupby(section.blocks, key=lambda b: instance_of(b.id)):
            own = list(blocks)
            if isinstance(own[0], SignatureBlock):
                yield self.control(SIGNATURE, "Signatures", self._many(own, num_id))
            else:
                yield self.control(INSTANCE + instance, instance, self._many(own, num_id))

    def _many(self, blocks: Iterable[Block], num_id: str) -> Iterator[etree._Element]:
        for block in blocks:
            yield from self.block(block, 1, num_id)

    def block(self, block: Block, depth: int, num_id: str) -> Iterator[etree._Element]:
        """Yield the elements of a block and of what stands below it."""
        match block:
            case Clause():
                yield from self._clause(block, depth, num_id)
            case Paragraph(id=block_id, body=body):
                style = f"ClauseBody{depth - 1}" if depth > 1 else "Normal"
                yield paragraph(style, self.bookmarked(block_id, self.runs(body)))
            case TableBlock():
                yield from self._table(block)
            case SignatureBlock():
                yield from self._signature(block)

    def _clause(self, clause: Clause, depth: int, num_id: str) -> Iterator[etree._Element]:
        number = el("w:numPr", None, val("w:ilvl", str(depth - 1)), val("w:numId", num_id))
        style = f"Heading{depth + 1}" if clause.heading else f"Clause{depth}"
        own = clause.heading or clause.body
        yield paragraph(style, self.bookmarked(clause.id, self.runs(own)), [number])
        if clause.heading and clause.body:
            body = self.bookmarked(f"{clause.id}#body", self.runs(clause.body))
            yield paragraph(f"ClauseBody{depth}", body)
        for child in clause.children:
            yield from self.block(child, depth + 1, num_id)

    def bookmarked(self, block_id: str, runs: Iterable[etree._Element]) -> Iterator[etree._Element]:
        """Yield runs inside the bookmark of a block."""
        number = self.fresh_id()
        name = bookmark_name(block_id)
        yield el("w:bookmarkStart", {"w:id": number, "w:name": name})
        yield from runs
        yield el("w:bookmarkEnd", {"w:id": number})

    def runs(self, run: Inlines) -> Iterator[etree._Element]:
        """Yield the runs of a run of inlines."""
        for inline in run:
            yield from self._inline(inline)

    def _inline(self, inline: Inline) -> Iterator[etree._Element]:
        words = inline_text(inline, self.tree, self.numbering)
        match inline:
            case Text(strong=strong):
                yield text_run(words, strong=strong)
            case Definition():
                yield text_run(words, strong=True)
            case Ref(block_id=block_id):
                yield from self._reference(block_id, words)
            case Occurrence(ref=ref):
                properties = el(
                    "w:sdtPr",
                    None,
                    val("w:alias", str(ref)),
                    val("w:tag", value_tag(ref)),
                    val("w:id", self.fresh_id()),
                )
                yield el("w:sdt", None, properties, el("w:sdtContent", None, text_run(words)))
            case _:
                yield text_run(words)

    def _reference(self, block_id: str, label: str) -> Iterator[etree._Element]:
        """Yield a label whose number is a REF field: Word can renumber it, we wrote its result."""
        number = self.numbering.numbers.get(block_id)
        name = bookmark_name(block_id)
        if number is None or number.full not in label:
            yield el("w:hyperlink", {"w:anchor": name}, text_run(label))
            return
        before, _, after = label.partition(number.full)
        yield text_run(before)
        yield from field_runs(f"REF {name} \\w \\h", [text_run(number.full)])
        if after:
            yield text_run(after)

    def _table(self, table: TableBlock) -> Iterator[etree._Element]:
        if table.caption:
            yield paragraph("Caption", self.bookmarked(table.id, [text_run(table.caption)]))
        total = sum(column.weight for column in table.columns)
        widths = [PAGE_WIDTH * column.weight // total for column in table.columns]
        head = [[text_run(column.title)] for column in table.columns]
        if not table.caption:
            head[0] = list(self.bookmarked(table.id, head[0]))
        rows = [self._row(table, widths, head, is_head=True)]
        rows += [
            self._row(table, widths, [list(self.runs(cell)) for cell in row.cells], is_head=False)
            for row in table.rows
        ]
        grid = el("w:tblGrid", None, *(el("w:gridCol", {"w:w": str(w)}) for w in widths))
        yield el("w:tbl", None, _table_properties(table), grid, *rows)

    def _row(
        self,
        table: TableBlock,
        widths: list[int],
        cells: list[list[etree._Element]],
        *,
        is_head: bool,
    ) -> etree._Element:
        properties = el("w:trPr", None, el("w:cantSplit"))
        if is_head:
            properties.append(el("w:tblHeader"))
        row = el("w:tr", None, properties)
        for index, (width, cell) in enumerate(zip(widths, cells, strict=True)):
            right = table.columns[index].align is Align.RIGHT and not (
                index == 0 and table.row_heads
            )
            extra = [val("w:jc", "right")] if right else []
            row.append(
                el(
                    "w:tc",
                    None,
                    el("w:tcPr", None, el("w:tcW", {"w:w": str(width), "w:type": "dxa"})),
                    paragraph("TableHead" if is_head else "TableText", cell, extra),
                )
            )
        return row

    def _signature(self, block: SignatureBlock) -> Iterator[etree._Element]:
        party = [text_run(f"{block.role}: "), *self.runs(block.party)]
        yield paragraph("SignatureParty", self.bookmarked(block.id, party))
        for label, run in (
            ("Signature", ()),
            ("Name", block.signer_name),
            ("Title", block.signer_title),
            ("Date", ()),
        ):
            words = [inline_text(i, self.tree, self.numbering) for i in run]
            named = list(self.runs(run)) if "".join(words).strip("_ ") else []
            yield paragraph("SignatureLine", [text_run(f"{label}: "), *named])

    def _contents(self, sections: Iterable[Section]) -> Iterator[etree._Element]:
        """Yield the contents as a TOC field with its result written in, without page numbers."""
        yield paragraph("TOCHeading", [text_run("Contents")])
        entries = [entry for section in sections for entry in self._entries(section)]
        begin = [
            el("w:r", None, el("w:fldChar", {"w:fldCharType": "begin"})),
            el(
                "w:r",
                None,
                el(
                    "w:instrText", {"xml:space": "preserve"}, text=' TOC \\o "1-3" \\n \\h \\z \\u '
                ),
            ),
            el("w:r", None, el("w:fldChar", {"w:fldCharType": "separate"})),
        ]
        end = [el("w:r", None, el("w:fldChar", {"w:fldCharType": "end"}))]
        for index, (level, target, words) in enumerate(entries):
            link = el("w:hyperlink", {"w:anchor": bookmark_name(target)}, text_run(words))
            first = begin if index == 0 else []
            last = end if index == len(entries) - 1 else []
            yield paragraph(f"TOC{level}", [*first, link, *last])

    def _entries(self, section: Section) -> Iterator[tuple[int, str, str]]:
        yield 1, section.id, section.title
        for block in walk_blocks(section.blocks):
            number = self.numbering.numbers.get(block.id)
            if not isinstance(block, Clause) or not block.heading or number is None:
                continue
            if number.depth <= _CONTENTS_DEPTH:
                words = "".join(inline_text(i, self.tree, self.numbering) for i in block.heading)
                yield number.depth + 1, block.id, f"{number.own} {words}"


def paragraph(
    style: str, content: Iterable[etree._Element], extra: Iterable[etree._Element] = ()
) -> etree._Element:
    """Return a paragraph of a style; `extra` are further properties, in the schema's order."""
    return el("w:p", None, el("w:pPr", None, val("w:pStyle", style), *extra), *content)


def part_from_tables(body: etree._Element) -> None:
    """Set what follows a table apart from it; a table itself has no space behind it."""
    for table in body.iter(qn("w:tbl")):
        following = next((p for p in table.itersiblings() if local(p) == "p"), None)
        properties = following.find(qn("w:pPr")) if following is not None else None
        if properties is None or _style_of(properties) not in _CLOSE:
            continue
        later = ("ind", "jc", "outlineLvl", "rPr", "sectPr", "pPrChange")
        place = next((i for i, c in enumerate(properties) if local(c) in later), len(properties))
        properties.insert(place, el("w:spacing", {"w:before": "200"}))


def _style_of(properties: etree._Element) -> str:
    style = properties.find(qn("w:pStyle"))
    return style.get(qn("w:val"), "") if style is not None else ""


def _table_properties(table: TableBlock) -> etree._Element:
    line = {"w:val": "single", "w:sz": "4", "w:space": "0", "w:color": "CFD5DB"}
    return el(
        "w:tblPr",
        None,
        el("w:tblW", {"w:w": str(PAGE_WIDTH), "w:type": "dxa"}),
        el(
            "w:tblBorders",
            None,
            el("w:top", line),
            el("w:bottom", line),
            el("w:insideH", line),
        ),
        el("w:tblLayout", {"w:type": "fixed"}),
        el(
            "w:tblLook",
            {"w:val": "0020", "w:firstRow": "1", "w:firstColumn": "1" if table.row_heads else "0"},
        ),
        val("w:tblCaption", table.caption),
        val("w:tblDescription", f"Columns: {', '.join(c.title for c in table.columns)}"),
    )


def numbering_instances(num_ids: Iterable[str]) -> Iterator[etree._Element]:
    """Yield a numbering that starts again at 1 for each section."""
    for num_id in num_ids:
        starts = [
            el("w:lvlOverride", {"w:ilvl": str(i)}, val("w:startOverride", "1"))
            for i in range(len(LEVELS))
        ]
        yield el("w:num", {"w:numId": num_id}, val("w:abstractNumId", "1"), *starts)
