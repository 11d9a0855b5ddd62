"""Turn accepted changes of a redline into new inputs (I8 to I10 of core-model.md).

A change inside one printed value that still reads as a value becomes that value, everywhere it is
printed. Other changes inside one clause become an override of that clause. What can be placed in
neither is left for a person, as are different changes of one value: nothing is guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

from dealdesk.agreements.assembly import passages_of
from dealdesk.agreements.block_runs import block_runs, with_runs
from dealdesk.agreements.model import ORDER_INSTANCE, Inputs, Origin, Override
from dealdesk.agreements.order_edit import change_order
from dealdesk.agreements.spans import Edit, Segment, edited_run, edited_text, segments
from dealdesk.documents.numbering import Numbering, number_document
from dealdesk.documents.text import passage_hash
from dealdesk.documents.tree import (
    Block,
    Clause,
    DocumentTree,
    Inlines,
    Occurrence,
    instance_of,
    walk,
)
from dealdesk.terms.parsing import ValueFormatError, parse_value
from dealdesk.terms.value_types import TypedValue, replace_cell
from dealdesk.terms.values import Table, Value, ValueRef


@dataclass(frozen=True, slots=True)
class AcceptedChange:
    """A change that was accepted, on the words of one run of the base.

    `run` counts the runs of the block (heading, body; a table's cells in reading order). Offsets
    count characters of the run's words; `old` is what stands between them, `new` replaces it.
    """

    id: str
    block_id: str
    run: int
    start: int
    end: int
    old: str
    new: str
    author: str


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value that accepted changes came to, and the changes that say so."""

    ref: ValueRef
    old: Value
    new: Value
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undecided:
    """Changes that a person has to place, and why."""

    changes: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class WriteBack:
    """New inputs, the values and clauses that changed, and what was left for a person."""

    inputs: Inputs
    values: tuple[ValueChange, ...]
    overridden: tuple[str, ...]
    undecided: tuple[Undecided, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of a block with the changes that touch it."""

    block_id: str
    index: int
    parts: tuple[Segment, ...]
    changes: tuple[AcceptedChange, ...]


def write_back(inputs: Inputs, base: DocumentTree, changes: Sequence[AcceptedChange]) -> WriteBack:
    """Return the inputs after accepted changes; `base` is the tree that was sent."""
    numbering = number_document(base)
    blocks = {block.id: block for block in walk(base)}
    placed, lost = _placed(changes, blocks, base, numbering)
    read = [(run, *_readings(run, base)) for run in placed]
    values, conflicts = _agreed([r for _, readings, _ in read for r in readings])
    new_inputs, changed, refused = _with_values(inputs, values, base)
    worded = [(run, words) for run, _, words in read if words]
    new_inputs, overridden, foreign = _with_words(new_inputs, base, worded)
    return WriteBack(new_inputs, changed, overridden, (*lost, *conflicts, *refused, *foreign))


def _placed(
    changes: Sequence[AcceptedChange],
    blocks: Mapping[str, Block],
    base: DocumentTree,
    numbering: Numbering,
) -> tuple[list[_Run], list[Undecided]]:
    by_run: dict[tuple[str, int], list[AcceptedChange]] = {}
    lost: list[Undecided] = []
    words: dict[tuple[str, int], tuple[Segment, ...] | None] = {}
    for change in changes:
        key = (change.block_id, change.run)
        if key not in words:
            runs = block_runs(blocks[change.block_id]) if change.block_id in blocks else ()
            run: Inlines | None = runs[change.run] if change.run < len(runs) else None
            words[key] = segments(run, base, numbering) if run is not None else None
        if _stands(change, words[key]):
            by_run.setdefault(key, []).append(change)
        else:
            lost.append(Undecided((change.id,), f"“{change.old}” does not stand where it should."))
    for key, own in list(by_run.items()):
        if _overlap(own):
            lost.append(Undecided(tuple(c.id for c in own), "These changes overlap each other."))
            del by_run[key]
    return [_Run(*key, words[key] or (), tuple(own)) for key, own in by_run.items()], lost


def _stands(change: AcceptedChange, parts: Sequence[Segment] | None) -> bool:
    if parts is None:
        return False
    text = "".join(part.text for part in parts)
    inside = 0 <= change.start <= change.end <= len(text)
    return inside and text[change.start : change.end] == change.old


def _overlap(changes: Sequence[AcceptedChange]) -> bool:
    ordered = sorted(changes, key=lambda c: (c.start, c.end))
    return any(b.start < a.end for a, b in pairwise(ordered))


@dataclass(frozen=True, slots=True)
class _Reading:
    ref: ValueRef
    new: Value
    changes: tuple[str, ...]


def _readings(run: _Run, base: DocumentTree) -> tuple[list[_Reading], list[AcceptedChange]]:
    """Return the values that a run's changes state, and the changes that are about words."""
    readings: list[_Reading] = []
    words = list(run.changes)
    for part in run.parts:
        if not isinstance(part.inline, Occurrence):
            continue
        own = [c for c in words if part.start <= c.start and c.end <= part.end]
        value = _value_of(part, own, base) if own else None
        if value is not None:
            readings.append(_Reading(part.inline.ref, value, tuple(c.id for c in own)))
            words = [change for change in words if change not in own]
    return readings, words


def _value_of(part: Segment, own: Sequence[AcceptedChange], base: DocumentTree) -> Value | None:
    if not isinstance(part.inline, Occurrence):
        return None
    text = edited_text(part, [Edit(c.start, c.end, c.new) for c in own])
    try:
        return parse_value(text, base.values[part.inline.ref].type, base.language)
    except ValueFormatError:
        # Words that state no value are a change of the text; the caller keeps them as such.
        return None


def _agreed(
    readings: Sequence[_Reading],
) -> tuple[list[_Reading], list[Undecided]]:
    """Return one reading per value; different readings of one value are a conflict (I10)."""
    by_ref: dict[ValueRef, list[_Reading]] = {}
    for reading in readings:
        by_ref.setdefault(reading.ref, []).append(reading)
    agreed: list[_Reading] = []
    conflicts: list[Undecided] = []
    for ref, own in by_ref.items():
        ids = tuple(change for reading in own for change in reading.changes)
        if any(reading.new != own[0].new for reading in own):
            conflicts.append(Undecided(ids, f"The changes give {ref} different values."))
        else:
            agreed.append(_Reading(ref, own[0].new, ids))
    return agreed, conflicts


def _with_values(
    inputs: Inputs, readings: Sequence[_Reading], base: DocumentTree
) -> tuple[Inputs, tuple[ValueChange, ...], list[Undecided]]:
    changed: list[ValueChange] = []
    refused: list[Undecided] = []
    for reading in readings:
        after = set_value(inputs, reading.ref, base.values, reading.new)
        if after is None:
            reason = f"{reading.ref} follows from other values."
            refused.append(Undecided(reading.changes, reason))
            continue
        inputs = after
        old = base.values[reading.ref].value
        changed.append(ValueChange(reading.ref, old, reading.new, reading.changes))
    return inputs, tuple(changed), refused


def set_value(
    inputs: Inputs, ref: ValueRef, columns: Mapping[ValueRef, TypedValue], new: Value
) -> Inputs | None:
    """Return the inputs with one value changed, or None where the value is computed.

    `columns` are the document's typed values: a table's cell is replaced inside its table.
    """
    if ref.instance_id == ORDER_INSTANCE:
        order = change_order(inputs.order, ref, new)
        return replace(inputs, order=order) if order is not None else None
    choice = inputs.choice(ref.instance_id)
    if choice is None or ref.name not in choice.values:
        return None
    whole = new
    if ref.cell is not None and not isinstance(new, Table):
        type_ = columns[ValueRef(ref.instance_id, ref.name)].type
        whole = replace_cell(TypedValue(type_, choice.values[ref.name]), ref, new)
    values = MappingProxyType({**choice.values, ref.name: whole})
    return _with_choice(inputs, ref.instance_id, values=values)


def _with_choice(
    inputs: Inputs,
    instance_id: str,
    *,
    values: Mapping[str, Value] | None = None,
    override: Override | None = None,
) -> Inputs:
    return replace(
        inputs,
        choices=tuple(
            replace(c, values=values or c.values, override=override or c.override)
            if c.instance_id == instance_id
            else c
            for c in inputs.choices
        ),
    )


def _with_words(
    inputs: Inputs, base: DocumentTree, worded: Sequence[tuple[_Run, Sequence[AcceptedChange]]]
) -> tuple[Inputs, tuple[str, ...], list[Undecided]]:
    passages = passages_of(base)
    by_instance: dict[str, list[tuple[_Run, Sequence[AcceptedChange]]]] = {}
    for run, words in worded:
        by_instance.setdefault(instance_of(run.block_id), []).append((run, words))
    foreign: list[Undecided] = []
    overridden: list[str] = []
    for instance, runs in by_instance.items():
        if inputs.choice(instance) is None:
            ids = tuple(change.id for _, words in runs for change in words)
            foreign.append(Undecided(ids, f"“{instance}” is made from other parts, not written."))
            continue
        override = Override(
            replaces=passage_hash(passages[instance], base),
            blocks=tuple(_edited_block(block, runs) for block in passages[instance]),
            origin=Origin.COUNTER,
            author=", ".join(sorted({c.author for _, words in runs for c in words})),
        )
        inputs = _with_choice(inputs, instance, override=override)
        overridden.append(instance)
    return inputs, tuple(overridden), foreign


def _edited_block(block: Block, runs: Sequence[tuple[_Run, Sequence[AcceptedChange]]]) -> Block:
    own = {
        run.index: edited_run(run.parts, [Edit(c.start, c.end, c.new) for c in words])
        for run, words in runs
        if run.block_id == block.id
    }
    edited = with_runs(block, own) if own else block
    if isinstance(edited, Clause):
        return replace(edited, children=tuple(_edited_block(c, runs) for c in edited.children))
    return edited
