"""Read a typed value from the words that print it: the inverse of formatting.

A redlined number comes back through here, so what a counsel types is read with some grace
("99.99 %", "2x", "45 days") and anything doubtful is refused, never guessed.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from dealdesk.kernel.errors import DomainError
from dealdesk.terms.calendar_text import parse_calendar
from dealdesk.terms.formatting import CELL_BREAK, FIELD_BREAK, ROW_BREAK
from dealdesk.terms.locales import Locale, locale_of
from dealdesk.terms.money import CURRENCIES, Money
from dealdesk.terms.number_words import words_number
from dealdesk.terms.value_types import Column, Kind, ValueType, faults
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
    Value,
)

_WORDS_AND_FIGURES = re.compile(
    r"(?P<words>[A-Za-z][A-Za-z -]*?)\s*\((?P<figures>[^()]+)\)(?P<rest>.*)\Z"
)
_PERCENT_MARKS = ("%", "percent", "per cent", "Prozent")
_MULTIPLE_MARKS = ("x", "×", "times", "mal")
_PARTY_FIELDS = 3


class ValueFormatError(DomainError):
    """The words do not state a value of the wanted type."""


def parse_value(text: str, type_: ValueType, language: str) -> Value:
    """Return the value that the words state. Raise ValueFormatError with a sentence."""
    value = _parse(text, type_, locale_of(language))
    problems = list(faults(value, type_))
    if problems:
        raise _error(text, problems[0])
    return value


def _error(text: str, fault: str) -> ValueFormatError:
    shown = text if len(text) <= 80 else f"{text[:77]}…"  # noqa: PLR2004 - a line
    return ValueFormatError.of("not-a-value", f"“{shown}” is not accepted: {fault}")


def refuse_hidden(text: str) -> None:
    """Raise ValueFormatError where characters that can't be seen stand inside a value's words."""
    hidden = [c for c in text if unicodedata.category(c) in {"Cf", "Cc", "Co", "Cn"} and c != "\n"]
    if hidden:
        name = unicodedata.name(hidden[0], f"U+{ord(hidden[0]):04X}")
        raise _error(text, f"it holds a character that can't be seen ({name}).")


def _parse(text: str, type_: ValueType, locale: Locale) -> Value:
    refuse_hidden(text)
    words = text.strip()
    if type_.none_text and words == type_.none_text:
        return Nothing()
    match type_.kind:
        case Kind.MONEY:
            return parse_money(words, locale, type_.currency)
        case Kind.PERCENT:
            return Percent(parse_number(_without_mark(words, _PERCENT_MARKS), locale))
        case Kind.MULTIPLE:
            return Multiple(parse_number(_without_mark(words, _MULTIPLE_MARKS), locale))
        case Kind.INTEGER:
            return Integer(_whole(*_figures(words), locale))
        case Kind.DURATION:
            return parse_duration(words, locale)
        case Kind.DATE:
            return Day(parse_day(words, locale))
        case Kind.DATE_RULE:
            return _parse_rule(words, locale)
        case Kind.OPTION:
            return Option(_option(words, type_))
        case Kind.OPTIONS:
            return OptionSet(tuple(_options(words, type_, locale)))
        case Kind.PARTY:
            return _parse_party(text)
        case Kind.TEXT:
            return TextValue(text)
        case Kind.CALENDAR:
            return parse_calendar(words, locale)
        case Kind.TABLE:
            return Table(tuple(_row(line, type_, locale) for line in text.split(ROW_BREAK)))


def parse_number(text: str, locale: Locale) -> Decimal:
    """Return the number that figures state, with this language's grouping and decimal mark."""
    group, mark = re.escape(locale.group_mark), re.escape(locale.decimal_mark)
    pattern = rf"[-−]?(\d+|\d{{1,3}}({group}\d{{3}})+)({mark}\d+)?"
    if not re.fullmatch(pattern, text.strip(), re.ASCII):
        raise _error(text, "it is not a number.")
    plain = text.strip().replace(locale.group_mark, "").replace(locale.decimal_mark, ".")
    return Decimal(plain.replace("−", "-"))


def _without_mark(text: str, marks: Iterable[str]) -> str:
    for mark in marks:
        if text.endswith(mark):
            return text.removesuffix(mark).strip()
    raise _error(text, f"it has to end with {' or '.join(list(marks)[:1])}.")


def _figures(text: str) -> tuple[str, int | None]:
    """Return the figures of "thirty (30)" and the number that the words state, if there are any."""
    match = _WORDS_AND_FIGURES.match(text)
    if match is None:
        return text, None
    stated = words_number(match["words"])
    if stated is None:
        raise _error(text, f"“{match['words']}” is not a number in words.")
    return match["figures"] + match["rest"], stated


