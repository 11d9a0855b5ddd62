"""Turn what a deal asks for into choices: positions found, every value given and typed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from dealdesk.agreements.model import Choice
from dealdesk.clauses.model import AgreementTemplate, Clause, Library, Position, Slot
from dealdesk.clauses.scalars import ScalarError
from dealdesk.clauses.variable_values import read_variable
from dealdesk.kernel.errors import DomainError, Place, Problem
from dealdesk.kernel.located_yaml import Data
from dealdesk.terms.values import Value

Locate = Callable[[str], Place]


class ChoiceError(DomainError):
    """The deal asks for clauses, positions or values that the library doesn't have."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a deal asks of one instance: a position and values as plain data, or its absence."""

    instance: str
    position: str = ""
    values: Mapping[str, Data] = field(default_factory=lambda: MappingProxyType({}))
    omitted: bool = False


def nowhere(path: str) -> Place:
    """Return a place that knows only the path: for asks that come from no file."""
    return Place(path=path)


def choose(
    template: AgreementTemplate,
    library: Library,
    asks: Mapping[str, Ask],
    locate: Locate = nowhere,
) -> tuple[Choice, ...]:
    """Return the choices of a deal in the template's order.

    Slots that the deal doesn't mention take their standard position, optional ones stay out.
    Raise ChoiceError with every unknown clause, position and value, each at its place.
    """
    problems: list[Problem] = []
    slots = [slot for part in template.parts for slot in part.slots]
    problems.extend(_unknown_instances(asks, slots, locate))
    choices = [
        _choice(slot, library.clauses[slot.clause], asks.get(slot.instance), locate, problems)
        for slot in slots
        if slot.clause in library.clauses and _stands(slot, asks)
    ]
    if problems:
        raise ChoiceError(problems)
    return tuple(choices)


def _stands(slot: Slot, asks: Mapping[str, Ask]) -> bool:
    ask = asks.get(slot.instance)
    if ask is None:
        return not slot.optional
    return not ask.omitted


def _unknown_instances(
    asks: Mapping[str, Ask], slots: list[Slot], locate: Locate
) -> Iterator[Problem]:
    known = {slot.instance: slot for slot in slots}
    for instance, ask in asks.items():
        place = locate(f"clauses.{instance}")
        if instance not in known:
            yield Problem(
                "unknown-clause",
                f"The agreement has no clause “{instance}”.",
                place,
                f"Use one of {', '.join(known)}.",
            )
        elif ask.omitted and not known[instance].optional:
            yield Problem("not-optional", f"The clause “{instance}” can't be left out.", place)


def _choice(
    slot: Slot, clause: Clause, ask: Ask | None, locate: Locate, problems: list[Problem]
) -> Choice:
    wanted = ask.position if ask and ask.position else slot.position
    path = f"clauses.{slot.instance}"
    position = clause.position(wanted)
    if position is None:
        known = ", ".join(p.id for p in clause.positions)
        problems.append(
            Problem(
                "unknown-position",
                f"{clause.id} has no position “{wanted}”.",
                locate(f"{path}.position"),
                f"Use one of {known}.",
            )
        )
        position = clause.standard
    given = dict(_given(clause, ask, f"{path}.values", locate, problems))
    values = {**_defaults(clause, position), **given}
    problems += [
        Problem(
            "value-missing",
            f"{clause.id} needs a value for “{variable.id}”: {variable.question}",
            locate(path),
            f"Give it under {path}.values.",
        )
        for variable in clause.variables
        if variable.id not in values and variable.id not in (ask.values if ask else {})
    ]
    return Choice(slot.instance, clause.id, clause.version, position.id, MappingProxyType(values))


def _defaults(clause: Clause, position: Position) -> dict[str, Value]:
    defaults = {v.id: v.default for v in clause.variables if v.default is not None}
    return {**defaults, **position.values}


def _given(
    clause: Clause, ask: Ask | None, path: str, locate: Locate, problems: list[Problem]
) -> Iterator[tuple[str, Value]]:
    for name, data in (ask.values if ask else {}).items():
        variable = clause.variable(name)
        place = locate(f"{path}.{name}")
        if variable is None:
            known = ", ".join(v.id for v in clause.variables) or "none"
            problems.append(
                Problem(
                    "unknown-variable",
                    f"{clause.id} has no value “{name}”.",
                    place,
                    f"It has {known}.",
                )
            )
            continue
        try:
            yield name, read_variable(data, variable)
        except ScalarError as error:
            problems.append(Problem("bad-value", f"{name}: {error.problems[0].message}", place))
