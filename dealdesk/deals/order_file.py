"""Read the order of a deal file: lines, ramps, affiliates, billing, payment, conventions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dealdesk.deals.catalogue import Catalogue, Product
from dealdesk.deals.order import (
    AcvBasis,
    Billing,
    Book,
    CoTerm,
    FxRates,
    Line,
    OptionalTerm,
    Order,
    Payment,
    PaymentFrom,
    Per,
    Pilot,
    Proration,
    Rounding,
)
from dealdesk.deals.periods import MONTHS_A_YEAR, Period, contract_years
from dealdesk.kernel.fields import Fields
from dealdesk.terms.money import CURRENCIES, Money, minor_units

ORDER_KEYS = (
    "start", "months", "coterm", "currency", "lines", "affiliates", "billing", "billing_day",
    "payment", "rounding", "proration", "acv", "evergreen", "options", "pilot", "tax", "fx",
)  # fmt: skip
LINE_KEYS = (
    "sku", "name", "quantity", "list_unit", "per", "discount_pct", "uplift_pct", "year", "start",
    "end",
)  # fmt: skip
AFFILIATE_KEYS = ("name", "currency", "lines")
PAYMENT_KEYS = ("days", "from")
COTERM_KEYS = ("order", "ends")
OPTION_KEYS = ("months", "amount")
PILOT_KEYS = ("days", "fee", "converts")
FX_KEYS = ("to", "as_of", "rates")
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
LONGEST_TERM = 240
MOST_LINES = 500
# Keeps every sum of an order within the 28 digits that decimals carry exactly.
LARGEST_AMOUNT = 10**12


@dataclass(frozen=True, slots=True)
class _Context:
    """What reading a line needs to know of its order."""

    currency: str
    term: Period | None
    catalogue: Catalogue | None


def read_order(order: Fields, customer: str, catalogue: Catalogue | None) -> Order:
    """Return the order; problems are noted on the way, so check them before using it."""
    currency = _currency(order)
    start = _day(order, "start")
    coterm = _coterm(order, start)
    months = None if coterm else order.integer("months", low=1, high=LONGEST_TERM)
    if coterm and order.has("months"):
        order.note(
            "two-terms",
            "months",
            "An add-on that ends with a running order has no months of its own.",
            "Delete “months”, or delete “coterm”.",
        )
    bare = Order(start, months or 1, (), Billing.UPFRONT, Payment(0), coterm=coterm)
    term = bare.term if not order.problems else None
    context = _Context(currency, term, catalogue)
    return Order(
        start=start,
        months=months,
        books=(Book(customer, currency, _lines(order, context)), *_affiliates(order, context)),
        billing=order.word("billing", Billing, default=Billing.ANNUAL_ADVANCE),
        payment=_payment(order),
        billing_day=_billing_day(order),
        rounding=order.word("rounding", Rounding, default=Rounding.UNIT),
        proration=order.word("proration", Proration, default=Proration.ACTUAL_365),
        acv_basis=order.word("acv", AcvBasis, default=AcvBasis.AVERAGE),
        evergreen=order.flag("evergreen", default=False),
        options=tuple(_options(order, currency)),
        coterm=coterm,
        pilot=_pilot(order, currency),
        tax_note=order.text("tax", default="", longest=200),
        fx=read_fx(order.mapping("fx", FX_KEYS)) if order.has("fx") else None,
    )


def _currency(fields: Fields) -> str:
    code = fields.text("currency", longest=3)
    if code in CURRENCIES:
        return code
    if code:
        fields.note(
            "unknown-currency",
            "currency",
            f"“{code}” is not a currency that we know.",
            "Use an ISO 4217 code such as USD, EUR or JPY.",
        )
    return "USD"


def _day(fields: Fields, key: str) -> date:
    day = fields.day(key) or EARLIEST
    if not EARLIEST <= day <= LATEST:
        fields.note("out-of-range", key, f"“{key}” is {day}; years 2000 to 2100 are read.")
        return EARLIEST
    return day


def _money(fields: Fields, key: str, currency: str, low: Decimal | None = None) -> Money:
    places = minor_units(currency)
    return Money(fields.decimal(key, low=low, high=LARGEST_AMOUNT, places=places), currency)


def _coterm(order: Fields, start: date) -> CoTerm | None:
    if not order.has("coterm"):
        return None
    coterm = order.mapping("coterm", COTERM_KEYS)
    ends = _day(coterm, "ends")
    if ends < start and not order.problems:
        coterm.note(
            "ends-before-start", "ends", f"The base order ends on {ends}, before the start."
        )
    return CoTerm(coterm.text("order", longest=80), ends)


def _lines(owner: Fields, context: _Context) -> tuple[Line, ...]:
    items = owner.items("lines", LINE_KEYS)
    if not items and not isinstance(owner.data.get("lines"), str | int):
        owner.note("no-lines", "lines", "There are no lines to price.", "Add one under “lines”.")
    if len(items) > MOST_LINES:
        owner.note("too-many-lines", "lines", f"There are more than {MOST_LINES} lines.")
    return tuple(_line(item, str(number), context) for number, item in enumerate(items, 1))


def _line(item: Fields, number: str, context: _Context) -> Line:
    sku = item.text("sku", longest=40)
    product = _product(item, sku, context.catalogue)
    per = item.word("per", Per, default=product.per if product else None)
    return Line(
        id=number,
        sku=sku,
        name=item.text("name", default=product.name if product else sku, longest=200),
        quantity=item.integer("quantity", default=1, low=1, high=10_000_000),
        list_unit=_list_unit(item, product, context.currency),
        per=per,
        discount=item.decimal("discount_pct", default=Decimal(0), low=0, high=100, places=4),
        uplift=_uplift(item, per),
        year=_year(item, per, context),
        period=_line_period(item, context),
    )


def _product(item: Fields, sku: str, catalogue: Catalogue | None) -> Product | None:
    if catalogue is None or not sku:
        return None
    product = catalogue.find(sku)
    if product is None:
        known = ", ".join(sorted(catalogue.products))
        item.note("unknown-sku", "sku", f"The catalogue has no “{sku}”.", f"Use one of {known}.")
    return product


def _list_unit(item: Fields, product: Product | None, currency: str) -> Money:
    if item.has("list_unit") or product is None:
        return _money(item, "list_unit", currency)
    price = product.prices.get(currency)
    if price is None:
        item.note(
            "no-list-price",
            "sku",
            f"The catalogue has no price in {currency} for “{product.sku}”.",
            "Give the price as “list_unit”, or add it to the catalogue.",
        )
        return Money(Decimal(0), currency)
    return price


def _uplift(item: Fields, per: Per) -> Decimal:
    uplift = item.decimal("uplift_pct", default=Decimal(0), low=-100, high=100, places=4)
    if uplift and per in {Per.TERM, Per.ONCE}:
        item.note(
            "no-uplift",
            "uplift_pct",
            "Only a price by month or by year can rise at an anniversary.",
            "Delete “uplift_pct”, or price the line by month or year.",
        )
    return uplift


def _year(item: Fields, per: Per, context: _Context) -> int | None:
    if not item.has("year"):
        return None
    years = len(contract_years(context.term)) if context.term else LONGEST_TERM // MONTHS_A_YEAR
    year = item.integer("year", low=1, high=years)
    if per is Per.ONCE:
        item.note(
            "one-time-year", "year", "A one-time charge has no contract year.", "Give its “start”."
        )
    return min(max(year, 1), years)


def _line_period(item: Fields, context: _Context) -> Period | None:
    if not item.has("start") and not item.has("end"):
        return None
    if item.has("year"):
        item.note("two-periods", "start", "The line has a year and days of its own.", "Keep one.")
    if context.term is None:
        return None
    start = _day(item, "start") if item.has("start") else context.term.start
    end = _day(item, "end") if item.has("end") else context.term.end
    if start > end or not context.term.contains(Period(start, end)):
        item.note(
            "outside-term",
            "start" if item.has("start") else "end",
            f"The line runs from {start} to {end}; the term from {context.term.start} to"
            f" {context.term.end}.",
            "Keep the line's days inside the term.",
        )
        return None
    return Period(start, end)


def _affiliates(order: Fields, context: _Context) -> Iterator[Book]:
    for item in order.items("affiliates", AFFILIATE_KEYS):
        currency = _currency(item)
        own = _Context(currency, context.term, context.catalogue)
        yield Book(item.text("name", longest=200), currency, _lines(item, own))


def _payment(order: Fields) -> Payment:
    payment = order.mapping("payment", PAYMENT_KEYS)
    counted_from = payment.word("from", PaymentFrom, default=PaymentFrom.INVOICE_DATE)
    if counted_from is PaymentFrom.CARD:
        return Payment(payment.integer("days", default=0, low=0, high=0), counted_from)
    return Payment(payment.integer("days", low=0, high=365), counted_from)


def _billing_day(order: Fields) -> int | None:
    if not order.has("billing_day"):
        return None
    if order.data.get("billing") == Billing.MONTHLY_ADVANCE_ON_1ST:
        order.note(
            "two-billing-days",
            "billing_day",
            "Billing on the 1st has its day already.",
            "Delete “billing_day”, or bill by monthly_advance.",
        )
    return order.integer("billing_day", low=1, high=31)


def _options(order: Fields, currency: str) -> Iterator[OptionalTerm]:
    for item in order.items("options", OPTION_KEYS):
        yield OptionalTerm(
            item.integer("months", low=1, high=LONGEST_TERM),
            _money(item, "amount", currency, Decimal(0)),
        )


def _pilot(order: Fields, currency: str) -> Pilot | None:
    if not order.has("pilot"):
        return None
    pilot = order.mapping("pilot", PILOT_KEYS)
    return Pilot(
        days=pilot.integer("days", low=1, high=365),
        fee=_money(pilot, "fee", currency, Decimal(0)),
        converts=pilot.flag("converts", default=True),
    )


def read_fx(fx: Fields) -> FxRates:
    """Return dated rates into one currency, from a deal or a policy file."""
    codes = list(fx.plain("rates"))
    rates = fx.mapping("rates", sorted(CURRENCIES))
    positive = Decimal("0.000001")
    return FxRates(
        to=fx.text("to", default="USD", longest=3),
        as_of=fx.day("as_of"),
        rates={code: rates.decimal(code, low=positive) for code in codes if code in CURRENCIES},
    )
