"""Every value reads back from the words that print it, in each language and style."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealdesk.terms.calendars import DAYS, Calendar, ClosedDate, OpenInterval
from dealdesk.terms.formatting import format_value
from dealdesk.terms.locales import LOCALES
from dealdesk.terms.money import CURRENCIES, Money, minor_units
from dealdesk.terms.parsing import ValueFormatError, parse_value
from dealdesk.terms.value_types import Column, Kind, TypedValue, ValueType
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
    Table,
    TextValue,
    Unit,
)

OPTIONS = (("a", "in words"), ("b", "other words and more"), ("c", "plainly"), ("d", "more"))
WORDS = st.text(
    st.characters(whitelist_categories=("Lu", "Ll", "Nd"), whitelist_characters=" ,.&-"),
    min_size=1,
    max_size=30,
).filter(lambda text: text == text.strip() and text.strip(" ,.&-") != "")
LENGTHS = st.builds(Duration, st.integers(0, 99_999), st.sampled_from(Unit))
DAYS_OF_WEEK = st.integers(0, 6).flatmap(
    lambda first: st.integers(first, 6).map(lambda last: DAYS[first : last + 1])
)


@st.composite
def amounts(draw: st.DrawFn) -> Money:
    """Return an amount that its currency can print."""
    currency = draw(st.sampled_from(sorted(CURRENCIES)))
    units = draw(st.integers(-(10**12), 10**12))
    return Money(Decimal(units).scaleb(-minor_units(currency)), currency)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Return a calendar with one or two spans a day, and closed dates."""
    days = draw(DAYS_OF_WEEK)
    opens, closes = draw(st.tuples(st.integers(0, 10), st.integers(11, 12)))
    morning = OpenInterval(days, f"{opens:02d}:00", f"{closes:02d}:30")
    afternoon = OpenInterval(days, "13:00", "24:00")
    closed = draw(st.lists(st.builds(ClosedDate, st.dates(), WORDS), max_size=3))
    return Calendar(
        "support",
        draw(st.sampled_from(["America/New_York", "UTC", "Asia/Tokyo", "Etc/GMT+5"])),
        (morning, afternoon) if draw(st.booleans()) else (morning,),
        tuple(closed),
        draw(st.sampled_from(["", "Example list 2027"])),
    )


SCALARS = st.one_of(
    st.builds(lambda m: TypedValue(ValueType(Kind.MONEY), m), amounts()),
    st.builds(
        lambda d: TypedValue(ValueType(Kind.PERCENT), Percent(d)),
        st.decimals(-1000, 1000, places=4, allow_nan=False),
    ),
    st.builds(
        lambda d: TypedValue(ValueType(Kind.MULTIPLE), Multiple(d)), st.decimals(0, 100, places=2)
    ),
    st.builds(
        lambda n: TypedValue(ValueType(Kind.INTEGER), Integer(n)), st.integers(-(10**8), 10**8)
    ),
    st.builds(lambda d: TypedValue(ValueType(Kind.DURATION), d), LENGTHS),
    st.builds(lambda d: TypedValue(ValueType(Kind.DATE), Day(d)), st.dates(date(1000, 1, 1))),
    st.builds(
        lambda a, n: TypedValue(ValueType(Kind.DATE_RULE), DateRule(a, n)),
        st.sampled_from(Anchor),
        st.one_of(
            st.none(),
            st.builds(
                Duration,
                st.one_of(st.integers(-999, -1), st.integers(1, 999)),
                st.sampled_from(Unit),
            ),
        ),
    ),
    st.builds(
        lambda o: TypedValue(ValueType(Kind.OPTION, options=OPTIONS), Option(o)),
        st.sampled_from("abcd"),
    ),
    st.builds(
        lambda chosen: TypedValue(
            ValueType(Kind.OPTIONS, options=OPTIONS), OptionSet(tuple(sorted(chosen)))
        ),
        st.sets(st.sampled_from("abcd"), min_size=1),
    ),
    st.builds(lambda t: TypedValue(ValueType(Kind.TEXT), TextValue(t)), WORDS),
    st.builds(
        lambda a, b, c: TypedValue(ValueType(Kind.PARTY), Party(a, b, c)), WORDS, WORDS, WORDS
    ),
    st.builds(lambda c: TypedValue(ValueType(Kind.CALENDAR), c), calendars()),
    st.just(TypedValue(ValueType(Kind.DURATION, none_text="no update is promised"), Nothing())),
)


@st.composite
def tables(draw: st.DrawFn) -> TypedValue:
    """Return a table of a few columns of any other kind."""
    cells = draw(st.lists(SCALARS, min_size=1, max_size=4))
    columns = tuple(Column(f"c{i}", f"Column {i}", cell.type) for i, cell in enumerate(cells))
    rows = tuple(
        Row(key, tuple(cell.value for cell in cells))  # type: ignore[misc]  # scalars by strategy
        for key in draw(st.sampled_from([("sev1",), ("sev1", "sev2")]))
    )
    return TypedValue(ValueType(Kind.TABLE, columns=columns), Table(rows))


@given(
    st.one_of(SCALARS, tables()),
    st.sampled_from(sorted(LOCALES)),
    st.sampled_from(["figures", "words"]),
)
def test_a_value_reads_back_from_its_words(typed: TypedValue, language: str, style: str) -> None:
    words = format_value(typed.value, typed.type, language, style)
    assert parse_value(words, typed.type, language) == typed.value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("99.99 %", Percent(Decimal("99.99"))),
        ("99.99 percent", Percent(Decimal("99.99"))),
        ("99.90%", Percent(Decimal("99.9"))),
    ],
)
def test_what_a_counsel_types_is_read_with_some_grace(words: str, value: Percent) -> None:
    assert parse_value(words, ValueType(Kind.PERCENT), "en") == value


@pytest.mark.parametrize(
    ("words", "type_", "says"),
    [
        ("thirty (60) days", ValueType(Kind.DURATION), "the words say 30, the figures 60"),
        ("99.9\u202e%", ValueType(Kind.PERCENT), "can't be seen (RIGHT-TO-LEFT OVERRIDE)"),
        ("9\u200b9%", ValueType(Kind.PERCENT), "can't be seen (ZERO WIDTH SPACE)"),
        ("1,00%", ValueType(Kind.PERCENT), "it is not a number"),
        ("about 30 days", ValueType(Kind.DURATION), "is not"),
        ("30 fortnights", ValueType(Kind.DURATION), "a length of time is wanted"),
        ("101%", ValueType(Kind.PERCENT, maximum=Decimal(100)), "above the highest"),
        ("USD 1.001", ValueType(Kind.MONEY), "more decimals than USD has"),
        ("$5.00", ValueType(Kind.MONEY), "an amount with its currency is wanted"),
        ("31 February 2027", ValueType(Kind.DATE), "there is no such date"),
        ("2 hours", ValueType(Kind.DURATION, units=(Unit.DAYS,)), "hours is not a unit allowed"),
    ],
)
def test_doubtful_words_are_refused_with_a_sentence(
    words: str, type_: ValueType, says: str
) -> None:
    with pytest.raises(ValueFormatError, match="is not accepted") as error:
        parse_value(words, type_, "en")
    assert says in str(error.value)


def test_german_prints_money_and_percent_by_its_own_rules() -> None:
    euro = format_value(Money(Decimal("75583.63"), "EUR"), ValueType(Kind.MONEY), "de")
    assert euro == "75.583,63 €"
    assert format_value(Percent(Decimal("99.95")), ValueType(Kind.PERCENT), "de") == "99,95 %"
