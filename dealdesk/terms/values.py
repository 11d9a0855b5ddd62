"""The typed values that a deal is made of, and the one way to address them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from dealdesk.terms.calendars import Calendar
from dealdesk.terms.money import Money


class Unit(StrEnum):
    """Units that a duration in a contract may have."""

    MINUTES = "minutes"
    HOURS = "hours"
    BUSINESS_HOURS = "business_hours"
    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class Anchor(StrEnum):
    """The events that a date rule counts from."""

    LAST_SIGNATURE = "last_signature"
    TERM_START = "term_start"
    TERM_END = "term_end"
    INVOICE_DATE = "invoice_date"
    PERIOD_END = "period_end"


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage as written: Decimal("99.95") is 99.95 %."""

    number: Decimal


@dataclass(frozen=True, slots=True)
class Multiple:
    """A multiple of something that the clause names: Decimal("2") is "2 times"."""

    number: Decimal


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number that counts things."""

    number: int


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in the unit that the contract prints; units are never converted."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date."""

    on: date


@dataclass(frozen=True, slots=True)
class DateRule:
    """A date found by rule: `offset` before (negative) or after `anchor`; None means on it."""

    anchor: Anchor
    offset: Duration | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of an enumeration, by id; the words that print come from its type."""

    id: str


@dataclass(frozen=True, slots=True)
class OptionSet:
    """Several choices of an enumeration, in the order that its type declares."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Party:
    """A party to the agreement."""

    name: str
    form: str
    address: str


@dataclass(frozen=True, slots=True)
class TextValue:
    """Words typed for this deal."""

    text: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """An explicit "none": a value of its own, never the same as a blank."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table value; `key` names it for good, cells follow the type's columns."""

    key: str
    cells: tuple["Scalar", ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of typed rows, such as a severity matrix or a credit table."""

    rows: tuple[Row, ...]


Scalar: TypeAlias = (
    Money
    | Percent
    | Multiple
    | Integer
    | Duration
    | Day
    | DateRule
    | Option
    | OptionSet
    | Party
    | TextValue
    | Calendar
    | Nothing
)
Value: TypeAlias = Scalar | Table


@dataclass(frozen=True, slots=True, order=True)
class ValueRef:
    """The only address of a value: an instance of a clause and a variable of it.

    A cell of a table value is addressed as `variable.row_key.column`.
    """

    instance_id: str
    variable: str

    @property
    def name(self) -> str:
        """The variable itself, without row and column."""
        return self.variable.partition(".")[0]

    @property
    def cell(self) -> tuple[str, str] | None:
        """Row key and column when the address is a table's cell."""
        parts = self.variable.split(".")
        return (parts[1], parts[2]) if len(parts) == 3 else None  # noqa: PLR2004 - name.row.column

    def __str__(self) -> str:
        return f"{self.instance_id}/{self.variable}"
