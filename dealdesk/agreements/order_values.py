"""The order's numbers as typed values: what the order form, the cover and clauses print."""

from collections.abc import Iterator

from dealdesk.agreements.form_words import form_words, in_language
from dealdesk.agreements.model import ORDER_INSTANCE
from dealdesk.deals.figures import BookFigures, OrderFigures, price_order
from dealdesk.deals.order import Billing, Order, PaymentFrom, Per
from dealdesk.deals.periods import Period, contract_years
from dealdesk.deals.pricing import PricedLine
from dealdesk.terms.formatting import format_day
from dealdesk.terms.locales import locale_of
from dealdesk.terms.money import Money
from dealdesk.terms.value_types import Column, Kind, TypedValue, ValueMap, ValueType
from dealdesk.terms.values import (
    Day,
    Duration,
    Integer,
    Nothing,
    Option,
    Percent,
    Row,
    Table,
    TextValue,
    Unit,
    Value,
    ValueRef,
)

MONEY = ValueType(Kind.MONEY)
TEXT = ValueType(Kind.TEXT)
DAY = ValueType(Kind.DATE)
MONTHS = ValueType(
    Kind.DURATION, units=(Unit.MONTHS,), none_text="the rest of the base order’s term"
)
PAYMENT_DAYS = ValueType(
    Kind.DURATION,
    units=(Unit.DAYS,),
    none_text="no days, since a card is charged on the invoice date",
)
BILLING = ValueType(
    Kind.OPTION,
    options=(
        (Billing.UPFRONT, "once, in advance for the whole term"),
        (Billing.ANNUAL_ADVANCE, "annually in advance"),
        (Billing.QUARTERLY_ADVANCE, "quarterly in advance"),
        (Billing.QUARTERLY_ARREARS, "quarterly in arrears"),
        (Billing.MONTHLY_ADVANCE, "monthly in advance"),
        (Billing.MONTHLY_ARREARS, "monthly in arrears"),
        (Billing.MONTHLY_ADVANCE_ON_1ST, "monthly in advance on the first day of the month"),
    ),
)
PAYMENT_FROM = ValueType(
    Kind.OPTION,
    options=(
        (PaymentFrom.INVOICE_DATE, "the invoice date"),
        (PaymentFrom.RECEIPT, "receipt of the invoice"),
        (PaymentFrom.CARD, "the invoice date, by card"),
    ),
)
PER = ValueType(
    Kind.OPTION,
    options=((Per.MONTH, "month"), (Per.YEAR, "year"), (Per.TERM, "term"), (Per.ONCE, "once")),
)
LINES = ValueType(
    Kind.TABLE,
    columns=(
        Column("item", "Item", TEXT),
        Column("period", "Period", TEXT),
        Column("quantity", "Quantity", ValueType(Kind.INTEGER)),
        Column("list_unit", "List price", MONEY),
        Column("per", "Per", PER),
        Column("discount", "Discount", ValueType(Kind.PERCENT)),
        Column("net_unit", "Net price", MONEY),
        Column("amount", "Amount", MONEY),
    ),
)
YEARS = ValueType(
    Kind.TABLE,
    columns=(
        Column("year", "Contract year", TEXT),
        Column("period", "Period", TEXT),
        Column("amount", "Recurring fees", MONEY),
    ),
)
INVOICES = ValueType(
    Kind.TABLE,
    columns=(
        Column("invoice", "Invoice date", DAY),
        Column("covers", "Covers", TEXT),
        Column("amount", "Amount", MONEY),
        Column("due", "Due", ValueType(Kind.DATE, none_text="by the payment terms")),
    ),
)


