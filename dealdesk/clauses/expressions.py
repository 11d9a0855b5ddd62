"""The closed expression language of conditions: no calls, no loops, nothing touched (ADR 2)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from dealdesk.kernel.errors import DomainError
from dealdesk.terms.values import Duration, Unit

MAX_LENGTH = 500
MAX_NESTING = 20


class ExpressionError(DomainError):
    """The condition can't be read, or compares things that don't compare."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the condition."""

    value: "Result"


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, fact, position or presence, with dots as written."""

    name: str


@dataclass(frozen=True, slots=True)
class Unary:
    """`not x` or `-x`."""

    operator: str
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and what is done with them."""

    operator: str
    left: "Expression"
    right: "Expression"


Expression: TypeAlias = Literal | Name | Unary | Binary
Result: TypeAlias = "Decimal | str | bool | Duration | tuple[str, ...] | None"
Names: TypeAlias = Callable[[str], Result]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|'(?P<text>[^']*)'|(?P<name>[a-z_][\w-]*(?:\.[\w-]+)*)"
    r"|(?P<sign>==|!=|<=|>=|[<>()+*-]))"
)
_WORDS: Mapping[str, Result] = {"true": True, "false": False, "none": None}
_UNITS: Mapping[str, Unit] = {unit.value: unit for unit in Unit} | {
    unit.value.removesuffix("s"): unit for unit in Unit
}
# Each level binds tighter than the one before it.
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"==", "!=", "<", "<=", ">", ">=", "in"}),
    frozenset({"+", "-"}),
    frozenset({"*"}),
)
# Comparable lengths of time; business time and months have no fixed length in seconds.
_SECONDS = {
    Unit.MINUTES: 60,
    Unit.HOURS: 3_600,
    Unit.DAYS: 86_400,
    Unit.WEEKS: 604_800,
}


def parse_expression(source: str) -> Expression:
    """Return the parsed condition. Raise ExpressionError with a sentence when it can't be read."""
    if len(source) > MAX_LENGTH:
        raise _error(source[:40] + " …", f"is longer than {MAX_LENGTH} characters")
    parser = _Parser(source, list(_tokens(source)))
    expression = parser.level(0, 0)
    if parser.tokens:
        raise _error(source, f"can't be read from “{parser.tokens[0][1]}” on")
    return expression


def _error(source: str, fault: str) -> ExpressionError:
    return ExpressionError.of("bad-condition", f"The condition “{source.strip()}” {fault}.")


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    position = 0
    while source[position:].strip():
        match = _TOKEN.match(source, position)
        if match is None or match.lastgroup is None:
            raise _error(source, f"can't be read from “{source[position:].strip()[:20]}” on")
        yield match.lastgroup, match[match.lastgroup]
        position = match.end()


class _Parser:
    """Reads tokens by rising precedence; one instance reads one condition."""

    def __init__(self, source: str, tokens: list[tuple[str, str]]) -> None:
        self.source = source
        self.tokens = tokens

    def level(self, level: int, nesting: int) -> Expression:
        if nesting > MAX_NESTING:
            raise _error(self.source, f"is nested over {MAX_NESTING} deep")
        if level == len(_LEVELS):
            return self._unary(nesting)
        left = self.level(level + 1, nesting)
        while self.tokens and self.tokens[0][1] in _LEVELS[level] and self.tokens[0][0] != "text":
            operator = self.tokens.pop(0)[1]
            left = Binary(operator, left, self.level(level + 1, nesting))
        return left

    def _unary(self, nesting: int) -> Expression:
        if not self.tokens:
            raise _error(self.source, "ends too early")
        kind, text = self.tokens.pop(0)
        match kind, text:
            case "name", "not":
                return Unary("not", self.level(2, nesting + 1))
            case "sign", "-":
                return Unary("-", self._unary(nesting + 1))
            case "sign", "(":
                inner = self.level(0, nesting + 1)
                if not self.tokens or self.tokens.pop(0)[1] != ")":
                    raise _error(self.source, "lacks a closing bracket")
                return inner
            case "text", _:
                return Literal(text)
            case "number", _:
                return self._number(text)
            case "name", _ if text in _WORDS:
                return Literal(_WORDS[text])
            case "name", _ if text not in {"and", "or", "in"}:
                return Name(text)
        raise _error(self.source, f"can't be read from “{text}” on")

    def _number(self, text: str) -> Literal:
        if self.tokens and self.tokens[0][0] == "name" and self.tokens[0][1] in _UNITS:
            unit = _UNITS[self.tokens.pop(0)[1]]
            if "." in text:
                raise _error(self.source, f"has “{text} {unit.value}”; a length of time is whole")
            return Literal(Duration(int(text), unit))
        return Literal(Decimal(text))


