"""Turn accepted changes of a redline into new inputs (I8 to I10 of core-model.md).

A change inside one printed value that still reads as a value becomes that value, everywhere it is
printed. Other changes inside one clause become an override of that clause. What can be placed in
neither is left for a person, as are different changes of one value: nothing is guessed.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

from dealdesk.agreements.block_runs import block_runs
from dealdesk.agreements.changes import AcceptedChange, Undecided
from dealdesk.agreements.model import ORDER_INSTANCE, Inputs
from dealdesk.agreements.order_edit import change_order
from dealdesk.agreements.overriding import WordedRun, with_overrides
from dealdesk.agreements.spans import Edit, Segment, edited_text, segments
from dealdesk.agreements.structure import Structural, change_ids, new_words
from dealdesk.documents.numbering import Numbering, number_document
from dealdesk.documents.tree import Block, DocumentTree, Inlines, Occurrence, walk
from dealdesk.terms.parsing import ValueFormatError, parse_value
from dealdesk.terms.value_types import TypedValue, hidden_characters, replace_cell
from dealdesk.terms.values import Table, Value, ValueRef


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value that accepted changes came to, and the changes that say so."""

    ref: ValueRef
    old: Value
    new: Value
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WriteBack:
    """New inputs, the values and clauses that changed, and what was left for a person."""

    inputs: Inputs
    values: tuple[ValueChange, ...]
    overridden: tuple[str, ...]
    undecided: tuple[Undecided, ...]


def write_back(
    inputs: Inputs,
    base: DocumentTree,
    changes: Sequence[AcceptedChange],
    structural: Sequence[Structural] = (),
) -> WriteBack:
    """Return the inputs after accepted changes; `base` is the tree that was sent."""
    numbering = number_document(base)
    blocks = {block.id: block for block in walk(base)}
    placed, lost = _placed(changes, blocks, base, numbering)
    read = [(run, *_readings(run, base)) for run in placed]
    values, conflicts = _agreed([r for _, readings, _ in read for r in readings])
    new_inputs, changed, refused = _with_values(inputs, values, base)
    worded = [replace(run, changes=tuple(words)) for run, _, words in read if words]
    plain, unseen = _seen(structural)
    lost += unseen
    new_inputs, overridden, foreign = with_overrides(new_inputs, base, worded, plain)
    return WriteBack(new_inputs, changed, overridden, (*lost, *conflicts, *refused, *foreign))


def _placed(
    changes: Sequence[AcceptedChange],
    blocks: Mapping[str, Block],
    base: DocumentTree,
    numbering: Numbering,
) -> tuple[list[WordedRun], list[Undecided]]:
    by_run: dict[tuple[str, int], list[AcceptedChange]] = {}
    lost: list[Undecided] = []
    words: dict[tuple[str, int], tuple[Segment, ...] | None] = {}
    for change in changes:
        if (reason := _unseen(change.new)) is not None:
            lost.append(Undecided((change.id,), reason))
            continue
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
    return [WordedRun(*key, words[key] or (), tuple(own)) for key, own in by_run.items()], lost


def _seen(structural: Sequence[Structural]) -> tuple[list[Structural], list[Undecided]]:
    """Return the structural changes whose words can all be seen, and the others."""
    plain: list[Structural] = []
    lost: list[Undecided] = []
    for change in structural:
        reason = _unseen(new_words(change))
        if reason is None:
            plain.append(change)
        else:
            lost.append(Undecided(change_ids(change), reason))
    return plain, lost


def _unseen(words: str) -> str | None:
    """Return why words can't be taken: they hold what nobody sees, and may read as others."""
    hidden = [c for c in hidden_characters(words) if c not in "\n\t"]
    if not hidden:
        return None
    name = unicodedata.name(hidden[0], f"U+{ord(hidden[0]):04X}")
    shown = "".join(f"[U+{ord(c):04X}]" if c in hidden else c for c in words)
    return f"“{shown}” holds a character that can't be seen ({name})."


def _stands(change: AcceptedChange, parts: Sequence[Segment] | None) -> bool:
    if parts is None:
        return False
    text = "".join(part.text for part in parts)
    inside = 0 <= change.start <= change.end <= len(text)
    whole = not change.ends_paragraph or change.end == len(text)
    return inside and whole and text[change.start : change.end] == change.words


def _overlap(changes: Sequence[AcceptedChange]) -> bool:
    ordered = sorted(changes, key=lambda c: (c.start, c.end))
    return any(b.start < a.end for a, b in pairwise(ordered))


@dataclass(frozen=True, slots=True)
class _Reading:
    ref: ValueRef
    new: Value
    changes: tuple[str, ...]


def _readings(run: WordedRun, base: DocumentTree) -> tuple[list[_Reading], list[AcceptedChange]]:
    """Return the values that a run's changes state, and the changes that are about words."""
    readings: list[_Reading] = []
    words = list(run.changes)
    for part in run.parts:
        if not isinstance(part.inline, Occurrence):
            continue
        inside = [c for c in words if part.start <= c.start and c.end <= part.end]
        own = [c for c in inside if "\n" not in c.old + c.new]
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
    values: Mapping[str, Value],
) -> Inputs:
    return replace(
        inputs,
        choices=tuple(
            replace(c, values=values) if c.instance_id == instance_id else c for c in inputs.choices
        ),
    )
