"""Prices, figures and instalments: worked examples and the properties that hold for any order."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from dealdesk.deals.figures import BookFigures, price_order
from dealdesk.deals.order import (
    AcvBasis,
    Billing,
    Book,
    CoTerm,
    Line,
    Order,
    Payment,
    PaymentFrom,
    Per,
    Pilot,
    Proration,
    Rounding,
)
from dealdesk.deals.periods import Period
from dealdesk.terms.money import Money


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def line(quantity: int = 1, unit: str = "1200.00", per: Per = Per.YEAR, **more: object) -> Line:
    return Line("1", "PLAN", "Plan", quantity, usd(unit), per, **more)  # type: ignore[arg-type]


def order(*lines: Line, start: date = date(2027, 1, 1), months: int = 12, **more: object) -> Order:
    book = Book("Customer", lines[0].list_unit.currency, lines)
    given_: dict[str, object] = {"billing": Billing.ANNUAL_ADVANCE, "payment": Payment(30), **more}
    return Order(start, months, (book,), **given_)  # type: ignore[arg-type]


def figures(*lines: Line, **more: object) -> BookFigures:
    return price_order(order(*lines, **more)).main  # type: ignore[arg-type]


def test_uplift_compounds_on_the_printed_unit_price() -> None:
    found = figures(line(3, "33.33", Per.YEAR, uplift=Decimal("7.5")), months=36)
    assert [priced.net_unit for priced in found.lines] == [usd("33.33"), usd("35.83"), usd("38.52")]
    assert found.yearly == (usd("99.99"), usd("107.49"), usd("115.56"))


def test_yen_and_dinar_keep_their_own_minor_units() -> None:
    yen = Line("1", "P", "P", 3, Money(Decimal(1000), "JPY"), Per.YEAR, Decimal("33.3"))
    dinar = Line("1", "P", "P", 1, Money(Decimal("10.001"), "KWD"), Per.YEAR, Decimal(50))
    assert figures(yen).recurring == Money(Decimal(2001), "JPY")
    assert figures(dinar).recurring == Money(Decimal("5.001"), "KWD")


def test_billing_on_the_31st_keeps_to_month_ends() -> None:
    found = figures(line(), start=date(2027, 1, 31), billing=Billing.MONTHLY_ADVANCE)
    days = [one.invoice_on for one in found.instalments]
    assert days[:4] == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]
    assert {one.amount for one in found.instalments} == {usd("100.00")}


def test_a_start_on_29_february_counts_whole_years() -> None:
    found = figures(line(), start=date(2028, 2, 29), months=60)
    assert found.yearly == (usd("1200.00"),) * 5
    assert found.tcv == usd("6000.00")


def test_payment_from_receipt_has_no_due_date_and_a_card_pays_at_once() -> None:
    receipt = figures(line(), payment=Payment(30, PaymentFrom.RECEIPT))
    card = figures(line(), payment=Payment(0, PaymentFrom.CARD))
    assert receipt.instalments[0].due_on is None
    assert card.instalments[0].due_on == date(2027, 1, 1)


def test_a_credit_deepens_the_blended_discount_and_a_free_line_leaves_it_alone() -> None:
    credit = Line("2", "CREDIT", "Credit", 1, usd("-120.00"), Per.ONCE)
    free = Line("3", "DOCS", "Documentation", 1, usd("0.00"), Per.YEAR)
    assert figures(line(), credit, free).discount_blended == Fraction(10)
    assert figures(free).discount_blended is None


def test_rounding_a_unit_price_never_adds_to_the_discount() -> None:
    found = figures(line(1000, "0.33", Per.MONTH, discount=Decimal(20)))
    assert found.lines[0].net_unit == usd("0.26")
    assert found.discount_blended == Fraction(20)


def test_free_months_count_as_discount() -> None:
    free = line(period=Period(date(2027, 1, 1), date(2027, 3, 31)), discount=Decimal(100))
    paid = line(period=Period(date(2027, 4, 1), date(2027, 12, 31)))
    found = figures(free, paid)
    assert found.recurring == usd("900.00")
    assert found.discount_blended == Fraction(25)
    assert (found.arr_entry, found.arr_exit) == (usd("0.00"), usd("1200.00"))


def test_acv_of_the_first_12_months_differs_from_the_average_on_a_ramp() -> None:
    ramp = (line(1, year=1), line(2, year=2))
    assert figures(*ramp, months=24).acv == usd("1800.00")
    assert figures(*ramp, months=24, acv_basis=AcvBasis.FIRST_12_MONTHS).acv == usd("1200.00")


def test_an_add_on_is_an_expansion_that_ends_with_its_base_order() -> None:
    base_end = date(2028, 10, 31)
    add_on = order(line(75, "720.00"), start=date(2027, 11, 15), coterm=CoTerm("BASE-1", base_end))
    assert add_on.is_expansion
    assert add_on.term == Period(date(2027, 11, 15), base_end)
    assert add_on.term.days == 352


def test_a_pilot_fee_is_one_time_and_invoiced_when_the_pilot_starts() -> None:
    found = figures(line(), pilot=Pilot(30, usd("500.00"), converts=True))
    assert found.one_time == usd("500.00")
    assert found.instalments[0].invoice_on == date(2026, 12, 2)
    assert found.instalments[0].covers == Period(date(2026, 12, 2), date(2026, 12, 31))


def test_an_uplift_comes_at_the_orders_anniversaries_for_a_line_that_starts_later() -> None:
    late = line(
        1, "1200.00", uplift=Decimal(10), period=Period(date(2027, 7, 1), date(2028, 12, 31))
    )
    found = figures(late, months=24)
    assert [(one.period.start, one.amount) for one in found.lines] == [
        (date(2027, 7, 1), usd("600.00")),
        (date(2028, 1, 1), usd("1320.00")),
    ]


def test_a_one_time_charge_with_a_day_of_its_own_is_invoiced_on_it() -> None:
    day = date(2027, 6, 15)
    training = line(1, "500.00", Per.ONCE, period=Period(day, date(2027, 12, 31)))
    found = figures(line(), training)
    assert [(one.invoice_on, one.amount) for one in found.instalments] == [
        (date(2027, 1, 1), usd("1200.00")),
        (day, usd("500.00")),
    ]


def test_an_evergreen_order_on_its_own_month_days_still_adds_up() -> None:
    found = figures(line(1, "1000.00"), evergreen=True, billing=Billing.MONTHLY_ADVANCE)
    assert found.instalments[-1].amount == usd("83.37")
    assert sum((one.amount.amount for one in found.instalments), Decimal(0)) == Decimal("1000.00")


lines_of_any_shape = st.builds(
    Line,
    id=st.just("1"),
    sku=st.just("P"),
    name=st.just("P"),
    quantity=st.integers(1, 500),
    list_unit=st.integers(1, 5_000_000).map(lambda n: Money(Decimal(n).scaleb(-2), "USD")),
    per=st.sampled_from(Per),
    discount=st.integers(0, 10_000).map(lambda n: Decimal(n).scaleb(-2)),
    uplift=st.sampled_from([Decimal(0), Decimal(3), Decimal("7.25")]),
)
orders_of_any_shape = st.builds(
    Order,
    start=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    months=st.integers(1, 60),
    books=st.lists(lines_of_any_shape, min_size=1, max_size=4).map(
        lambda lines: (Book("Customer", "USD", tuple(lines)),)
    ),
    billing=st.sampled_from(Billing),
    payment=st.just(Payment(30)),
    billing_day=st.none() | st.integers(1, 31),
    rounding=st.sampled_from(Rounding),
    proration=st.sampled_from(Proration),
)


@given(orders_of_any_shape)
def test_instalments_and_years_add_up_to_the_total(any_order: Order) -> None:
    found = price_order(any_order).main
    assert sum((one.amount.amount for one in found.instalments), Decimal(0)) == found.tcv.amount
    assert sum((year.amount for year in found.yearly), Decimal(0)) == found.recurring.amount
    assert found.tcv == found.recurring + found.one_time


@given(orders_of_any_shape)
def test_every_amount_prints_in_the_minor_unit_and_invoices_stand_in_order(
    any_order: Order,
) -> None:
    found = price_order(any_order).main
    amounts = [found.tcv, found.acv, found.mrr, *found.yearly]
    assert all(amount.has_printable_decimals() for amount in amounts)
    days = [one.invoice_on for one in found.instalments]
    assert days == sorted(days)
    assert all(any_order.term.contains(one.covers) for one in found.instalments)


@given(orders_of_any_shape)
def test_blended_discount_never_exceeds_the_highest_line(any_order: Order) -> None:
    found = price_order(any_order).main
    assert found.discount_blended is None or found.discount_blended <= found.discount_highest


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(1, 60), st.sampled_from(Proration))
def test_whole_months_cost_the_same_by_every_convention(
    start: date, months: int, proration: Proration
) -> None:
    found = figures(
        line(unit="100.00", per=Per.MONTH), start=start, months=months, proration=proration
    )
    assert found.recurring == usd(f"{months}00.00")
