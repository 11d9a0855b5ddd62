"""Values as fields: whatever the library's values show is read back as the same value."""

import pytest

from dealdesk.clauses.loader import load_library
from dealdesk.clauses.scalars import ScalarError, read_value
from dealdesk.clauses.typed_fields import (
    data_of_typed,
    data_of_value,
    inputs_of,
    read_typed,
    table_rows,
)
from dealdesk.kernel.settings import PROJECT
from dealdesk.terms.calendars import Calendar, ClosedDate, OpenInterval
from dealdesk.terms.value_types import Kind, ValueType
from dealdesk.terms.values import (
    Anchor,
    DateRule,
    Day,
    Duration,
    Integer,
    Nothing,
    Option,
    OptionSet,
    Party,
    Table,
    Unit,
)

LIBRARY = load_library(PROJECT / "clause_library")
VALUES = [
    (f"{clause.id}.{position.id}.{variable.id}", variable, value)
    for clause in LIBRARY.clauses.values()
    for position in clause.positions
    for variable in clause.variables
    for value in [position.values.get(variable.id, variable.default)]
    if value is not None
]


def shown(value, type_: ValueType, name: str) -> dict[str, str]:
    """Return the fields of a form as a browser sends them."""
    if isinstance(value, Table):
        return {
            key: text
            for index, (row, cells) in enumerate(table_rows(value, type_))
            for column, inputs in zip(type_.columns, cells, strict=True)
            for one in [*inputs, None]
            for key, text in [
                (f"{name}.{index}.key", row)
                if one is None
                else (
                    f"{name}.{index}.{column.id}" + (f".{one.name}" if one.name else ""),
                    one.text,
                )
            ]
            if one is None or not one.is_box or one.is_on
        }
    return {
        f"{name}.{one.name}" if one.name else name: one.text
        for one in inputs_of(value, type_)
        if not one.is_box or one.is_on
    }


@pytest.mark.parametrize(("what", "variable", "value"), VALUES, ids=[one[0] for one in VALUES])
def test_every_value_of_the_library_survives_its_form(what: str, variable, value) -> None:
    assert read_value(data_of_typed(value, variable.type), variable.type) == value
    if variable.type.kind is Kind.CALENDAR:
        assert list(inputs_of(value, variable.type)) == []
        return
    sent = shown(value, variable.type, "value.x")
    data = read_typed(variable.type, lambda name: sent.get(name, ""), "value.x")
    assert read_value(data, variable.type) == value


@pytest.mark.parametrize(
    ("type_", "typed", "data"),
    [
        (ValueType(Kind.PERCENT), {"v": "99,95 %"}, "99.95"),
        (ValueType(Kind.MONEY, currency="USD"), {"v": "$50,000"}, "50000 USD"),
        (ValueType(Kind.MONEY, currency="USD"), {"v": "EUR 1.234,50"}, "1234.50 EUR"),
        (ValueType(Kind.INTEGER), {"v": "1.5"}, "1.5"),
        (ValueType(Kind.INTEGER), {"v": "-3"}, -3),
        (ValueType(Kind.DURATION), {"v": "4", "v.unit": "business_hours"}, "4 business_hours"),
        (ValueType(Kind.DURATION), {"v": "", "v.unit": "hours"}, ""),
        (ValueType(Kind.MONEY, none_text="no limit"), {"v": "None"}, "none"),
        (ValueType(Kind.OPTIONS, options=(("a", "A"), ("b", "B"))), {"v.b": "yes"}, ["b"]),
        (ValueType(Kind.PARTY), {"v.name": " X "}, {"name": "X", "form": "", "address": ""}),
        (ValueType(Kind.TEXT), {"v": " مرحبا "}, "مرحبا"),
    ],
)
def test_words_are_read_as_people_type_them(type_, typed, data) -> None:
    assert read_typed(type_, lambda name: typed.get(name, ""), "v") == data


@pytest.mark.parametrize("typed", ["", "many", "1e5", "--5", "9" * 40])
def test_what_is_no_number_is_refused_by_its_type(typed: str) -> None:
    type_ = ValueType(Kind.INTEGER)
    with pytest.raises(ScalarError):
        read_value(read_typed(type_, lambda _: typed, "v"), type_)


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (DateRule(Anchor.TERM_END, Duration(-60, Unit.DAYS)), "60 days before term_end"),
        (DateRule(Anchor.TERM_START), "term_start"),
        (Party("A", "b", "c"), {"name": "A", "form": "b", "address": "c"}),
        (Nothing(), "none"),
        (Option("x"), "x"),
        (OptionSet(("a", "b")), ["a", "b"]),
        (Integer(3), 3),
        (Calendar.always("24x7"), {"id": "24x7", "always_open": True}),
    ],
)
def test_a_value_is_stated_as_a_deal_file_states_it(value, data) -> None:
    assert data_of_value(value) == data


def test_a_calendar_reads_back_and_a_table_needs_its_type() -> None:
    from datetime import date  # noqa: PLC0415 - a date and a type's name would clash above

    calendar = Calendar(
        "support",
        "Europe/Berlin",
        (OpenInterval(("mon", "fri"), "09:00", "17:00"),),
        (ClosedDate(date(2027, 1, 1), "New Year"),),
        "office",
    )
    assert read_value(data_of_value(calendar), ValueType(Kind.CALENDAR)) == calendar
    assert data_of_value(Day(date(2027, 1, 31))) == "2027-01-31"
    with pytest.raises(TypeError):
        data_of_value(Table(()))
