"""Read the lines of an order: products, prices, discounts, and the days they are charged for."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dealdesk.deals.catalogue import Catalogue, Product
from dealdesk.deals.order import Line, Per
from dealdesk.deals.periods import MONTHS_A_YEAR, Period, contract_years
from dealdesk.kernel.fields import Fields
from dealdesk.terms.money import Money, minor_units

LINE_KEYS = (
    "sku", "name", "quantity", "list_unit", "per", "discount_pct", "uplift_pct", "year", "start",
    "end",
)  # fmt: skip
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
LONGEST_TERM = 240
MOST_LINES = 500
# Keeps every sum of an order within the 28 digits that decimals carry exactly.
LARGEST_AMOUNT = 10**12


@dataclass(frozen=True, slots=True)
class LineContext:
    """What reading a line needs to know of its order."""

    currency: str
    term: Period | None
    catalogue: Catalogue | None


def read_day(fields: Fields, key: str) -> date:
    """Return a date of the years 2000 to 2100."""
    day = fields.day(key) or EARLIEST
    if not EARLIEST <= day <= LATEST:
        fields.note("out-of-range", key, f"“{key}” is {day}; years 2000 to 2100 are read.")
        return EARLIEST
    return day


def read_amount(fields: Fields, key: str, currency: str, low: Decimal | None = None) -> Money:
    """Return an amount in a currency, with its decimals at most."""
    places = minor_units(currency)
    return Money(fields.decimal(key, low=low, high=LARGEST_AMOUNT, places=places), currency)


def read_lines(owner: Fields, context: LineContext) -> tuple[Line, ...]:
    """Return the lines under “lines”; there has to be one."""
    items = owner.items("lines", LINE_KEYS)
    if not items and not isinstance(owner.data.get("lines"), str | int):
        owner.note("no-lines", "lines", "There are no lines to price.", "Add one under “lines”.")
    if len(items) > MOST_LINES:
        owner.note("too-many-lines", "lines", f"There are more than {MOST_LINES} lines.")
    return tuple(_line(item, str(number), context) for number, item in enumerate(items, 1))


def _line(item: Fields, number: str, context: LineContext) -> Line:
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
        return read_amount(item, "list_unit", currency)
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
    uplift = item.decimal("uplift_pct", default=Decimal(0), low=0, high=100, places=4)
    if uplift and per in {Per.TERM, Per.ONCE}:
        item.note(
            "no-uplift",
            "uplift_pct",
            "Only a price by month or by year can rise at an anniversary.",
            "Delete “uplift_pct”, or price the line by month or year.",
        )
    return uplift


def _year(item: Fields, per: Per, context: LineContext) -> int | None:
    if not item.has("year"):
        return None
    years = len(contract_years(context.term)) if context.term else LONGEST_TERM // MONTHS_A_YEAR
    year = item.integer("year", low=1, high=years)
    if per is Per.ONCE:
        item.note(
            "one-time-year", "year", "A one-time charge has no contract year.", "Give its “start”."
        )
    return min(max(year, 1), years)


def _line_period(item: Fields, context: LineContext) -> Period | None:
    if not item.has("start") and not item.has("end"):
        return None
    if item.has("year"):
        item.note("two-periods", "start", "The line has a year and days of its own.", "Keep one.")
    if context.term is None:
        return None
    start = read_day(item, "start") if item.has("start") else context.term.start
    end = read_day(item, "end") if item.has("end") else context.term.end
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
