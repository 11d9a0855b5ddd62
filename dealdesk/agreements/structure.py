"""Changes of a passage's build: paragraphs and rows that come, go, move, are split or joined.

What a change means for the numbered blocks is taken from where and in which style it stands. Where
that isn't plain, StructureError names the changes: a person places them.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from dealdesk.documents.tree import (
    MAX_DEPTH,
    Block,
    Clause,
    Inline,
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

Blocks: TypeAlias = tuple[Block, ...]
HEADING, BODY = 0, 1


@dataclass(frozen=True, slots=True)
class AddedParagraph:
    """A new paragraph behind a block, its style being that of our files."""

    id: str
    after: str
    words: str
    style: str
    author: str

    @property
    def block_id(self) -> str:
        """The block that it stands by."""
        return self.after


@dataclass(frozen=True, slots=True)
class MovedParagraph:
    """A block without children that stands behind another one now; `id` names both ends."""

    id: str
    block_id: str
    after: str
    words: str
    style: str
    author: str
    other_id: str


@dataclass(frozen=True, slots=True)
class AddedRow:
    """A new row of a table behind `before` rows of the base, its head left out."""

    id: str
    block_id: str
    before: int
    cells: tuple[str, ...]
    author: str


@dataclass(frozen=True, slots=True)
class RemovedRow:
    """A row of a table that goes; `run` is the number of its first cell among the table's runs."""

    id: str
    block_id: str
    run: int
    author: str


Structural: TypeAlias = AddedParagraph | MovedParagraph | AddedRow | RemovedRow


class StructureError(Exception):
    """Changes whose meaning for the passage isn't plain, and why."""

    def __init__(self, changes: Collection[str], reason: str) -> None:
        """Keep the changes' ids and the sentence for a person."""
        super().__init__(reason)
        self.changes = tuple(changes)
        self.reason = reason


def change_ids(change: Structural) -> tuple[str, ...]:
    """Return the ids of the changes of a file that a structural change is."""
    both = isinstance(change, MovedParagraph)
    return (change.id, change.other_id) if both else (change.id,)  # type: ignore[union-attr]


def new_words(change: Structural) -> str:
    """Return the words that a structural change brings."""
    match change:
        case AddedParagraph() | MovedParagraph():
            return change.words
        case AddedRow():
            return " | ".join(change.cells)
        case RemovedRow():
            return ""


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
        if not self.blocks:
            raise StructureError(self.ended.values(), "The whole clause is struck.")
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
        self.blocks = _inserted(self.blocks, block, _Spot(after, depth, (change.id,)))
        self._last[change.after] = block.id

    def _move(self, change: MovedParagraph) -> None:
        ids = change_ids(change)
        kind, depth = _meant(change.style, change.id)
        block = next((b for b in walk_blocks(self.blocks) if b.id == change.block_id), None)
        simple = isinstance(block, Paragraph) or (isinstance(block, Clause) and _is_leaf(block))
        if block is None or not simple or change.after == change.block_id:
            raise StructureError(ids, "More than one paragraph would have to move.")
        if (kind == "paragraph") != isinstance(block, Paragraph) or kind == "heading":
            raise StructureError(ids, "The paragraph changed its kind where it moved.")
        left = _without(self.blocks, {block.id})
        self.blocks = _inserted(left, block, _Spot(change.after, depth, ids))

    def _rows(self, changes: Sequence[AddedRow | RemovedRow]) -> None:
        for table in [b for b in walk_blocks(self.blocks) if isinstance(b, TableBlock)]:
            own = [c for c in changes if c.block_id == table.id]
            if own:
                rows = tuple(self._table_rows(table, own))
                self.blocks = _replaced(self.blocks, table.id, (replace(table, rows=rows),))

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
        self.blocks = _dropped(self.blocks, gone, used)
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
                self.blocks = _joined(self.blocks, block_id, run, change)

    def _split(self, blocks: Blocks) -> Blocks:
        found: list[Block] = []
        for block in blocks:
            match block:
                case Clause():
                    found += self._split_clause(block)
                case Paragraph() if _breaks(block.body):
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
        if _breaks(clause.heading):
            raise StructureError(self.broke.get((clause.id, HEADING), ()), "A heading is split.")
        if not _breaks(clause.body):
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


