"""Hold an order's list prices against the catalogue's, whatever each of them pays for."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from dealdesk.deals.catalogue import Catalogue, Product
from dealdesk.deals.figures import BookFigures
from dealdesk.deals.order import Per
from dealdesk.deals.periods import MONTHS_A_YEAR
from dealdesk.deals.pricing import PricedLine


@dataclass(frozen=True, slots=True)
class HeldPrice:
    """A priced line's list price against the catalogue's.

    `cut` is how far it lies below, in percent, both prices brought to a year. It is None where
    there is nothing to hold it against; `why` then says so: "the catalogue has no price in CHF".
    """

    line: PricedLine
    cut: Fraction | None
    why: str = ""

    @property
    def net_cut(self) -> Fraction:
        """How far the price after the line's discount lies below the catalogue's, in percent."""
        kept = (100 - (self.cut or 0)) * (100 - Fraction(self.line.line.discount))
        return 100 - kept / 100


def held_prices(book: BookFigures, catalogue: Catalogue | None) -> Iterator[HeldPrice]:
    """Yield each priced line of a book, one for each year of an uplift, with its cut."""
    for priced in book.lines:
        product = catalogue.find(priced.line.sku) if catalogue else None
        if product is None:
            yield HeldPrice(priced, None, "the catalogue does not have it")
        else:
            yield _held(priced, product)


def _held(priced: PricedLine, product: Product) -> HeldPrice:
    currency = priced.list_unit.currency
    listed = product.prices.get(currency)
    if listed is None:
        return HeldPrice(priced, None, f"the catalogue has no price in {currency}")
    ratio = _comparable(priced, product.per)
    if ratio is None:
        return HeldPrice(priced, None, f"the catalogue prices it {by_words(product.per)}")
    entered, wanted = Fraction(priced.list_unit.amount) * ratio, Fraction(listed.amount)
    if not wanted:
        free = HeldPrice(priced, Fraction(0))
        return free if entered >= 0 else HeldPrice(priced, None, "the catalogue has it for nothing")
    return HeldPrice(priced, max(100 * (1 - entered / wanted), Fraction(0)))


def _comparable(priced: PricedLine, listed: Per) -> Fraction | None:
    """Return what the entered price is multiplied by to pay for what the catalogue's pays for.

    None where no time makes them alike: a charge made once says nothing about one over time.
    """
    entered = priced.line.per
    if entered is listed:
        return Fraction(1)
    a_year = _times_a_year(entered, priced.months)
    listed_a_year = None if listed is Per.TERM else _times_a_year(listed, priced.months)
    return None if a_year is None or listed_a_year is None else a_year / listed_a_year


def _times_a_year(per: Per, months: Fraction) -> Fraction | None:
    match per:
        case Per.MONTH:
            return Fraction(MONTHS_A_YEAR)
        case Per.YEAR:
            return Fraction(1)
        case Per.TERM:
            return MONTHS_A_YEAR / months if months else None
        case Per.ONCE:
            return None


def by_words(per: Per) -> str:
    """Return what a price pays for in words: "by the year", "once"."""
    return "once" if per is Per.ONCE else f"by the {per.value}"
