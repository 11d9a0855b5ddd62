"""Read typed values from the plain data of a YAML file (notation: ADR 3)."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import Data
from dealdesk.terms.calendars import Calendar, ClosedDate, OpenInterval, SpecialDay
from dealdesk.terms.money import CURRENCIES, Money
from dealdesk.terms.value_types import Column, Kind, ValueType, faults
from dealdesk.terms.values import (
    Anchor,
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
)

NONE = "none"
_UNITS = {unit.value: unit for unit in Unit} | {unit.value.removesuffix("s"): unit for unit in Unit}


class ScalarError(DomainError):
    """The data does not state a value of the wanted type."""


def _error(fault: str) -> ScalarError:
    return ScalarError.of("bad-value", fault)


def read_value(data: Data, type_: ValueType) -> Value:
    """Return the typed value that YAML data states. Raise ScalarError with a sentence."""
    if data is None or data == "":
        raise _error("it is blank; give a value" + (", or “none”." if type_.none_text else "."))
    if data == NONE and (type_.none_text or type_.kind is not Kind.TEXT):
        value: Value = Nothing()
    else:
        value = _read(data, type_)
    problems = list(faults(value, type_))
    if problems:
        raise _error(problems[0])
    return value


def _read(data: Data, type_: ValueType) -> Value:
    match type_.kind:
        case Kind.MONEY:
            return read_money(data, type_.currency)
        case Kind.PERCENT:
            return Percent(read_decimal(data))
        case Kind.MULTIPLE:
            return Multiple(read_decimal(data))
        case Kind.INTEGER:
            return Integer(_read_int(data))
        case Kind.DURATION:
            return read_duration(_text(data))
        case Kind.DATE:
            return Day(read_date(data))
        case Kind.DATE_RULE:
            return _read_rule(_text(data))
        case Kind.OPTION:
            return Option(_option_text(data))
        case Kind.OPTIONS:
            return OptionSet(_read_options(data, type_))
        case Kind.PARTY:
            return _read_party(data)
        case Kind.TEXT:
            return TextValue(_text(data))
        case Kind.CALENDAR:
            return read_calendar(data)
        case Kind.TABLE:
            return _read_table(data, type_)


def _text(data: Data) -> str:
    if isinstance(data, bool) or not isinstance(data, str | int):
        raise _error("words are wanted here.")
    return str(data)


def _option_text(data: Data) -> str:
    """Options may be called yes/true and no/false; YAML's booleans come back as words."""
    return {True: "true", False: "false"}[data] if isinstance(data, bool) else _text(data)


def read_decimal(data: Data) -> Decimal:
    """Return an exact number from "99.95" or 5. Raise ScalarError otherwise."""
    try:
        number = Decimal(_text(data))
    except InvalidOperation as error:
        raise _error(f"“{data}” is not a number.") from error
    if not number.is_finite():
        raise _error(f"“{data}” is not a number.")
    return number


def _read_int(data: Data) -> int:
    if isinstance(data, bool) or not isinstance(data, int):
        raise _error(f"“{data}” is not a whole number.")
    return data


def read_money(data: Data, currency: str = "") -> Money:
    """Return an amount from "50000.00 USD"; `currency` serves a bare number."""
    figures, _, code = _text(data).partition(" ")
    code = code or currency
    if code not in CURRENCIES:
        raise _error(f"“{data}” is not an amount with its currency, such as 50000.00 USD.")
    return Money(read_decimal(figures), code)


def read_duration(text: str) -> Duration:
    """Return a length of time from "4 business_hours". Raise ScalarError otherwise."""
    match = re.fullmatch(r"(-?\d{1,9}) ([a-z_]+)", text, re.ASCII)
    if match is None or match[2] not in _UNITS:
        raise _error(f"“{text}” is not a length of time, such as 4 hours or 2 business_days.")
    return Duration(int(match[1]), _UNITS[match[2]])


def read_date(data: Data) -> date:
    """Return a date from YYYY-MM-DD. Raise ScalarError for one that doesn't exist."""
    text = _text(data)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError as error:
        raise _error(f"{text} does not exist.") from error
    raise _error(f"“{text}” is not a date, such as 2027-01-31.")


