"""Overrides from accepted changes: a clause's words and build after them, values still bound."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dealdesk.agreements.assembly import passages_of
from dealdesk.agreements.block_runs import with_runs
from dealdesk.agreements.changes import AcceptedChange, Undecided
from dealdesk.agreements.model import Inputs, Origin, Override
from dealdesk.agreements.rebuilding import Rebuild
from dealdesk.agreements.spans import Edit, Segment, edited_run
from dealdesk.agreements.structure import (
    Blocks,
    MovedParagraph,
    Structural,
    StructureError,
    change_ids,
)
from dealdesk.documents.text import passage_hash
from dealdesk.documents.tree import (
    Block,
    Clause,
    DocumentTree,
    Occurrence,
    block_inlines,
    instance_of,
    walk_blocks,
)
from dealdesk.kernel.authors import together
from dealdesk.terms.values import ValueRef


@dataclass(frozen=True, slots=True)
class WordedRun:
    """One run of a block with the changes of its words."""

    block_id: str
    index: int
    parts: tuple[Segment, ...]
    changes: tuple[AcceptedChange, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """What changes in one instance's passage."""

    runs: tuple[WordedRun, ...]
    structural: tuple[Structural, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all its changes."""
        words = [change.id for run in self.runs for change in run.changes]
        return (*words, *(i for change in self.structural for i in change_ids(change)))

    @property
    def authors(self) -> str:
        """Who made them."""
        words = {change.author for run in self.runs for change in run.changes}
        return together(*sorted(words | {change.author for change in self.structural}))

    def without(self, ids: Sequence[str]) -> "Passage":
        """Return the passage without changes that a person has to place."""
        runs = (
            replace(run, changes=tuple(c for c in run.changes if c.id not in ids))
            for run in self.runs
        )
        kept = (c for c in self.structural if not {*change_ids(c)} & {*ids})
        return Passage(tuple(run for run in runs if run.changes), tuple(kept))


def with_overrides(
    inputs: Inputs,
    base: DocumentTree,
    worded: Sequence[WordedRun],
    structural: Sequence[Structural],
) -> tuple[Inputs, tuple[str, ...], list[Undecided]]:
    """Return the inputs with an override for each instance that changes, and what is left."""
    passages = passages_of(base)
    undecided: list[Undecided] = []
    overridden: list[str] = []
    for instance, changes in _by_instance(worded, structural, undecided).items():
        choice = inputs.choice(instance)
        if choice is None or instance not in passages:
            reason = f"“{instance}” is made from other parts, not written."
            undecided.append(Undecided(changes.ids, reason))
            continue
        blocks, left = _rebuilt(passages[instance], changes, passage_hash(passages[instance], base))
        undecided += left
        if blocks is None:
            continue
        made = changes.without([i for u in left for i in u.changes])
        override = _override(
            choice.override, passage_hash(passages[instance], base), blocks, made.authors
        )
        choices = tuple(
            replace(c, override=override) if c.instance_id == instance else c
            for c in inputs.choices
        )
        inputs = replace(inputs, choices=choices)
        overridden.append(instance)
    return inputs, tuple(overridden), undecided


def _override(before: Override | None, replaces: str, blocks: Blocks, authors: str) -> Override:
    """Return the override that changes of a passage make.

    Where own words stood there already, who wrote them is an author still (I7), and what a person
    recorded as stated by nothing stays so, unless the new words state it (I9).
    """
    stated = {ref.name for ref in _printed(blocks)}
    return Override(
        replaces=replaces,
        blocks=blocks,
        origin=Origin.COUNTER,
        author=together(before.author, authors) if before else authors,
        unstated=tuple(name for name in before.unstated if name not in stated) if before else (),
    )


def _printed(blocks: Blocks) -> Iterator[ValueRef]:
    for block in walk_blocks(blocks):
        for run in block_inlines(block):
            yield from (inline.ref for inline in run if isinstance(inline, Occurrence))


def _by_instance(
    worded: Sequence[WordedRun], structural: Sequence[Structural], undecided: list[Undecided]
) -> Mapping[str, Passage]:
    found: dict[str, Passage] = {}
    for run in worded:
        own = found.setdefault(instance_of(run.block_id), Passage((), ()))
        found[instance_of(run.block_id)] = replace(own, runs=(*own.runs, run))
    for change in structural:
        instance = instance_of(change.block_id)
        if isinstance(change, MovedParagraph) and instance_of(change.after) != instance:
            undecided.append(Undecided(change_ids(change), "It moves into another clause."))
            continue
        own = found.setdefault(instance, Passage((), ()))
        found[instance] = replace(own, structural=(*own.structural, change))
    return found


def _rebuilt(passage: Blocks, changes: Passage, seed: str) -> tuple[Blocks | None, list[Undecided]]:
    """Return the blocks after all changes that are plain, None for none, and those that aren't."""
    undecided: list[Undecided] = []
    while changes.ids:
        try:
            return _attempt(passage, changes, seed), undecided
        except StructureError as error:
            own = tuple(i for i in error.changes if i in changes.ids) or changes.ids
            undecided.append(Undecided(own, error.reason))
            changes = changes.without(own)
    return None, undecided


def _attempt(passage: Blocks, changes: Passage, seed: str) -> Blocks:
    edited = tuple(_edited_block(block, changes.runs) for block in passage)
    keys = {(run.block_id, run.index): run.changes for run in changes.runs}
    rebuild = Rebuild(
        blocks=edited,
        ended={key: c.id for key, own in keys.items() for c in own if c.ends_paragraph},
        broke={
            key: ids
            for key, own in keys.items()
            if (ids := tuple(c.id for c in own if "\n" in c.new))
        },
        seed="/".join((seed, *changes.ids)),
    )
    return rebuild.run(changes.structural)


def _edited_block(block: Block, runs: Sequence[WordedRun]) -> Block:
    own = {
        run.index: edited_run(run.parts, [Edit(c.start, c.end, c.new) for c in run.changes])
        for run in runs
        if run.block_id == block.id
    }
    edited = with_runs(block, own) if own else block
    if isinstance(edited, Clause):
        return replace(edited, children=tuple(_edited_block(c, runs) for c in edited.children))
    return edited
