"""A clause as one sentence with its numbers: "99.95 % each calendar month, UTC; credits …"."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dealdesk.agreements.assembly import find_clause
from dealdesk.agreements.model import Choice, Inputs
from dealdesk.agreements.scope import Scope
from dealdesk.agreements.values import all_values, choice_values, with_cells
from dealdesk.clauses.expressions import holds
from dealdesk.clauses.model import Clause, Library, Position
from dealdesk.clauses.template import DefinitionMark, Marks, RefMark, TermMark, ValueMark, WhenMark
from dealdesk.documents.tree import Text
from dealdesk.terms.formatting import format_value
from dealdesk.terms.value_types import TypedValue, ValueMap
from dealdesk.terms.values import ValueRef


@dataclass(frozen=True, slots=True)
class PositionSentence:
    """A position of a chosen clause and what it says, with the values that it would bring."""

    position: Position
    sentence: str
    is_chosen: bool


def chosen_sentence(
    choice: Choice, inputs: Inputs, library: Library, values: ValueMap | None = None
) -> str:
    """Return what a chosen clause says in this deal, in one sentence.

    `values` are all of the inputs', for who asks for many sentences.
    """
    _, position = find_clause(choice, library)
    return sentence_of(position, choice, inputs, values or all_values(inputs, library))


def position_sentences(
    choice: Choice, inputs: Inputs, library: Library, values: ValueMap | None = None
) -> Iterator[PositionSentence]:
    """Yield each position of a chosen clause with its sentence; the chosen one has the deal's.

    `values` are all of the inputs', for who asks for many sentences.
    """
    clause, chosen = find_clause(choice, library)
    present = values or all_values(inputs, library)
    instance = choice.instance_id
    for position in clause.positions:
        if position is chosen:
            words = sentence_of(position, choice, inputs, present)
        else:
            other = _as_if(choice, clause, position)
            changed = replace(inputs, choices=_replaced(inputs.choices, other))
            own = with_cells(dict(choice_values(other, library)))
            words = sentence_of(position, other, changed, _Instead(present, instance, own))
        yield PositionSentence(position, words, is_chosen=position is chosen)


class _Instead(Mapping[ValueRef, TypedValue]):
    """Values with those of one instance replaced; a copy for each position would cost more."""

    def __init__(self, values: ValueMap, instance: str, own: ValueMap) -> None:
        self._values, self._instance, self._own = values, instance, own

    def __getitem__(self, ref: ValueRef) -> TypedValue:
        return (self._own if ref.instance_id == self._instance else self._values)[ref]

    def __iter__(self) -> Iterator[ValueRef]:
        yield from self._own
        yield from (ref for ref in self._values if ref.instance_id != self._instance)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _as_if(choice: Choice, clause: Clause, position: Position) -> Choice:
    """Return the choice as it were in another position; what that leaves open stays as it is."""
    defaults = {v.id: v.default for v in clause.variables if v.default is not None}
    values = {**choice.values, **defaults, **position.values}
    return replace(choice, position=position.id, values=values, override=None)


def _replaced(choices: tuple[Choice, ...], other: Choice) -> tuple[Choice, ...]:
    return tuple(other if one.instance_id == other.instance_id else one for one in choices)


def sentence_of(
    position: Position, choice: Choice, inputs: Inputs, values: Mapping[ValueRef, TypedValue]
) -> str:
    """Return a position's sentence with values printed as the agreement prints them."""
    scope = Scope(inputs, values, choice.instance_id)
    words = "".join(_words(position.sentence, choice, inputs, values, scope))
    return words[:1].upper() + words[1:]


def _words(
    marks: Marks,
    choice: Choice,
    inputs: Inputs,
    values: Mapping[ValueRef, TypedValue],
    scope: Scope,
) -> Iterator[str]:
    for mark in marks:
        match mark:
            case Text(text=text) | DefinitionMark(text=text):
                yield text
            case TermMark(definition_id=definition, form=form):
                yield form or definition
            case RefMark(local_id=local_id):
                yield local_id
            case ValueMark(instance=clause, variable=variable, style=style):
                instance = scope.instance_of(clause) if clause else choice.instance_id
                typed = values.get(ValueRef(instance, variable))
                yield (
                    format_value(typed.value, typed.type, inputs.language, style.value)
                    if typed
                    else "…"
                )
            case WhenMark(condition=condition, body=body):
                if holds(condition, scope):
                    yield from _words(body, choice, inputs, values, scope)