def _read_rule(text: str) -> DateRule:
    if text in set(Anchor):
        return DateRule(Anchor(text))
    match = re.fullmatch(r"(\d+ [a-z_]+) (before|after) ([a-z_]+)", text, re.ASCII)
    if match is None or match[3] not in set(Anchor):
        raise _error(f"“{text}” is not a rule for a date, such as 60 days before term_end.")
    length = read_duration(match[1])
    sign = -1 if match[2] == "before" else 1
    return DateRule(Anchor(match[3]), Duration(sign * length.amount, length.unit))


def _read_options(data: Data, type_: ValueType) -> tuple[str, ...]:
    if not isinstance(data, list) or not data:
        raise _error("a list of options is wanted.")
    chosen = [_option_text(item) for item in data]
    known = [option for option, _ in type_.options]
    # Order is the type's, so that two lists of the same options are one value.
    return tuple(sorted(chosen, key=lambda o: known.index(o) if o in known else len(known)))


def _mapping(data: Data, what: str, keys: frozenset[str]) -> Mapping[str, Data]:
    if not isinstance(data, dict):
        raise _error(f"{what} is a mapping with {', '.join(sorted(keys))}.")
    unknown = sorted(set(data) - keys)
    if unknown:
        raise _error(f"“{unknown[0]}” is not a part of {what}; it has {', '.join(sorted(keys))}.")
    return data


def _read_party(data: Data) -> Party:
    fields = _mapping(data, "a party", frozenset({"name", "form", "address"}))
    return Party(*(_text(fields.get(key, "")) for key in ("name", "form", "address")))


def read_calendar(data: Data) -> Calendar:
    """Return support hours from zone, weekly hours, and frozen closed and special dates."""
    keys = frozenset({"id", "zone", "weekly", "closed", "special", "source", "always_open"})
    fields = _mapping(data, "a calendar", keys)
    if fields.get("always_open") is True:
        return Calendar.always(_text(fields.get("id", "24x7")))
    weekly = fields.get("weekly")
    closed, special = fields.get("closed") or [], fields.get("special") or []
    if not (isinstance(weekly, list) and isinstance(closed, list) and isinstance(special, list)):
        raise _error("a calendar has weekly hours, closed and special dates, each as a list.")
    return Calendar(
        id=_text(fields.get("id", "support")),
        zone=_text(fields.get("zone", "")),
        weekly=tuple(_read_interval(item) for item in weekly),
        closed=tuple(_read_closed(item) for item in closed),
        source=_text(fields.get("source", "")),
        special=tuple(_read_special(item) for item in special),
    )


def _read_interval(data: Data) -> OpenInterval:
    fields = _mapping(data, "weekly hours", frozenset({"days", "open", "close"}))
    days = fields.get("days")
    if not isinstance(days, list):
        raise _error("weekly hours name their days as a list, such as [mon, tue].")
    return OpenInterval(
        days=tuple(_text(day) for day in days),
        opens=_text(fields.get("open", "")),
        closes=_text(fields.get("close", "")),
    )


def _read_closed(data: Data) -> ClosedDate:
    fields = _mapping(data, "a closed date", frozenset({"date", "name"}))
    return ClosedDate(on=read_date(fields.get("date")), name=_text(fields.get("name", "")))


def _read_special(data: Data) -> SpecialDay:
    fields = _mapping(data, "a special date", frozenset({"date", "name", "hours"}))
    hours = fields.get("hours")
    if not isinstance(hours, list):
        raise _error("a special date has hours as a list of open and close.")
    spans = [_mapping(one, "hours", frozenset({"open", "close"})) for one in hours]
    return SpecialDay(
        on=read_date(fields.get("date")),
        name=_text(fields.get("name", "")),
        hours=tuple((_text(one.get("open", "")), _text(one.get("close", ""))) for one in spans),
    )


def _read_table(data: Data, type_: ValueType) -> Table:
    if not isinstance(data, list):
        raise _error("a table is a list of rows.")
    return Table(tuple(_read_row(item, type_) for item in data))


def _read_row(data: Data, type_: ValueType) -> Row:
    keys = frozenset({"key", *(column.id for column in type_.columns)})
    fields = _mapping(data, "a row", keys)
    if "key" not in fields:
        raise _error("a row of a table has no key.")
    key = _text(fields["key"])
    return Row(key, tuple(_read_cell(fields.get(c.id), c, key) for c in type_.columns))


def _read_cell(data: Data, column: Column, key: str) -> Scalar:
    try:
        value = read_value(data, column.type)
    except ScalarError as error:
        raise _error(f"row {key}, {column.id}: {error.problems[0].message}") from error
    if isinstance(value, Table):
        raise _error("a table can't stand inside a table.")
    return value
