"""What a variable may hold: kind, bounds, units, options, columns; and the check of a value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from dealdesk.terms.calendars import Calendar
from dealdesk.terms.money import Money
from dealdesk.terms.values import (
    DateRule,
    Day,
    Duration,
    Integer,
    Multiple,
    Nothing,
    Option,
    OptionSet,
    Party,
    Percent,
    Row,
    Scalar,
    Table,
    TextValue,
    Unit,
    Value,
    ValueRef,
)

# Unicode's category Cc, and the zero-width and bidirectional characters of Cf.
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]")


class Kind(StrEnum):
    """The kinds of value, as a clause file names them."""

    MONEY = "money"
    PERCENT = "percent"
    MULTIPLE = "multiple"
    INTEGER = "integer"
    DURATION = "duration"
    DATE = "date"
    DATE_RULE = "date_rule"
    OPTION = "option"
    OPTIONS = "options"
    PARTY = "party"
    TEXT = "text"
    CALENDAR = "calendar"
    TABLE = "table"


CLASS_OF: dict[Kind, type[Value]] = {
    Kind.MONEY: Money,
    Kind.PERCENT: Percent,
    Kind.MULTIPLE: Multiple,
    Kind.INTEGER: Integer,
    Kind.DURATION: Duration,
    Kind.DATE: Day,
    Kind.DATE_RULE: DateRule,
    Kind.OPTION: Option,
    Kind.OPTIONS: OptionSet,
    Kind.PARTY: Party,
    Kind.TEXT: TextValue,
    Kind.CALENDAR: Calendar,
    Kind.TABLE: Table,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A typed column of a table value; `title` is its printed head."""

    id: str
    title: str
    type: "ValueType"


@dataclass(frozen=True, slots=True)
class ValueType:
    """The declared type of a variable.

    `options` holds (id, printed words) in order. `minimum` and `maximum` bound the number of a
    money, percent, multiple, integer or duration (a duration's bounds count its own unit).
    `none_text` is what an explicit "none" prints; empty means that "none" is not allowed.
    """

    kind: Kind
    options: tuple[tuple[str, str], ...] = ()
    units: tuple[Unit, ...] = ()
    currency: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: int = 400
    columns: tuple[Column, ...] = ()
    none_text: str = ""

    def column(self, column_id: str) -> Column | None:
        """Return the column with that id, or None."""
        return next((column for column in self.columns if column.id == column_id), None)

    def label(self, option_id: str) -> str:
        """Return the printed words of an option."""
        return dict(self.options)[option_id]


@dataclass(frozen=True, slots=True)
class TypedValue:
    """A value together with the type it was declared with: enough to print it."""

    type: ValueType
    value: Value


def faults(value: Value, type_: ValueType) -> Iterator[str]:
    """Yield one sentence for each way in which the value does not fit its type."""
    if isinstance(value, Nothing):
        if not type_.none_text:
            yield "“none” is not allowed here; give a value."
        return
    if not isinstance(value, CLASS_OF[type_.kind]):
        yield f"a {type_.kind.value} is wanted, not a {_kind_of(value)}."
        return
    yield from _bound_faults(value, type_)
    yield from _content_faults(value, type_)


def _kind_of(value: Value) -> str:
    return next(kind.value for kind, class_ in CLASS_OF.items() if isinstance(value, class_))


def number_of(value: Value) -> Decimal | None:
    """Return the number that bounds and thresholds look at, or None for other kinds."""
    match value:
        case Money(amount=number) | Percent(number=number) | Multiple(number=number):
            return number
        case Integer(number=count) | Duration(amount=count):
            return Decimal(count)
        case _:
            return None


def _bound_faults(value: Value, type_: ValueType) -> Iterator[str]:
    number = number_of(value)
    if number is None:
        return
    if type_.minimum is not None and number < type_.minimum:
        yield f"{number} is below the lowest value allowed, {type_.minimum}."
    if type_.maximum is not None and number > type_.maximum:
        yield f"{number} is above the highest value allowed, {type_.maximum}."


