"""The order as agreed: lines, period, billing, payment, and the conventions that price it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from dealdesk.deals.periods import Period, term_of
from dealdesk.terms.money import Money


class Per(StrEnum):
    """What a list unit price pays for."""

    MONTH = "month"
    YEAR = "year"
    TERM = "term"
    ONCE = "once"


class Rounding(StrEnum):
    """Where an amount is rounded half up: at the printed unit price, or at the line's total."""

    UNIT = "unit"
    LINE = "line"


class Proration(StrEnum):
    """How a period that is not whole months is counted; both days are inclusive.

    Whole contract months are never prorated. A part of one counts as days over 365 or 366 of the
    whole period, as 30-day months of a 360-day year, as a first or a last partial month over that
    month's length, or as each calendar month's days over its length.
    """

    ACTUAL_365 = "actual_365"
    ACTUAL_366 = "actual_366"
    THIRTY_360 = "thirty_360"
    MONTHS_FIRST_PARTIAL = "months_first_partial"
    MONTHS_LAST_PARTIAL = "months_last_partial"
    DAYS_IN_MONTH = "days_in_month"


class AcvBasis(StrEnum):
    """Which of the field's two definitions of annual contract value is meant."""

    AVERAGE = "average"
    FIRST_12_MONTHS = "first_12_months"


class Billing(StrEnum):
    """When invoices are issued."""

    UPFRONT = "upfront"
    ANNUAL_ADVANCE = "annual_advance"
    QUARTERLY_ADVANCE = "quarterly_advance"
    QUARTERLY_ARREARS = "quarterly_arrears"
    MONTHLY_ADVANCE = "monthly_advance"
    MONTHLY_ARREARS = "monthly_arrears"
    MONTHLY_ADVANCE_ON_1ST = "monthly_advance_on_1st"


class PaymentFrom(StrEnum):
    """What the payment days count from; a card is charged on the invoice date."""

    INVOICE_DATE = "invoice_date"
    RECEIPT = "receipt"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Payment:
    """Days to pay and what they count from; a card pays at once."""

    days: int
    counted_from: PaymentFrom = PaymentFrom.INVOICE_DATE


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the order form.

    `discount` is the percentage as entered. `year` limits the line to one contract year (a ramp
    is a line for each year), `period` to days within the term. `uplift` raises the unit price by
    that percentage at each anniversary. A negative list unit is a credit.
    """

    id: str
    sku: str
    name: str
    quantity: int
    list_unit: Money
    per: Per
    discount: Decimal = Decimal(0)
    uplift: Decimal = Decimal(0)
    year: int | None = None
    period: Period | None = None

    @property
    def is_recurring(self) -> bool:
        """Tell whether the line is charged over time; one-time charges never count as ARR."""
        return self.per is not Per.ONCE

    @property
    def may_rise(self) -> bool:
        """Tell whether an uplift can raise the unit price: only a price by month or year rises."""
        return self.per in {Per.MONTH, Per.YEAR}

    @property
    def is_credit(self) -> bool:
        """Tell whether the line gives money back."""
        return self.list_unit.amount < 0


@dataclass(frozen=True, slots=True)
class Book:
    """The lines that one party orders in one currency; the customer's own book comes first."""

    party: str
    currency: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class OptionalTerm:
    """An extension that the customer may take; never part of TCV."""

    months: int
    amount: Money


@dataclass(frozen=True, slots=True)
class CoTerm:
    """The running order that an add-on joins: its number and its last day, both unchanged."""

    order: str
    ends_on: date


@dataclass(frozen=True, slots=True)
class Pilot:
    """A pilot of so many days that ends the day before the order starts."""

    days: int
    fee: Money
    converts: bool

    def period(self, start: date) -> Period:
        """Return the pilot's first and last day for an order that starts on `start`."""
        return Period.of_days(start, -self.days)


@dataclass(frozen=True, slots=True)
class FxRates:
    """Dated rates into one currency, for approval thresholds only; nothing is priced with them."""

    to: str
    as_of: date | None
    # A mapping has no hash; equal rates still make equal values.
    rates: Mapping[str, Decimal] = field(hash=False)

    def converted(self, money: Money) -> Money | None:
        """Return the amount in `to`, unrounded, or None when there is no rate for its currency."""
        if money.currency == self.to:
            return money
        rate = self.rates.get(money.currency)
        return None if rate is None else Money(money.amount * rate, self.to)


@dataclass(frozen=True, slots=True)
class Order:
    """An order: who orders what, for how long, billed and paid how, counted by which convention.

    `months` is the committed term; a co-term add-on has none of its own and ends with its base.
    """

    start: date
    months: int | None
    books: tuple[Book, ...]
    billing: Billing
    payment: Payment
    billing_day: int | None = None
    rounding: Rounding = Rounding.UNIT
    proration: Proration = Proration.ACTUAL_365
    acv_basis: AcvBasis = AcvBasis.AVERAGE
    evergreen: bool = False
    options: tuple[OptionalTerm, ...] = ()
    coterm: CoTerm | None = None
    pilot: Pilot | None = None
    tax_note: str = ""
    fx: FxRates | None = None

    @property
    def term(self) -> Period:
        """The committed term, first and last day inclusive."""
        if self.coterm is not None:
            return Period(self.start, self.coterm.ends_on)
        return term_of(self.start, self.months or 0)

    @property
    def is_expansion(self) -> bool:
        """Tell whether this adds to a running order up to its end: an expansion, not a renewal."""
        return self.coterm is not None
