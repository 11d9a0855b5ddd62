"""What each position of a clause would do to a deal's text, as a difference from standard."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dealdesk.agreements.assembly import assemble, passages_of
from dealdesk.agreements.comparison import Words, compare_words, printed_passage
from dealdesk.agreements.model import Choice, Inputs
from dealdesk.clauses.model import Clause, Library, Position
from dealdesk.kernel.errors import DomainError
from dealdesk.terms.values import Value


def starting_values(clause: Clause, position: Position) -> dict[str, Value]:
    """Return the values that a position starts with: the clause's own, then the position's."""
    defaults = {v.id: v.default for v in clause.variables if v.default is not None}
    return {**defaults, **position.values}


@dataclass(frozen=True, slots=True)
class Effect:
    """A position and its text against the standard's; no words where it can't be assembled yet."""

    position: Position
    words: tuple[Words, ...]


def position_effects(inputs: Inputs, library: Library, instance: str) -> Iterator[Effect]:
    """Yield each position of an instance's clause with what it changes against the standard."""
    clause = library.clauses[next(c for c in inputs.choices if c.instance_id == instance).clause_id]
    standard = passage_in(inputs, library, instance, clause.standard)
    for position in clause.positions:
        text = passage_in(inputs, library, instance, position)
        words = tuple(compare_words(standard, text)) if standard and text else ()
        yield Effect(position, words)


def effect_of(inputs: Inputs, library: Library, instance: str) -> tuple[Words, ...]:
    """Return the chosen text of an instance, own words included, against the standard's."""
    clause = library.clauses[next(c for c in inputs.choices if c.instance_id == instance).clause_id]
    standard = passage_in(inputs, library, instance, clause.standard)
    return tuple(compare_words(standard, _printed(inputs, library, instance)))


def passage_in(inputs: Inputs, library: Library, instance: str, position: Position) -> str:
    """Return what an instance would print in a position, "" where values are still missing."""

    def as_if(choice: Choice) -> Choice:
        if choice.instance_id != instance:
            return choice
        values = starting_values(library.clauses[choice.clause_id], position)
        kept = {**choice.values, **values}
        return replace(choice, position=position.id, values=kept, override=None)

    changed = replace(inputs, choices=tuple(as_if(one) for one in inputs.choices))
    return _printed(changed, library, instance)


def _printed(inputs: Inputs, library: Library, instance: str) -> str:
    try:
        tree = assemble(inputs, library)
    except DomainError:
        return ""
    return printed_passage(passages_of(tree).get(instance, ()), tree)
