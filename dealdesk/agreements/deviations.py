"""How each chosen clause differs from what we offer first: position, bounds, own approvers."""

from collections.abc import Iterator
from dataclasses import dataclass

from dealdesk.agreements.assembly import find_clause
from dealdesk.agreements.model import Choice, Inputs
from dealdesk.agreements.scope import Scope
from dealdesk.agreements.values import all_values
from dealdesk.clauses.expressions import holds
from dealdesk.clauses.model import Approver, Clause, Library, Position, Rank
from dealdesk.terms.value_types import ValueMap


@dataclass(frozen=True, slots=True)
class Deviation:
    """One chosen clause against the library.

    `out_of_bounds` holds the message of each bound of the position that the values break;
    `approvers` are those of the position whose condition holds.
    """

    choice: Choice
    clause: Clause
    position: Position
    out_of_bounds: tuple[str, ...]
    approvers: tuple[Approver, ...]

    @property
    def is_standard(self) -> bool:
        """Tell whether the clause is just what we offer first."""
        return (
            self.position.rank is Rank.STANDARD
            and not self.out_of_bounds
            and self.choice.override is None
        )


def deviations(inputs: Inputs, library: Library) -> tuple[Deviation, ...]:
    """Return each chosen clause with how it deviates, in the agreement's order."""
    values = all_values(inputs, library)
    return tuple(_deviation(choice, inputs, library, values) for choice in inputs.choices)


def _deviation(choice: Choice, inputs: Inputs, library: Library, values: ValueMap) -> Deviation:
    clause, position = find_clause(choice, library)
    scope = Scope(inputs, values, choice.instance_id)
    return Deviation(
        choice=choice,
        clause=clause,
        position=position,
        out_of_bounds=tuple(_broken(position, scope)),
        approvers=tuple(
            approver
            for approver in position.approvers
            if approver.condition is None or holds(approver.condition, scope)
        ),
    )


def _broken(position: Position, scope: Scope) -> Iterator[str]:
    for bound in position.bounds:
        if not holds(bound.condition, scope):
            yield bound.message
