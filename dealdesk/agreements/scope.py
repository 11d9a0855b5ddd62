"""What a condition of clause text can read: values, deal facts, positions, presence."""

from collections.abc import Mapping
from decimal import Decimal

from dealdesk.agreements.model import Inputs
from dealdesk.clauses.expressions import ExpressionError, Result
from dealdesk.terms.money import Money
from dealdesk.terms.value_types import TypedValue, resolve_cell
from dealdesk.terms.values import (
    Day,
    Duration,
    Integer,
    Multiple,
    Nothing,
    Option,
    OptionSet,
    Percent,
    TextValue,
    Value,
    ValueRef,
)


def plain(value: Value) -> Result:
    """Return a value as conditions see it: numbers, words, lengths of time, lists, none."""
    match value:
        case Nothing():
            return None
        case Money(amount=number) | Percent(number=number) | Multiple(number=number):
            return number
        case Integer(number=count):
            return Decimal(count)
        case Duration():
            return value
        case Option(id=option):
            return {"true": True, "false": False}.get(option, option)
        case OptionSet(ids=options):
            return options
        case TextValue(text=text):
            return text
        case Day(on=on):
            return on.isoformat()
        case _:
            raise ExpressionError.of("bad-condition", "A condition can't read this kind of value.")


class Scope:
    """Names for the conditions of one instance; looks up its own variables first."""

    def __init__(
        self, inputs: Inputs, values: Mapping[ValueRef, TypedValue], instance_id: str
    ) -> None:
        self._inputs = inputs
        self._values = values
        self._instance = instance_id
        self._by_clause = {c.clause_id: c for c in inputs.choices}

    def __call__(self, name: str) -> Result:
        """Return what a name stands for. Raise ExpressionError for one without a value."""
        head, _, rest = name.partition(".")
        match head:
            case "facts" if rest in self._inputs.facts:
                return _fact(self._inputs.facts[rest])
            case "facts":
                return None
            case "position":
                choice = self._by_clause.get(rest)
                return choice.position if choice else None
            case "present":
                return rest in self._by_clause
        typed = self._value(self._instance, name) or self._value(self.instance_of(head), rest)
        if typed is None:
            raise ExpressionError.of(
                "unknown-name",
                f"A condition of {self._instance} reads “{name}”, which has no value.",
            )
        return plain(typed.value)

    def instance_of(self, clause_id: str) -> str:
        """Return the instance of a clause in the agreement, the clause's own name without one."""
        choice = self._by_clause.get(clause_id)
        return choice.instance_id if choice else clause_id

    def _value(self, instance: str, variable: str) -> TypedValue | None:
        ref = ValueRef(instance, variable)
        whole = self._values.get(ValueRef(instance, ref.name)) if variable else None
        return resolve_cell(whole, ref) if whole else None


def _fact(fact: str | int | bool) -> Result:  # noqa: FBT001 - a fact is data, not a switch
    return Decimal(fact) if isinstance(fact, int) and not isinstance(fact, bool) else fact
