"""Blocks put in, taken out, joined and cut inside one passage, wherever they stand below it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from dealdesk.agreements.structure import BODY, Blocks, StructureError
from dealdesk.documents.tree import (
    Block,
    Clause,
    Inline,
    Inlines,
    Paragraph,
    Text,
    walk_blocks,
)


def breaks(run: Inlines) -> bool:
    """Say whether words hold a paragraph's mark."""
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


def is_leaf(clause: Clause) -> bool:
    """Say whether a clause is one paragraph."""
    return not clause.children and not (clause.heading and clause.body)


@dataclass(frozen=True, slots=True)
class Spot:
    """Behind which block's words something goes, at which level, and the changes that say so."""

    after: str
    depth: int
    changes: tuple[str, ...]


def inserted(blocks: Blocks, new: Block, spot: Spot, level: int = 1) -> Blocks:
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
                children = inserted(block.children, new, spot, level + 1)
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


def without(blocks: Blocks, gone: Collection[str]) -> Blocks:
    """Return the blocks without those of some ids."""
    return _mapped(blocks, lambda block: () if block.id in gone else (block,))


def replaced(blocks: Blocks, block_id: str, new: Blocks) -> Blocks:
    """Return the blocks with others in place of one."""
    return _mapped(blocks, lambda block: new if block.id == block_id else (block,))


def dropped(blocks: Blocks, gone: set[tuple[str, int]], used: set[tuple[str, int]]) -> Blocks:
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


def joined(blocks: Blocks, block_id: str, run: int, change: str) -> Blocks:
    """Return the blocks with one joined to the one that follows it. Raise StructureError."""
    for at, block in enumerate(blocks):
        if block.id == block_id:
            following = blocks[at + 1] if at + 1 < len(blocks) else None
            return (*blocks[:at], _one(block, following, run, change), *blocks[at + 2 :])
        if isinstance(block, Clause) and any(b.id == block_id for b in walk_blocks((block,))):
            children = joined(block.children, block_id, run, change)
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