def names_in(expression: Expression) -> Iterator[str]:
    """Yield every name that the condition reads."""
    match expression:
        case Name(name=name):
            yield name
        case Unary(operand=operand):
            yield from names_in(operand)
        case Binary(left=left, right=right):
            yield from names_in(left)
            yield from names_in(right)
        case _:
            pass


def holds(expression: Expression, names: Names) -> bool:
    """Tell whether the condition holds. Raise ExpressionError unless it is true or false."""
    result = evaluate(expression, names)
    if not isinstance(result, bool):
        raise ExpressionError.of(
            "bad-condition", f"A condition gave {result!r}, not true or false."
        )
    return result


def evaluate(expression: Expression, names: Names) -> Result:
    """Return what the expression comes to; `names` looks a name up."""
    match expression:
        case Literal(value=value):
            return value
        case Name(name=name):
            return names(name)
        case Unary(operator="not", operand=operand):
            return not holds(operand, names)
        case Unary(operand=operand):
            return -_number_of(evaluate(operand, names))
        case Binary(operator="and", left=left, right=right):
            return holds(left, names) and holds(right, names)
        case Binary(operator="or", left=left, right=right):
            return holds(left, names) or holds(right, names)
        case Binary(operator=operator, left=left, right=right):
            return _apply(operator, evaluate(left, names), evaluate(right, names))


def _number_of(value: Result) -> Decimal:
    if isinstance(value, Decimal):
        return value
    raise ExpressionError.of("bad-condition", f"{value!r} is not a number.")


def _apply(operator: str, left: Result, right: Result) -> Result:
    match operator:
        case "==":
            return _comparable(left) == _comparable(right)
        case "!=":
            return _comparable(left) != _comparable(right)
        case "in" if isinstance(right, tuple):
            return left in right
        case "+":
            return _number_of(left) + _number_of(right)
        case "-":
            return _number_of(left) - _number_of(right)
        case "*":
            return _number_of(left) * _number_of(right)
        case _:
            return _ordered(operator, left, right)


def _comparable(value: Result) -> Result:
    if isinstance(value, Duration) and value.unit in _SECONDS:
        return Decimal(value.amount * _SECONDS[value.unit])
    return value


def _ordered(operator: str, left: Result, right: Result) -> bool:
    low, high = _order_key(left, right), _order_key(right, left)
    match operator:
        case "<":
            return low < high
        case "<=":
            return low <= high
        case ">":
            return low > high
        case ">=":
            return low >= high
    raise ExpressionError.of("bad-condition", f"“{operator}” can't be applied here.")


def _order_key(value: Result, other: Result) -> Decimal:
    """Return a number to order by: both numbers, or both lengths of time of one kind."""
    same_unit = (
        isinstance(value, Duration) and isinstance(other, Duration) and value.unit == other.unit
    )
    if isinstance(value, Duration) and isinstance(other, Duration):
        if same_unit:
            return Decimal(value.amount)
        if value.unit in _SECONDS and other.unit in _SECONDS:
            return Decimal(value.amount * _SECONDS[value.unit])
        raise ExpressionError.of(
            "bad-condition", f"{value.unit.value} and {other.unit.value} can't be compared."
        )
    if isinstance(value, Decimal) and isinstance(other, Decimal):
        return value
    raise ExpressionError.of("bad-condition", f"{value!r} and {other!r} can't be ordered.")
