"""Print a typed value in a language: the only place where a value becomes words."""

from collections.abc import Sequence
from decimal import Decimal

from dealdesk.terms.calendar_text import format_calendar
from dealdesk.terms.calendars import Calendar
from dealdesk.terms.locales import Locale, locale_of
from dealdesk.terms.money import Money
from dealdesk.terms.number_words import LIMIT, number_words
from dealdesk.terms.value_types import ValueType
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
    Value,
)

WORDS = "words"
FIELD_BREAK = "; "
CELL_BREAK = " | "
ROW_BREAK = "\n"


def format_value(value: Value, type_: ValueType, language: str, style: str = "figures") -> str:
    """Return the words that print a value in a language (BCP 47 tag).

    Style "words" puts the number word before the figures, "thirty (30) days", where the language
    has number words; other kinds and languages print alike in both styles.
    """
    locale = locale_of(language)
    match value:
        case Nothing():
            return type_.none_text
        case Money():
            return format_money(value, locale)
        case Percent(number=number):
            return f"{format_number(number, locale)}{locale.percent}"
        case Multiple(number=number):
            return f"{format_number(number, locale)} {locale.times}"
        case Integer(number=count):
            return _count(count, locale, style)
        case Duration():
            return format_duration(value, locale, style)
        case Day():
            return format_day(value, locale)
        case DateRule():
            return _date_rule(value, locale)
        case Option(id=option):
            return type_.label(option)
        case OptionSet(ids=options):
            return join_list([type_.label(option) for option in options], locale)
        case Party(name=name, form=form, address=address):
            return FIELD_BREAK.join((name, form, address))
        case TextValue(text=text):
            return text
        case Calendar():
            return format_calendar(value, locale)
        case Table(rows=rows):
            return ROW_BREAK.join(
                CELL_BREAK.join(
                    (
                        row.key,
                        *(
                            format_value(cell, column.type, language, style)
                            for column, cell in zip(type_.columns, row.cells, strict=True)
                        ),
                    )
                )
                for row in rows
            )


def format_number(number: Decimal, locale: Locale, decimals: int | None = None) -> str:
    """Return a number with its grouping; without `decimals`, exactly the digits that it needs."""
    plain = f"{number:,.{decimals}f}" if decimals is not None else _shortest(number)
    return plain.translate(str.maketrans(",.", locale.group_mark + locale.decimal_mark))


def _shortest(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_money(money: Money, locale: Locale) -> str:
    """Return an amount with its currency: USD 1,000.00 in English, 1.000,00 € in German."""
    decimals = -int(money.rounded().amount.as_tuple().exponent)
    figures = format_number(money.amount, locale, decimals)
    sign = locale.currency_signs.get(money.currency, money.currency)
    return f"{sign} {figures}" if locale.currency_first else f"{figures} {sign}"


def _count(count: int, locale: Locale, style: str) -> str:
    figures = format_number(Decimal(count), locale)
    if style == WORDS and locale.tag == "en" and 0 <= count < LIMIT:
        return f"{number_words(count)} ({figures})"
    return figures


def format_duration(duration: Duration, locale: Locale, style: str = "figures") -> str:
    """Return a length of time, such as "1 hour" or "thirty (30) days"."""
    singular, plural = locale.units[duration.unit]
    word = singular if duration.amount == 1 else plural
    return f"{_count(duration.amount, locale, style)} {word}"


def format_day(day: Day, locale: Locale) -> str:
    """Return a date with the month in words: 24 November 2026."""
    return locale.date_order.format(
        day=day.on.day, month=locale.months[day.on.month - 1], year=f"{day.on.year:04d}"
    )


def _date_rule(rule: DateRule, locale: Locale) -> str:
    anchor = locale.anchors[rule.anchor]
    if rule.offset is None:
        return anchor
    side = locale.before if rule.offset.amount < 0 else locale.after
    length = Duration(abs(rule.offset.amount), rule.offset.unit)
    return f"{format_duration(length, locale)} {side} {anchor}"


def join_list(items: Sequence[str], locale: Locale) -> str:
    """Return items as a list in words: "email, phone and chat"."""
    if len(items) < 2:  # noqa: PLR2004 - one item needs no "and"
        return "".join(items)
    return f"{', '.join(items[:-1])}{locale.list_and}{items[-1]}"