def _breaks(run: Inlines) -> bool:
    return any(isinstance(inline, Text) and "\n" in inline.text for inline in run)


def broken(run: Inlines) -> list[Inlines]:
    """Return a run cut at the line breaks in its words, white space at the cuts left out."""
    parts: list[list[Inline]] = [[]]
    for inline in run:
        if not isinstance(inline, Text):
            parts[-1].append(inline)
            continue
        lines = inline.text.split("\n")
        for at, line in enumerate(lines):
            if at:
                parts.append([])
            words = line.lstrip() if at else line
            words = words.rstrip() if at + 1 < len(lines) else words
            if words:
                parts[-1].append(replace(inline, text=words))
    return [tuple(part) for part in parts]


def _is_leaf(clause: Clause) -> bool:
    return not clause.children and not (clause.heading and clause.body)


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


@dataclass(frozen=True, slots=True)
class _Spot:
    """Behind which block's words something goes, at which level, and the changes that say so."""

    after: str
    depth: int
    changes: tuple[str, ...]


def _inserted(blocks: Blocks, new: Block, spot: _Spot, level: int = 1) -> Blocks:
    """Return the blocks with a new one at its spot."""
    for at, block in enumerate(blocks):
        inside = [b.id for b in walk_blocks((block,))]
        if spot.after not in inside:
            continue
        if level == spot.depth:
            if inside[-1] != spot.after:
                raise StructureError(spot.changes, "What follows it would stand below it.")
            return (*blocks[: at + 1], new, *blocks[at + 1 :])
        if isinstance(block, Clause) and spot.depth > level:
            if block.id != spot.after:
                children = _inserted(block.children, new, spot, level + 1)
            elif spot.depth == level + 1:
                children = (new, *block.children)
            else:
                break
            return (*blocks[:at], replace(block, children=children), *blocks[at + 1 :])
        break
    raise StructureError(spot.changes, "It stands at a level that has nothing above it.")


def _mapped(blocks: Blocks, change: Callable[[Block], Blocks]) -> Blocks:
    """Return the blocks with each one replaced, what stands below it first."""
    found: list[Block] = []
    for block in blocks:
        own = block
        if isinstance(own, Clause):
            own = replace(own, children=_mapped(own.children, change))
        found += change(own)
    return tuple(found)


def _without(blocks: Blocks, gone: Collection[str]) -> Blocks:
    return _mapped(blocks, lambda block: () if block.id in gone else (block,))


def _replaced(blocks: Blocks, block_id: str, new: Blocks) -> Blocks:
    return _mapped(blocks, lambda block: new if block.id == block_id else (block,))


def _dropped(blocks: Blocks, gone: set[tuple[str, int]], used: set[tuple[str, int]]) -> Blocks:
    """Return the blocks without those that have neither words nor children left."""

    def kept(block: Block) -> Blocks:
        own = {key for key in gone if key[0] == block.id}
        if not own:
            return (block,)
        if isinstance(block, Clause):
            if not (block.heading or block.body or block.children):
                used.update(own)
                return ()
            if block.heading and own == {(block.id, BODY)}:
                used.update(own)  # the heading stays
        elif isinstance(block, Paragraph):
            used.update(own)
            return ()
        return (block,)

    return _mapped(blocks, kept)


def _joined(blocks: Blocks, block_id: str, run: int, change: str) -> Blocks:
    for at, block in enumerate(blocks):
        if block.id == block_id:
            following = blocks[at + 1] if at + 1 < len(blocks) else None
            return (*blocks[:at], _one(block, following, run, change), *blocks[at + 2 :])
        if isinstance(block, Clause) and any(b.id == block_id for b in walk_blocks((block,))):
            children = _joined(block.children, block_id, run, change)
            return (*blocks[:at], replace(block, children=children), *blocks[at + 1 :])
    return blocks


def _one(block: Block, following: Block | None, run: int, change: str) -> Block:
    match block, following:
        case Paragraph(), Paragraph():
            return replace(block, body=(*block.body, *following.body))
        case Clause(children=()), Clause(heading=()) if run == BODY and not block.heading:
            body = (*block.body, *following.body)
            return replace(block, body=body, children=following.children)
        case _:
            raise StructureError((change,), "It would join paragraphs of two kinds.")