def _content_faults(value: Value, type_: ValueType) -> Iterator[str]:
    match value:
        case Money():
            yield from _money_faults(value, type_)
        case Duration(unit=unit) if type_.units and unit not in type_.units:
            yield f"{_words(unit)} is not a unit allowed here; use {_or(type_.units)}."
        case Option(id=option):
            yield from _option_faults((option,), type_)
        case OptionSet(ids=options):
            yield from _option_faults(options, type_)
        case TextValue(text=text):
            yield from _text_faults(text, type_)
        case Table(rows=rows):
            yield from _table_faults(rows, type_)


def _money_faults(value: Money, type_: ValueType) -> Iterator[str]:
    if type_.currency and value.currency != type_.currency:
        yield f"the amount is in {value.currency}; {type_.currency} is wanted."
    if not value.has_printable_decimals():
        yield f"{value.amount} has more decimals than {value.currency} has."


def _option_faults(options: tuple[str, ...], type_: ValueType) -> Iterator[str]:
    known = [option for option, _ in type_.options]
    for option in options:
        if option not in known:
            yield f"“{option}” is not one of {', '.join(known)}."
    if len(set(options)) != len(options):
        yield "an option is named twice."


def _text_faults(text: str, type_: ValueType) -> Iterator[str]:
    if not text.strip():
        yield "it is blank; give words, or “none” where that is allowed."
    if hidden := hidden_characters(text):
        yield f"it holds a character that can't be seen (U+{ord(hidden[0]):04X})."
    if len(text) > type_.max_length:
        yield f"it has {len(text)} characters; at most {type_.max_length} are allowed."


def hidden_characters(text: str) -> str:
    """Return the control, bidirectional and zero-width characters of a text.

    They print nothing and can make words read as other words, so no value may hold them.
    """
    return "".join(_HIDDEN.findall(text))


def _table_faults(rows: tuple[Row, ...], type_: ValueType) -> Iterator[str]:
    keys = [row.key for row in rows]
    if not rows:
        yield "the table has no rows."
    if len(set(keys)) != len(keys):
        yield "two rows have the same key."
    for row in rows:
        if len(row.cells) != len(type_.columns):
            yield f"row {row.key} has {len(row.cells)} cells; {len(type_.columns)} are wanted."
            continue
        for column, cell in zip(type_.columns, row.cells, strict=True):
            yield from (
                f"row {row.key}, {column.id}: {fault}" for fault in faults(cell, column.type)
            )


def _words(unit: Unit) -> str:
    return unit.value.replace("_", " ")


def _or(units: tuple[Unit, ...]) -> str:
    return " or ".join(_words(unit) for unit in units)


def resolve_cell(typed: TypedValue, ref: ValueRef) -> TypedValue | None:
    """Return what `ref` addresses inside the variable's value: itself, or one cell of its table."""
    if ref.cell is None:
        return typed
    row_key, column_id = ref.cell
    if not isinstance(typed.value, Table):
        return None
    row = next((row for row in typed.value.rows if row.key == row_key), None)
    index = next((i for i, c in enumerate(typed.type.columns) if c.id == column_id), None)
    if row is None or index is None:
        return None
    return TypedValue(typed.type.columns[index].type, row.cells[index])


def replace_cell(typed: TypedValue, ref: ValueRef, cell: Scalar) -> Value:
    """Return the variable's value with the cell that `ref` addresses replaced."""
    if ref.cell is None:
        return cell
    row_key, column_id = ref.cell
    if not isinstance(typed.value, Table):
        msg = f"{ref} addresses a cell, but the value is not a table"
        raise TypeError(msg)
    index = [column.id for column in typed.type.columns].index(column_id)
    return Table(
        tuple(
            Row(row.key, (*row.cells[:index], cell, *row.cells[index + 1 :]))
            if row.key == row_key
            else row
            for row in typed.value.rows
        )
    )


ValueMap: TypeAlias = dict[ValueRef, TypedValue]
