"""The figures of an order, each with the definition that makes it mean one thing."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from dealdesk.deals.amounts import money_of, total
from dealdesk.deals.order import AcvBasis, FxRates, Order
from dealdesk.deals.periods import MONTHS_A_YEAR, Period, contract_years, term_of
from dealdesk.deals.pricing import PricedBook, PricedLine, price_books
from dealdesk.deals.proration import months_of
from dealdesk.deals.schedule import Instalment, instalments
from dealdesk.kernel.errors import DomainError, Place, Problem
from dealdesk.kernel.languages import gettext_noop
from dealdesk.terms.money import Money

# In the currency's own unit. Totals of all parties, converted, stay within 64 bits of cents.
LARGEST_TOTAL = 10**15

DEFINITIONS = {
    "recurring": "Recurring charges over the committed term, after discounts.",
    "one_time": "Charges made once, such as set-up, and a pilot's fee.",
    "tcv": "Recurring over the committed term plus one-time; no tax, overage or options.",
    "acv_average": gettext_noop(
        "Recurring over the committed term per year; up to 12 months counts as it is."
    ),
    "acv_first_12_months": gettext_noop(
        "Recurring charges of the first 12 months of the committed term."
    ),
    "arr_entry": "Twelve months of recurring charges at the first day's prices and quantities.",
    "arr_exit": "Twelve months of recurring charges at the last day's prices and quantities.",
    "mrr": "ARR at entry divided by 12.",
    "discount_blended": "What entered discounts and credits take off the recurring list value.",
    "discount_highest": "The highest discount entered on any line.",
}


@dataclass(frozen=True, slots=True)
class BookFigures:
    """What one book comes to, in its own currency; `yearly` is recurring only, by contract year."""

    party: str
    currency: str
    lines: tuple[PricedLine, ...]
    recurring: Money
    one_time: Money
    tcv: Money
    acv: Money
    arr_entry: Money
    arr_exit: Money
    mrr: Money
    yearly: tuple[Money, ...]
    discount_highest: Decimal
    discount_blended: Fraction | None
    instalments: tuple[Instalment, ...]


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """An order priced: the customer's own book first, then one for each ordering affiliate."""

    order: Order
    books: tuple[BookFigures, ...]

    @property
    def main(self) -> BookFigures:
        """The customer's own book."""
        return self.books[0]

    def acv_definition(self) -> str:
        """Return the definition of ACV that this order uses."""
        return DEFINITIONS[f"acv_{self.order.acv_basis.value}"]


# One quote asks for the figures several times: approvals, order form, cover and page.
@lru_cache(maxsize=128)
def price_order(order: Order) -> OrderFigures:
    """Return the order priced exactly, with every figure and invoice.

    Raise DomainError where a party's total is beyond what any list could show.
    """
    books = tuple(_book_figures(book, order) for book in price_books(order))
    problems = [_too_large(book) for book in books if abs(book.tcv.amount) > LARGEST_TOTAL]
    if problems:
        raise DomainError(problems)
    return OrderFigures(order, books)


def _too_large(book: BookFigures) -> Problem:
    return Problem(
        "total-too-large",
        f"{book.party} would pay more than {LARGEST_TOTAL:,} {book.currency} in all.",
        Place(path="order.lines"),
        "Check quantities and prices.",
    )


def _book_figures(book: PricedBook, order: Order) -> BookFigures:
    currency = book.book.currency
    recurring = total([line.amount for line in book.recurring], currency)
    one_time = total([line.amount for line in book.one_time], currency) + _pilot_fee(book, order)
    first_day = Period(order.start, order.start)
    last_day = Period(order.term.end, order.term.end)
    entry = sum((line.yearly for line in book.recurring if line.is_active_in(first_day)), _ZERO)
    exit_ = sum((line.yearly for line in book.recurring if line.is_active_in(last_day)), _ZERO)
    return BookFigures(
        party=book.book.party,
        currency=currency,
        lines=book.lines,
        recurring=recurring,
        one_time=one_time,
        tcv=recurring + one_time,
        acv=_acv(book, recurring, order),
        arr_entry=money_of(entry, currency),
        arr_exit=money_of(exit_, currency),
        mrr=money_of(entry / MONTHS_A_YEAR, currency),
        yearly=yearly_amounts(book, order),
        discount_highest=max((line.line.discount for line in book.lines), default=Decimal(0)),
        discount_blended=blended_discount(book),
        instalments=instalments(book, order),
    )


_ZERO = Fraction(0)


def _pilot_fee(book: PricedBook, order: Order) -> Money:
    if order.pilot is not None and book.book is order.books[0]:
        return order.pilot.fee.rounded()
    return money_of(0, book.book.currency)


def _acv(book: PricedBook, recurring: Money, order: Order) -> Money:
    if order.acv_basis is AcvBasis.FIRST_12_MONTHS:
        return _first_year(book, order)
    months = months_of(order.term, order.proration, order.start)
    if months <= MONTHS_A_YEAR:
        return recurring
    return money_of(Fraction(recurring.amount) * MONTHS_A_YEAR / months, recurring.currency)


def _first_year(book: PricedBook, order: Order) -> Money:
    window = term_of(order.start, MONTHS_A_YEAR)
    shares = [_share_in(line, window, order) for line in book.recurring]
    return money_of(sum(shares, _ZERO), book.book.currency)


def _share_in(line: PricedLine, window: Period, order: Order) -> Fraction:
    """Return what the line charges for the days that it shares with a window, unrounded."""
    shared = line.period.overlap(window)
    if shared is None:
        return _ZERO
    if shared == line.period:
        return Fraction(line.amount.amount)
    return (
        Fraction(line.amount.amount) / line.months * months_of(shared, order.proration, order.start)
    )


def yearly_amounts(book: PricedBook, order: Order) -> tuple[Money, ...]:
    """Return the recurring charges of each contract year; they add up to the recurring total.

    Each line's last year absorbs what rounding the years before it left.
    """
    years = contract_years(order.term)
    sums = [money_of(0, book.book.currency)] * len(years)
    for line in book.recurring:
        left = line.amount
        active = [index for index, year in enumerate(years) if line.period.overlap(year)]
        for index in active:
            share = money_of(_share_in(line, years[index], order), left.currency)
            amount = left if index == active[-1] else share
            sums[index] += amount
            left = left - amount
    return tuple(sums)


def blended_discount(book: PricedBook) -> Fraction | None:
    """Return the share of the list value that is given away, in percent, exactly.

    A credit lowers what is charged and has no list value; a line listed at nothing counts for
    nothing. None when the book lists no recurring value at all.
    """
    listed = sum((line.list_amount for line in book.recurring if not line.line.is_credit), _ZERO)
    charged = sum((line.entered_amount for line in book.recurring), _ZERO)
    credits_ = sum((line.entered_amount for line in book.one_time if line.line.is_credit), _ZERO)
    return 100 * (1 - (charged + credits_) / listed) if listed else None


def converted_total(amounts: list[Money], rates: FxRates) -> Money | None:
    """Return amounts in several currencies as one sum in the rates' currency, or None.

    None means that a rate is missing. For approval thresholds only; rounded half up at the end.
    """
    converted = [rates.converted(amount) for amount in amounts]
    known = [amount for amount in converted if amount is not None]
    if len(known) < len(converted):
        return None
    return sum(known, Money(Decimal(0), rates.to)).rounded()