def _whole(figures: str, stated: int | None, locale: Locale) -> int:
    number = parse_number(figures, locale)
    if number != number.to_integral_value():
        raise _error(figures, "a whole number is wanted.")
    if stated is not None and stated != number:
        raise _error(figures, f"the words say {stated}, the figures {number}.")
    return int(number)


def parse_money(text: str, locale: Locale, currency: str = "") -> Money:
    """Return an amount of money; `currency` is what a bare "$" or "€" stands for."""
    signs = {sign: code for code, sign in locale.currency_signs.items()} | {"€": "EUR", "£": "GBP"}
    if currency:
        signs["$"] = currency
    match = re.fullmatch(
        r"(?P<before>[^\d\s.,-]*)\s*(?P<figures>[-\d.,]+)\s*(?P<after>[^\d\s]*)", text
    )
    sign = (match["before"] or match["after"]) if match else ""
    code = signs.get(sign, sign)
    if match is None or code not in CURRENCIES or (match["before"] and match["after"]):
        raise _error(text, "an amount with its currency is wanted, such as USD 1,000.00.")
    return Money(parse_number(match["figures"], locale), code)


def parse_duration(text: str, locale: Locale) -> Duration:
    """Return a length of time; words and figures have to agree where both stand."""
    bare, stated = _figures(text)
    figures, _, words = bare.strip().partition(" ")
    for unit, names in locale.units.items():
        if words.strip().lower() in {name.lower() for name in names}:
            return Duration(_whole(figures, stated, locale), unit)
    raise _error(text, "a length of time is wanted, such as 4 business hours.")


def parse_day(text: str, locale: Locale) -> date:
    """Return a date written with its month in words or as YYYY-MM-DD."""
    names = {name.lower(): index for index, name in enumerate(locale.months, 1)}
    names |= {name[:3]: index for name, index in names.items()}
    match = re.fullmatch(r"(\d{1,2})\.? (\S+) (\d{4})", text, re.ASCII)
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text, re.ASCII)
    try:
        if match:
            return date(int(match[3]), names[match[2].lower().rstrip(".")], int(match[1]))
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
    except (KeyError, ValueError) as error:
        raise _error(text, "there is no such date.") from error
    raise _error(text, "a date is wanted, such as 24 November 2026.")


def _parse_rule(text: str, locale: Locale) -> DateRule:
    for anchor, words in locale.anchors.items():
        if text == words:
            return DateRule(anchor)
        for side, sign in ((locale.before, -1), (locale.after, 1)):
            tail = f" {side} {words}"
            if text.endswith(tail):
                length = parse_duration(text.removesuffix(tail), locale)
                return DateRule(anchor, Duration(sign * length.amount, length.unit))
    raise _error(text, "a rule for a date is wanted, such as 60 days before the end of the term.")


def _option(text: str, type_: ValueType) -> str:
    for option, words in type_.options:
        if text == words:
            return option
    known = "”, “".join(words for _, words in type_.options)
    raise _error(text, f"one of “{known}” is wanted.")


def _options(text: str, type_: ValueType, locale: Locale) -> Iterable[str]:
    """Yield the options of a list in words; longer labels first, since labels may hold "and"."""
    rest = text
    chosen: set[str] = set()
    for option, words in sorted(type_.options, key=lambda pair: -len(pair[1])):
        separated = rf"(?:^|(?<=, )|(?<={re.escape(locale.list_and)})){re.escape(words)}"
        found = re.search(rf"{separated}(?=$|, |{re.escape(locale.list_and)})", rest)
        if found:
            chosen.add(option)
            rest = rest[: found.start()] + "\0" * len(words) + rest[found.end() :]
    if rest.replace("\0", "").replace(", ", "").replace(locale.list_and, "") or not chosen:
        raise _error(text, "a list of the options that the clause offers is wanted.")
    return [option for option, _ in type_.options if option in chosen]


def _parse_party(text: str) -> Party:
    fields = text.split(FIELD_BREAK)
    if len(fields) != _PARTY_FIELDS:
        raise _error(text, "a party is its name; its legal form; its address.")
    return Party(*fields)


def _row(line: str, type_: ValueType, locale: Locale) -> Row:
    key, *cells = line.split(CELL_BREAK)
    if len(cells) != len(type_.columns):
        raise _error(line, f"a row has {len(type_.columns)} cells.")
    return Row(
        key, tuple(_cell(c, column, locale) for c, column in zip(cells, type_.columns, strict=True))
    )


def _cell(text: str, column: Column, locale: Locale) -> Scalar:
    value = _parse(text, column.type, locale)
    if isinstance(value, Table):
        raise _error(text, "a table can't stand inside a table.")
    return value
