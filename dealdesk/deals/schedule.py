"""When which amount is invoiced and due; the last instalment absorbs what rounding leaves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from dealdesk.deals.amounts import money_of, total
from dealdesk.deals.order import Billing, Order, PaymentFrom
from dealdesk.deals.periods import Period, Step, split, term_of
from dealdesk.deals.pricing import PricedBook, PricedLine
from dealdesk.deals.proration import months_of
from dealdesk.terms.money import Money


@dataclass(frozen=True, slots=True)
class Cycle:
    """A billing cycle: months a step (0 is the whole term), in advance or not, from which day."""

    months: int
    in_advance: bool = True
    anchor_day: int = 0


CYCLES: Mapping[Billing, Cycle] = {
    Billing.UPFRONT: Cycle(0),
    Billing.ANNUAL_ADVANCE: Cycle(12),
    Billing.QUARTERLY_ADVANCE: Cycle(3),
    Billing.QUARTERLY_ARREARS: Cycle(3, in_advance=False),
    Billing.MONTHLY_ADVANCE: Cycle(1),
    Billing.MONTHLY_ARREARS: Cycle(1, in_advance=False),
    Billing.MONTHLY_ADVANCE_ON_1ST: Cycle(1, anchor_day=1),
}


@dataclass(frozen=True, slots=True)
class Instalment:
    """One invoice: its date, what it covers, its amount, and the day that it is due.

    `due_on` is None where the payment days count from receipt, which nobody knows yet.
    """

    invoice_on: date
    covers: Period
    amount: Money
    due_on: date | None


def instalments(book: PricedBook, order: Order) -> tuple[Instalment, ...]:
    """Return a book's invoices in order of date.

    One-time charges without a day of their own stand on the first invoice, a pilot's fee on the
    pilot's first day. An evergreen order lists the invoices up to the end of its committed months.
    """
    currency = book.book.currency
    by_date: dict[tuple[date, Period], list[Money]] = {}
    if order.pilot is not None and order.pilot.fee.amount and book.book is order.books[0]:
        pilot = order.pilot.period(order.start)
        by_date[pilot.start, pilot] = [order.pilot.fee]
    steps = billing_steps(order)
    for line in book.lines:
        for step, amount in _charges(line, steps, order):
            by_date.setdefault((_invoice_date(step.period, order), step.period), []).append(amount)
    return tuple(
        Instalment(on, covers, total(amounts, currency), _due_on(on, order))
        for (on, covers), amounts in sorted(by_date.items())
    )


def billing_steps(order: Order) -> tuple[Step, ...]:
    """Return the billing steps of the committed term.

    An evergreen order's last step is whole, because the order runs on past its committed months.
    """
    cycle = CYCLES[order.billing]
    if not cycle.months:
        return (Step(order.term, 0),)
    steps = tuple(split(order.term, cycle.months, _anchor_day(order)))
    if order.evergreen and not steps[-1].months and len(steps) > 1:
        whole = term_of(steps[-1].period.start, cycle.months)
        return (*steps[:-1], Step(whole, cycle.months))
    return steps


def _anchor_day(order: Order) -> int:
    return order.billing_day or CYCLES[order.billing].anchor_day


def _charges(
    line: PricedLine, steps: tuple[Step, ...], order: Order
) -> Iterator[tuple[Step, Money]]:
    if not line.line.is_recurring:
        yield _one_time_step(line, steps, order), line.amount
        return
    touched = [
        (step, shared)
        for step in steps
        if (shared := step.period.overlap(_charged_period(line, order, steps))) is not None
    ]
    left = line.amount
    for index, (step, shared) in enumerate(touched):
        is_last = index == len(touched) - 1 and not _runs_on(line, order, steps)
        amount = left if is_last else _share(line, step, shared, order)
        left = left - amount
        yield step, amount


def _one_time_step(line: PricedLine, steps: tuple[Step, ...], order: Order) -> Step:
    """Return the step whose invoice carries a one-time charge.

    A charge with a day of its own is invoiced on that day where billing is in advance.
    """
    day = line.period.start
    step = next(step for step in steps if step.period.end >= day)
    if day > step.period.start and CYCLES[order.billing].in_advance:
        return Step(Period(day, step.period.end), 0)
    return step


def _runs_on(line: PricedLine, order: Order, steps: tuple[Step, ...]) -> bool:
    """Tell whether the line is charged past the committed months, to the end of the last step."""
    ends_with_term = order.evergreen and line.period.end == order.term.end
    return ends_with_term and steps[-1].period.end > order.term.end


def _charged_period(line: PricedLine, order: Order, steps: tuple[Step, ...]) -> Period:
    if _runs_on(line, order, steps):
        return Period(line.period.start, steps[-1].period.end)
    return line.period


def _share(line: PricedLine, step: Step, shared: Period, order: Order) -> Money:
    """Return the line's price for the days that it shares with one billing step."""
    is_whole = step.months and shared == step.period
    months = Fraction(step.months) if is_whole else months_of(shared, order.proration, order.start)
    return money_of(Fraction(line.amount.amount) / line.months * months, line.amount.currency)


def _invoice_date(period: Period, order: Order) -> date:
    return period.start if CYCLES[order.billing].in_advance else period.end


def _due_on(invoice_on: date, order: Order) -> date | None:
    match order.payment.counted_from:
        case PaymentFrom.CARD:
            return invoice_on
        case PaymentFrom.RECEIPT:
            return None
        case PaymentFrom.INVOICE_DATE:
            return invoice_on + timedelta(days=order.payment.days)


def payment_rule(order: Order) -> str:
    """Return the payment rule as a sentence."""
    match order.payment.counted_from:
        case PaymentFrom.CARD:
            return "Charged to the card on file on the invoice date."
        case PaymentFrom.RECEIPT:
            return f"Due {order.payment.days} days after the invoice is received."
        case PaymentFrom.INVOICE_DATE:
            return f"Due {order.payment.days} days after the invoice date."
