"""Price each line exactly: net unit, amount over its period, and its yearly rate."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dealdesk.deals.amounts import money_of
from dealdesk.deals.order import Book, Line, Order, Per, Rounding
from dealdesk.deals.periods import MONTHS_A_YEAR, Period, contract_years
from dealdesk.deals.proration import months_of
from dealdesk.terms.money import Money

_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line, or one year of a line with an uplift, with its price.

    `net_unit` is what prints; `amount` is the whole charge over `period`. `yearly` is the amount
    of twelve months at this price, unrounded. `list_amount` and `entered_amount` are the list
    value and the value at the discount as entered, both before rounding: blended discounts come
    from these, so that rounding a unit price never adds to a discount.
    """

    line: Line
    period: Period
    months: Fraction
    list_unit: Money
    net_unit: Money
    amount: Money
    yearly: Fraction
    list_amount: Fraction
    entered_amount: Fraction

    def is_active_in(self, period: Period) -> bool:
        """Tell whether the line is charged over time in any of those days."""
        return self.line.is_recurring and self.period.overlap(period) is not None


@dataclass(frozen=True, slots=True)
class PricedBook:
    """One party's priced lines in one currency."""

    book: Book
    lines: tuple[PricedLine, ...]

    @property
    def recurring(self) -> tuple[PricedLine, ...]:
        """The lines charged over time."""
        return tuple(line for line in self.lines if line.line.is_recurring)

    @property
    def one_time(self) -> tuple[PricedLine, ...]:
        """The lines charged once."""
        return tuple(line for line in self.lines if not line.line.is_recurring)


def price_books(order: Order) -> tuple[PricedBook, ...]:
    """Return every book with its lines priced by the order's conventions."""
    return tuple(
        PricedBook(book, tuple(priced for line in book.lines for priced in price_line(line, order)))
        for book in order.books
    )


def price_line(line: Line, order: Order) -> Iterator[PricedLine]:
    """Yield the line priced; one with an uplift yields once for each contract year that it runs.

    An uplift raises the printed unit price of the year before, rounded as the order says.
    """
    period = line_period(line, order)
    if not line.uplift or not line.may_rise:
        yield _priced(line, period, line.list_unit, _net_unit(line.list_unit, line, order), order)
        return
    list_unit, net_unit = line.list_unit, _net_unit(line.list_unit, line, order)
    for year in contract_years(order.term):
        shared = year.overlap(period)
        if shared is None:
            continue
        yield _priced(line, shared, list_unit, net_unit, order)
        list_unit = _raised(list_unit, line, order)
        net_unit = _raised(net_unit, line, order)


def line_period(line: Line, order: Order) -> Period:
    """Return the days that the line is charged for: its own, its contract year, or the term."""
    if line.period is not None:
        return line.period
    if line.year is None:
        return order.term
    return contract_years(order.term)[line.year - 1]


def _net_unit(list_unit: Money, line: Line, order: Order) -> Money:
    """Return the unit price after the discount, rounded where unit prices are rounded."""
    return _round_unit(list_unit.amount * (_HUNDRED - line.discount) / _HUNDRED, list_unit, order)


def _raised(unit: Money, line: Line, order: Order) -> Money:
    return _round_unit(unit.amount * (_HUNDRED + line.uplift) / _HUNDRED, unit, order)


def _round_unit(amount: Decimal, unit: Money, order: Order) -> Money:
    exact = Money(amount, unit.currency)
    return exact.rounded() if order.rounding is Rounding.UNIT else exact


def _priced(
    line: Line, period: Period, list_unit: Money, net_unit: Money, order: Order
) -> PricedLine:
    months = months_of(period, order.proration, order.start)
    count = _unit_count(line, months) * line.quantity
    listed = Fraction(list_unit.amount) * count
    charged = Fraction(net_unit.amount) * count
    return PricedLine(
        line=line,
        period=period,
        months=months,
        list_unit=list_unit,
        net_unit=net_unit,
        amount=money_of(charged, net_unit.currency),
        yearly=charged * MONTHS_A_YEAR / months if line.is_recurring else Fraction(0),
        list_amount=listed,
        entered_amount=listed * (_HUNDRED - Fraction(line.discount)) / _HUNDRED,
    )


def _unit_count(line: Line, months: Fraction) -> Fraction:
    """Return how many unit prices one unit costs over so many months."""
    match line.per:
        case Per.MONTH:
            return months
        case Per.YEAR:
            return months / MONTHS_A_YEAR
        case Per.TERM | Per.ONCE:
            return Fraction(1)
