"""The shape of every report: columns, rows of typed cells, and a picture of one of the columns."""

from dataclasses import dataclass
from enum import StrEnum

THOUSAND = 1000


class Unit(StrEnum):
    """What a column's numbers are: words, counts, seconds, parts per thousand, hundredths."""

    WORDS = "words"
    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is called, and what its cells are."""

    title: str
    unit: Unit = Unit.WORDS


Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a picture; `mark` is a second value drawn as a line, such as a p90."""

    label: str
    value: int
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One report as data: its table, and a picture of `bars` whose values have the unit `drawn`.

    Money is in hundredths of `currency`; None is a cell for which there is no figure. Words are
    English and marked for the catalogues; `counted_over` is how many deals were looked at, where
    the table doesn't tell.
    """

    key: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    bars: tuple[Bar, ...]
    drawn: Unit
    drawn_as: str
    currency: str = ""
    counted_over: int | None = None


def share(part: int, whole: int) -> int | None:
    """Return a share in thousandths, rounded half up, or None of nothing."""
    return (2 * part * THOUSAND + whole) // (2 * whole) if whole else None
