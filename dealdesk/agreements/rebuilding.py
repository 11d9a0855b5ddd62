"""Rebuild a passage whose words were edited: its paragraphs and rows come, go, move, split, join.

What a change means for the numbered blocks is taken from where and in which style it stands. Where
that isn't plain, StructureError names the changes: a person places them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from dealdesk.agreements.block_edits import (
    Spot,
    breaks,
    broken,
    dropped,
    inserted,
    is_leaf,
    joined,
    replaced,
    without,
)
from dealdesk.agreements.structure import (
    BODY,
    HEADING,
    AddedParagraph,
    AddedRow,
    Blocks,
    MovedParagraph,
    RemovedRow,
    Structural,
    StructureError,
    change_ids,
)
from dealdesk.documents.tree import (
    MAX_DEPTH,
    Block,
    Clause,
    Inlines,
    Paragraph,
    SignatureBlock,
    TableBlock,
    TableRow,
    Text,
    instance_of,
    walk_blocks,
)
from dealdesk.kernel.hashing import sha256_json


@dataclass(slots=True)
class Rebuild:
    """Rebuilds one passage whose words were edited already.

    `ended` names, by block and run, the change that took a paragraph's mark away. Line breaks in
    the words are new paragraph marks; `broke` names the changes that put them in.
    """

    blocks: Blocks
    ended: dict[tuple[str, int], str]
    broke: dict[tuple[str, int], tuple[str, ...]]
    seed: str
    _last: dict[str, str] = field(default_factory=dict)
    _made: int = 0

    def run(self, changes: Sequence[Structural]) -> Blocks:
        """Return the passage's blocks after all changes. Raise StructureError."""
        for change in changes:
            match change:
                case AddedParagraph():
                    self._add(change)
                case MovedParagraph():
                    self._move(change)
        self._rows([c for c in changes if isinstance(c, AddedRow | RemovedRow)])
        self._drop()
        self._join()
        self.blocks = self._split(self.blocks)
        return self.blocks

    def _fresh(self) -> str:
        self._made += 1
        digest = sha256_json([self.seed, self._made])[:8]
        return f"{instance_of(self.blocks[0].id)}/added-{digest}"

    def _add(self, change: AddedParagraph) -> None:
        kind, depth = _meant(change.style, change.id)
        words: Inlines = (Text(change.words),)
        block: Block
        if kind == "paragraph":
            block = Paragraph(self._fresh(), words)
        elif kind == "heading":
            block = Clause(self._fresh(), heading=words)
        else:
            block = Clause(self._fresh(), body=words)
        after = self._last.get(change.after, change.after)
        self.blocks = inserted(self.blocks, block, Spot(after, depth, (change.id,)))
        self._last[change.after] = block.id

    def _move(self, change: MovedParagraph) -> None:
        ids = change_ids(change)
        kind, depth = _meant(change.style, change.id)
        block = next((b for b in walk_blocks(self.blocks) if b.id == change.block_id), None)
        simple = isinstance(block, Paragraph) or (isinstance(block, Clause) and is_leaf(block))
        if block is None or not simple or change.after == change.block_id:
            raise StructureError(ids, "More than one paragraph would have to move.")
        if (kind == "paragraph") != isinstance(block, Paragraph) or kind == "heading":
            raise StructureError(ids, "The paragraph changed its kind where it moved.")
        left = without(self.blocks, {block.id})
        self.blocks = inserted(left, block, Spot(change.after, depth, ids))

    def _rows(self, changes: Sequence[AddedRow | RemovedRow]) -> None:
        for table in [b for b in walk_blocks(self.blocks) if isinstance(b, TableBlock)]:
            own = [c for c in changes if c.block_id == table.id]
            if own:
                rows = tuple(self._table_rows(table, own))
                self.blocks = replaced(self.blocks, table.id, (replace(table, rows=rows),))

    def _table_rows(
        self, table: TableBlock, changes: Sequence[AddedRow | RemovedRow]
    ) -> Iterator[TableRow]:
        width = len(table.columns)
        gone = {c.run // width for c in changes if isinstance(c, RemovedRow)}
        came = [c for c in changes if isinstance(c, AddedRow)]
        if len(gone) == len(table.rows) and not came:
            raise StructureError([c.id for c in changes], "All rows of the table are struck.")
        for at in range(len(table.rows) + 1):
            for change in came:
                if min(change.before, len(table.rows)) == at:
                    yield self._row(table, change)
            if at < len(table.rows) and at not in gone:
                yield table.rows[at]

    def _row(self, table: TableBlock, change: AddedRow) -> TableRow:
        if len(change.cells) != len(table.columns) or change.before < 0:
            raise StructureError([change.id], "The new row's cells are not those of its table.")
        return TableRow(
            self._fresh(), tuple((Text(cell),) if cell else () for cell in change.cells)
        )

    def _drop(self) -> None:
        """Drop what lost all its words and marks."""
        gone = {key for key in self.ended if not self._words(key)}
        used: set[tuple[str, int]] = set()
        self.blocks = dropped(self.blocks, gone, used)
        left = [self.ended[key] for key in gone - used]
        if left:
            raise StructureError(left, "What stands below it would be left without it.")

    def _words(self, key: tuple[str, int]) -> Inlines:
        block = next((b for b in walk_blocks(self.blocks) if b.id == key[0]), None)
        match block:
            case Clause():
                return block.heading if key[1] == HEADING else block.body
            case Paragraph():
                return block.body
            case _:
                return (Text(""),)  # a cell's or a signature's mark can't go

    def _join(self) -> None:
        """Join a paragraph whose mark went to the one that follows it."""
        present = {b.id for b in walk_blocks(self.blocks)}
        for (block_id, run), change in self.ended.items():
            if block_id in present and self._words((block_id, run)):
                self.blocks = joined(self.blocks, block_id, run, change)

    def _split(self, blocks: Blocks) -> Blocks:
        found: list[Block] = []
        for block in blocks:
            match block:
                case Clause():
                    found += self._split_clause(block)
                case Paragraph() if breaks(block.body):
                    parts = self._parts(block.body, (block.id, 0))
                    found += [replace(block, body=parts[0])]
                    found += [Paragraph(self._fresh(), part) for part in parts[1:]]
                case TableBlock() | SignatureBlock():
                    self._refuse_breaks(block)
                    found.append(block)
                case _:
                    found.append(block)
        return tuple(found)

    def _split_clause(self, clause: Clause) -> list[Block]:
        children = self._split(clause.children)
        if breaks(clause.heading):
            raise StructureError(self.broke.get((clause.id, HEADING), ()), "A heading is split.")
        if not breaks(clause.body):
            return [replace(clause, children=children)]
        parts = self._parts(clause.body, (clause.id, BODY))
        if clause.heading:
            more = tuple(Paragraph(self._fresh(), part) for part in parts[1:])
            return [replace(clause, body=parts[0], children=(*more, *children))]
        made: list[Block] = [Clause(self._fresh(), body=part) for part in parts[1:]]
        if not made:
            return [replace(clause, body=parts[0], children=children)]
        last = made[-1]
        if isinstance(last, Clause):
            made[-1] = replace(last, children=children)
        return [replace(clause, body=parts[0], children=()), *made]

    def _parts(self, run: Inlines, key: tuple[str, int]) -> list[Inlines]:
        parts = [part for part in broken(run) if part]
        if not parts:
            raise StructureError(self.broke.get(key, ()), "A paragraph without words is left.")
        return parts

    def _refuse_breaks(self, block: TableBlock | SignatureBlock) -> None:
        keys = [key for key in self.broke if key[0] == block.id]
        if keys:
            ids = [change for key in keys for change in self.broke[key]]
            raise StructureError(ids, "A cell or signature of two paragraphs is not ours.")


def _meant(style: str, change: str) -> tuple[str, int]:
    """Return what a paragraph of one of our styles is, and at which level (1 is the highest)."""
    name = style.rstrip("0123456789")
    digits = style[len(name) :]
    level = int(digits) if digits else 0
    match name:
        case "Clause" if 1 <= level <= MAX_DEPTH:
            return "clause", level
        case "ClauseBody" if 1 <= level <= MAX_DEPTH:
            return "paragraph", level + 1
        case "Heading" if 1 < level <= MAX_DEPTH + 1:
            return "heading", level - 1
        case "Normal":
            return "paragraph", 1
        case _:
            raise StructureError((change,), "The new paragraph has none of our styles.")
