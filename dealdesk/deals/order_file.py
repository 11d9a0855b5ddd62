"""Read the order of a deal file: lines, ramps, affiliates, billing, payment, conventions."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from dealdesk.deals.catalogue import Catalogue
from dealdesk.deals.order import (
    AcvBasis,
    Billing,
    Book,
    CoTerm,
    FxRates,
    OptionalTerm,
    Order,
    Payment,
    PaymentFrom,
    Pilot,
    Proration,
    Rounding,
)
from dealdesk.deals.order_lines_file import (
    LONGEST_TERM,
    LineContext,
    read_amount,
    read_day,
    read_lines,
)
from dealdesk.kernel.fields import Fields
from dealdesk.terms.money import CURRENCIES

ORDER_KEYS = (
    "start", "months", "coterm", "currency", "lines", "affiliates", "billing", "billing_day",
    "payment", "rounding", "proration", "acv", "evergreen", "options", "pilot", "tax", "fx",
)  # fmt: skip
AFFILIATE_KEYS = ("name", "currency", "lines")
PAYMENT_KEYS = ("days", "from")
COTERM_KEYS = ("order", "ends")
OPTION_KEYS = ("months", "amount")
PILOT_KEYS = ("days", "fee", "converts")
FX_KEYS = ("to", "as_of", "rates")


def read_order(order: Fields, customer: str, catalogue: Catalogue | None) -> Order:
    """Return the order; problems are noted on the way, so check them before using it."""
    currency = _currency(order)
    start = read_day(order, "start")
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
    context = LineContext(currency, term, catalogue)
    return Order(
        start=start,
        months=months,
        books=(Book(customer, currency, read_lines(order, context)), *_affiliates(order, context)),
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


def _coterm(order: Fields, start: date) -> CoTerm | None:
    if not order.has("coterm"):
        return None
    coterm = order.mapping("coterm", COTERM_KEYS)
    ends = read_day(coterm, "ends")
    if ends < start and not order.problems:
        coterm.note(
            "ends-before-start", "ends", f"The base order ends on {ends}, before the start."
        )
    return CoTerm(coterm.text("order", longest=80), ends)


def _affiliates(order: Fields, context: LineContext) -> Iterator[Book]:
    for item in order.items("affiliates", AFFILIATE_KEYS):
        currency = _currency(item)
        own = LineContext(currency, context.term, context.catalogue)
        yield Book(item.text("name", longest=200), currency, read_lines(item, own))


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
            read_amount(item, "amount", currency, Decimal(0)),
        )


def _pilot(order: Fields, currency: str) -> Pilot | None:
    if not order.has("pilot"):
        return None
    pilot = order.mapping("pilot", PILOT_KEYS)
    return Pilot(
        days=pilot.integer("days", low=1, high=365),
        fee=read_amount(pilot, "fee", currency, Decimal(0)),
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
