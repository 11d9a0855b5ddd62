"""Find conditions that can never hold, by trying the values that a variable may have."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice, product

from dealdesk.clauses.expressions import (
    Binary,
    Expression,
    Literal,
    Name,
    Result,
    Unary,
    evaluate,
)
from dealdesk.clauses.lint.library_reading import positions_of
from dealdesk.clauses.lint.rule import Fault
from dealdesk.clauses.lint.template_reading import conditions_of
from dealdesk.clauses.model import Clause, Library, Position
from dealdesk.kernel.errors import DomainError, Place
from dealdesk.terms.value_types import Kind, ValueType
from dealdesk.terms.values import Duration

_TRIES = 20_000
_STEP = Decimal("0.001")


def conditions_never_met(library: Library) -> Iterator[Fault]:
    """Yield each condition of a clause that no allowed value of its variables can meet."""
    for clause in library.clauses.values():
        if clause.applies_when is not None and not _can_hold(clause.applies_when, clause, library):
            yield Place(clause.file), f"{clause.id} applies under a condition that nothing meets."
    for clause, position in positions_of(library):
        for words, condition in _conditions(position):
            if not _can_hold(condition, clause, library):
                yield (
                    Place(clause.file),
                    f"{position.id} of {clause.id} has {words} that no value meets.",
                )


def _conditions(position: Position) -> Iterator[tuple[str, Expression]]:
    for condition in conditions_of(position):
        yield "text under a condition", condition
    for bound in position.bounds:
        yield f"the bound “{bound.source}”", bound.condition
    for approver in position.approvers:
        if approver.condition is not None:
            yield f"an approver under “{approver.source}”", approver.condition


def _can_hold(condition: Expression, clause: Clause, library: Library) -> bool:
    """Tell whether some allowed values meet a condition; yes where there are too many to try.

    Between its bounds a number changes the answer only at a figure that the condition names, so
    those figures and their neighbours stand for all numbers.
    """
    named = list(dict.fromkeys(_names(condition)))
    literals = list(_literals(condition))
    domains = [_domain(name, literals, clause, library) for name in named]
    tried = 0
    for values in islice(product(*domains), _TRIES):
        tried += 1
        if _holds(condition, dict(zip(named, values, strict=True))):
            return True
    return tried == _TRIES


def _holds(condition: Expression, values: Mapping[str, Result]) -> bool:
    try:
        return evaluate(condition, lambda name: values[name]) is True
    except DomainError:
        return False  # values of kinds that don't compare meet nothing


def _names(expression: Expression) -> Iterator[str]:
    match expression:
        case Name(name=name):
            yield name
        case Unary(operand=operand):
            yield from _names(operand)
        case Binary(left=left, right=right):
            yield from _names(left)
            yield from _names(right)
        case _:
            pass


def _literals(expression: Expression) -> Iterator[Result]:
    match expression:
        case Literal(value=value):
            yield value
        case Unary(operator="-", operand=Literal(value=Decimal() as number)):
            yield -number
        case Unary(operand=operand):
            yield from _literals(operand)
        case Binary(left=left, right=right):
            yield from _literals(left)
            yield from _literals(right)
        case _:
            pass


def _domain(
    name: str, literals: list[Result], clause: Clause, library: Library
) -> tuple[Result, ...]:
    """Return the values of a name that can make a difference to a condition."""
    head, _, rest = name.partition(".")
    if head == "present":
        return (True, False)
    if head == "position":
        other = library.clauses.get(rest)
        return (*(p.id for p in other.positions), None) if other else (None,)
    variable = clause.variable(head)
    other = library.clauses.get(head)
    if variable is None and other is not None:
        variable = other.variable(rest.partition(".")[0])
    if variable is None or variable.type.kind is Kind.TABLE:
        return _free(literals)
    return _typed(variable.type, literals)


def _free(literals: list[Result]) -> tuple[Result, ...]:
    """Return the values of a fact: what the condition compares it with, and others."""
    numbers = [n + step for n in literals if isinstance(n, Decimal) for step in (-1, 0, 1)]
    lengths = [
        Duration(n.amount + d, n.unit)
        for n in literals
        if isinstance(n, Duration)
        for d in (-1, 1)
        if n.amount + d >= 0
    ]
    return (*literals, *numbers, *lengths, Decimal(0), True, False, None, "")


def _typed(type_: ValueType, literals: list[Result]) -> tuple[Result, ...]:
    nothing: tuple[Result, ...] = (None,) if type_.none_text else ()
    match type_.kind:
        case Kind.OPTION:
            return (*({"true": True, "false": False}.get(o, o) for o, _ in type_.options), *nothing)
        case Kind.OPTIONS:
            ids = tuple(o for o, _ in type_.options)
            return ((), *((one,) for one in ids), ids, *nothing)
        case Kind.DURATION:
            return (*_durations(type_, literals), *nothing)
        case Kind.MONEY | Kind.PERCENT | Kind.MULTIPLE | Kind.INTEGER:
            return (*_numbers(type_, literals), *nothing)
        case _:
            return (*literals, "", *nothing)


def _numbers(type_: ValueType, literals: list[Result]) -> Iterator[Decimal]:
    step = Decimal(1) if type_.kind is Kind.INTEGER else _STEP
    near = [n + d for n in literals if isinstance(n, Decimal) for d in (-step, Decimal(0), step)]
    ends = [n for n in (type_.minimum, type_.maximum) if n is not None]
    for number in (*near, *ends, Decimal(1)):
        if _within(number, type_):
            yield number


def _durations(type_: ValueType, literals: list[Result]) -> Iterator[Duration]:
    amounts = [n.amount + d for n in literals if isinstance(n, Duration) for d in (-1, 0, 1)]
    ends = [int(n) for n in (type_.minimum, type_.maximum) if n is not None]
    for unit in type_.units:
        for amount in (*amounts, *ends, 1):
            if amount >= 0 and _within(Decimal(amount), type_):
                yield Duration(amount, unit)


def _within(number: Decimal, type_: ValueType) -> bool:
    low, high = type_.minimum, type_.maximum
    return (low is None or number >= low) and (high is None or number <= high)
