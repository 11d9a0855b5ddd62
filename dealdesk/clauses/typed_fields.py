"""Typed values as fields of a form: what a value shows, and which data typed words are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dealdesk.clauses.scalars import NONE
from dealdesk.kernel.located_yaml import Data
from dealdesk.terms.calendars import Calendar
from dealdesk.terms.money import CURRENCIES, Money
from dealdesk.terms.typed_numbers import plain_number
from dealdesk.terms.value_types import Kind, ValueType
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
    Table,
    TextValue,
    Unit,
    Value,
)

MOST_TABLE_ROWS = 60
Typed = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Input:
    """One input: `name` below its variable, `options` where one of them is to be chosen."""

    name: str
    label: str
    text: str
    options: Sequence[tuple[str, str]] = ()
    is_box: bool = False
    is_on: bool = False


def data_of_value(value: Value) -> Data:
    """Return the data that a deal file states a value with; it reads back as the same value."""
    match value:
        case Money(amount=amount, currency=currency):
            return f"{amount} {currency}"
        case Percent(number=number) | Multiple(number=number):
            return f"{number:f}"
        case Integer(number=count):
            return count
        case Duration(amount=amount, unit=unit):
            return f"{amount} {unit.value}"
        case Day(on=on):
            return on.isoformat()
        case DateRule():
            return _rule_text(value)
        case Option(id=chosen):
            return chosen
        case OptionSet(ids=ids):
            return list(ids)
        case TextValue(text=text):
            return text
        case Party(name=name, form=form, address=address):
            return {"name": name, "form": form, "address": address}
        case Nothing():
            return NONE
        case Calendar():
            return _calendar_data(value)
        case Table():
            raise TypeError("a table's columns are the type's; use data_of_typed")


def data_of_typed(value: Value, type_: ValueType) -> Data:
    """Return the data of a value of a type, tables included."""
    if not isinstance(value, Table):
        return data_of_value(value)
    return [
        {
            "key": row.key,
            **{
                column.id: data_of_value(cell)
                for column, cell in zip(type_.columns, row.cells, strict=True)
            },
        }
        for row in value.rows
    ]


def inputs_of(value: Value | None, type_: ValueType) -> Iterator[Input]:
    """Yield the inputs of a value; a calendar has none, since it is chosen with its position."""
    text = "" if value is None else _plain(value)
    match type_.kind:
        case Kind.OPTION:
            options = [*type_.options, *(((NONE, type_.none_text),) if type_.none_text else ())]
            yield Input("", "", text, options)
        case Kind.OPTIONS:
            on = set(value.ids) if isinstance(value, OptionSet) else set()
            for option, words in type_.options:
                yield Input(option, words, option, is_box=True, is_on=option in on)
        case Kind.DURATION:
            amount, _, unit = text.partition(" ")
            units = type_.units or tuple(Unit)
            yield Input("", "", amount)
            yield Input("unit", "Unit", unit, [(u.value, u.value.replace("_", " ")) for u in units])
        case Kind.TABLE | Kind.CALENDAR:
            return
        case Kind.PARTY:
            party = value if isinstance(value, Party) else Party("", "", "")
            for part in ("name", "form", "address"):
                yield Input(part, part.capitalize(), getattr(party, part))
        case _:
            yield Input("", "", text)


def table_rows(value: Value | None, type_: ValueType) -> Iterator[tuple[str, list[list[Input]]]]:
    """Yield each row of a table with the inputs of its cells, and a blank one to add a row."""
    rows = value.rows if isinstance(value, Table) else ()
    for row in rows:
        cells = zip(type_.columns, row.cells, strict=True)
        yield row.key, [list(inputs_of(cell, column.type)) for column, cell in cells]
    yield "", [list(inputs_of(None, column.type)) for column in type_.columns]


def read_typed(type_: ValueType, typed: Typed, name: str) -> Data:
    """Return the data that the fields below a name state; `typed` gives the words of a field.

    A blank stays blank, for the type to refuse. Numbers may be in any usual notation.
    """
    if type_.kind is Kind.TABLE:
        return list(_read_rows(type_, typed, name))
    if type_.kind is Kind.OPTIONS:
        return [option for option, _ in type_.options if typed(f"{name}.{option}")]
    if type_.kind is Kind.PARTY:
        return {part: typed(f"{name}.{part}").strip() for part in ("name", "form", "address")}
    words = typed(name).strip()
    if words.casefold() == NONE:
        return NONE
    if type_.kind is Kind.DURATION:
        return f"{plain_number(words)} {typed(f'{name}.unit')}" if words else ""
    return _scalar(words, type_)


def _scalar(words: str, type_: ValueType) -> Data:
    match type_.kind:
        case Kind.PERCENT | Kind.MULTIPLE:
            return plain_number(words)
        case Kind.INTEGER:
            number = plain_number(words)
            is_whole = number.removeprefix("-").isdigit() and number.isascii() and len(number) < 16  # noqa: PLR2004
            return int(number) if is_whole else number
        case Kind.MONEY:
            return _money(words, type_.currency)
        case _:
            return words


def _money(words: str, currency: str) -> str:
    code = next((part for part in words.upper().split() if part in CURRENCIES), currency)
    rest = " ".join(part for part in words.split() if part.upper() not in CURRENCIES)
    return f"{plain_number(rest)} {code}".strip()


def _read_rows(type_: ValueType, typed: Typed, name: str) -> Iterator[dict[str, Data]]:
    for index in range(MOST_TABLE_ROWS):
        key = typed(f"{name}.{index}.key").strip()
        cells = {
            column.id: read_typed(column.type, typed, f"{name}.{index}.{column.id}")
            for column in type_.columns
        }
        if key and any(cell not in ("", [], None) for cell in cells.values()):
            yield {"key": key, **cells}


def _plain(value: Value) -> str:
    data = None if isinstance(value, Table) else data_of_value(value)
    return "" if data is None or isinstance(data, list | dict) else str(data)


def _rule_text(rule: DateRule) -> str:
    if rule.offset is None:
        return rule.anchor.value
    side = "before" if rule.offset.amount < 0 else "after"
    return f"{abs(rule.offset.amount)} {rule.offset.unit.value} {side} {rule.anchor.value}"


def _calendar_data(calendar: Calendar) -> Data:
    if calendar == Calendar.always(calendar.id):
        return {"id": calendar.id, "always_open": True}
    data: dict[str, Data] = {
        "id": calendar.id,
        "zone": calendar.zone,
        "weekly": [
            {"days": list(one.days), "open": one.opens, "close": one.closes}
            for one in calendar.weekly
        ],
        "closed": [{"date": one.on.isoformat(), "name": one.name} for one in calendar.closed],
        "source": calendar.source,
    }
    return {key: value for key, value in data.items() if value}