def order_values(order: Order, language: str = "en") -> ValueMap:
    """Return the order's values by address (instance `order`); further books carry a suffix."""
    figures = price_order(order)
    named = dict(_terms(order))
    for index, book in enumerate(figures.books):
        suffix = f"_{index + 1}" if index else ""
        named |= {f"{name}{suffix}": value for name, value in _book(book, order, language)}
    named["first_year"] = TypedValue(MONEY, _first_year(figures))
    return {
        ValueRef(ORDER_INSTANCE, name): in_language(typed, language)
        for name, typed in named.items()
    }


def _first_year(figures: OrderFigures) -> Money:
    return figures.main.yearly[0] if figures.main.yearly else figures.main.recurring


def _terms(order: Order) -> Iterator[tuple[str, TypedValue]]:
    months: Value = Duration(order.months, Unit.MONTHS) if order.months else Nothing()
    by_card = order.payment.counted_from is PaymentFrom.CARD
    days: Value = Nothing() if by_card else Duration(order.payment.days, Unit.DAYS)
    yield "start", TypedValue(DAY, Day(order.term.start))
    yield "end", TypedValue(DAY, Day(order.term.end))
    yield "months", TypedValue(MONTHS, months)
    yield "payment_days", TypedValue(PAYMENT_DAYS, days)
    yield "payment_from", TypedValue(PAYMENT_FROM, Option(order.payment.counted_from.value))
    yield "billing", TypedValue(BILLING, Option(order.billing.value))
    yield "currency", TypedValue(TEXT, TextValue(order.books[0].currency))
    if order.tax_note:
        yield "tax", TypedValue(TEXT, TextValue(order.tax_note))


def _book(book: BookFigures, order: Order, language: str) -> Iterator[tuple[str, TypedValue]]:
    yield "party", TypedValue(TEXT, TextValue(book.party or form_words("Customer", language)))
    for name in ("recurring", "one_time", "tcv", "acv", "arr_entry", "arr_exit", "mrr"):
        yield name, TypedValue(MONEY, getattr(book, name))
    if book.lines:
        yield "lines", TypedValue(LINES, Table(tuple(_lines(book, language))))
    if book.yearly:
        yield "years", TypedValue(YEARS, Table(tuple(_years(book, order, language))))
    if book.instalments:
        yield "invoices", TypedValue(INVOICES, Table(tuple(_invoices(book, language))))


def period_words(period: Period, language: str) -> str:
    """Return a period's first and last day in words."""
    locale = locale_of(language)
    return f"{format_day(Day(period.start), locale)} – {format_day(Day(period.end), locale)}"


def row_keys(lines: tuple[PricedLine, ...]) -> tuple[str, ...]:
    """Return a lasting key for each priced line: its id, and its year where an uplift splits it."""
    keys: list[str] = []
    for line in lines:
        twins = sum(1 for key in keys if key.partition("--")[0] == line.line.id)
        keys.append(f"{line.line.id}--{twins + 1}" if twins else line.line.id)
    return tuple(keys)


def _lines(book: BookFigures, language: str) -> Iterator[Row]:
    for key, line in zip(row_keys(book.lines), book.lines, strict=True):
        yield Row(
            key,
            (
                TextValue(line.line.name),
                TextValue(period_words(line.period, language)),
                Integer(line.line.quantity),
                line.list_unit,
                Option(line.line.per.value),
                Percent(line.line.discount),
                line.net_unit,
                line.amount,
            ),
        )


def _years(book: BookFigures, order: Order, language: str) -> Iterator[Row]:
    for number, (year, amount) in enumerate(
        zip(contract_years(order.term), book.yearly, strict=True), 1
    ):
        yield Row(
            f"y{number}", (TextValue(str(number)), TextValue(period_words(year, language)), amount)
        )


def _invoices(book: BookFigures, language: str) -> Iterator[Row]:
    for number, instalment in enumerate(book.instalments, 1):
        due: Nothing | Day = Day(instalment.due_on) if instalment.due_on else Nothing()
        covers = TextValue(period_words(instalment.covers, language))
        yield Row(f"i{number}", (Day(instalment.invoice_on), covers, instalment.amount, due))
