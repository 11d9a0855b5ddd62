"""What an order states that no figure tells: own names, own rates, prices beyond the catalogue."""

from collections.abc import Iterator
from datetime import date

from dealdesk.approvals.facts import OrderFact, OrderSign
from dealdesk.deals.catalogue import Catalogue
from dealdesk.deals.deal import Deal
from dealdesk.deals.figures import OrderFigures
from dealdesk.deals.list_prices import by_words, held_prices
from dealdesk.deals.order import FxRates, Order
from dealdesk.kernel.hashing import sha256_json
from dealdesk.terms.formatting import format_day, format_money
from dealdesk.terms.locales import locale_of
from dealdesk.terms.money import Money
from dealdesk.terms.values import Day
from dealdesk.workflows.plan_facts import gap_fact, tier_fact

# What a decision keeps of the tested words; longer ones are told apart by their hash.
_LONGEST_TESTED = 200
_EN = locale_of("en")


def order_facts(
    deal: Deal, priced: OrderFigures, own: FxRates | None, catalogue: Catalogue | None
) -> Iterator[OrderFact]:
    """Yield everything in the order that somebody may have to look at, each with its words.

    `own` are the order's own rates for currencies that the policy lacks, None without any.
    """
    yield from _prices(priced, catalogue)
    if catalogue is not None:
        yield from _names(priced.order, catalogue)
        if (fact := tier_fact(deal.tier, priced.order, catalogue)) is not None:
            yield fact
    if (fact := gap_fact(priced.order, catalogue)) is not None:
        yield fact
    yield from _rates(own)
    yield from _terms(priced.order)
    for number, book in enumerate(priced.order.books[1:], 1):
        yield _fact(
            OrderSign.AFFILIATE,
            f"affiliate {number}",
            f"{book.party} in {book.currency}",
            "the customer alone",
            f"{book.party} orders under this agreement too, in {book.currency}.",
        )


def _fact(sign: OrderSign, subject: str, tested: str, against: str, message: str) -> OrderFact:
    if len(tested) > _LONGEST_TESTED:
        tested = f"{tested[:120]}… ({sha256_json(tested)})"
    return OrderFact(sign, subject, tested, against, message)


def _prices(priced: OrderFigures, catalogue: Catalogue | None) -> Iterator[OrderFact]:
    for number, book in enumerate(priced.books):
        seen: set[str] = set()
        for held in held_prices(book, catalogue):
            line = held.line.line
            if held.cut is not None or line.id in seen:
                continue
            seen.add(line.id)
            price = f"{_money(line.list_unit)} {by_words(line.per)}"
            rise = f", {line.uplift} % more each year" if line.uplift else ""
            yield _fact(
                OrderSign.PRICE_NOT_LISTED,
                _line(number, line.id),
                f"{line.sku} at {price}{rise}",
                held.why,
                f"{line.sku} is sold at {price}, and {held.why}.",
            )


def _names(order: Order, catalogue: Catalogue) -> Iterator[OrderFact]:
    for number, book in enumerate(order.books):
        for line in book.lines:
            product = catalogue.find(line.sku)
            if product is None or line.name == product.name:
                continue
            yield _fact(
                OrderSign.OWN_NAME,
                _line(number, line.id),
                f"{line.sku}: {line.name}",
                product.name,
                f"{line.sku} prints as “{line.name}”; the catalogue says “{product.name}”.",
            )


def _rates(own: FxRates | None) -> Iterator[OrderFact]:
    for code, rate in sorted(own.rates.items()) if own else ():
        dated = f" of {_day(own.as_of)}" if own and own.as_of else ""
        yield _fact(
            OrderSign.OWN_RATE,
            f"rate {code}",
            f"{rate}{dated}",
            "a rate of the policy",
            f"{code} is counted at {rate}{dated}, the order's own rate; the policy has none.",
        )


def _terms(order: Order) -> Iterator[OrderFact]:
    for number, option in enumerate(order.options, 1):
        words = f"{option.months} months for {_money(option.amount)}"
        yield _fact(
            OrderSign.OPTIONAL_TERM,
            f"option {number}",
            words,
            "no option",
            f"The customer may extend the order by {words}.",
        )
    if order.coterm is not None:
        ends = _day(order.coterm.ends_on)
        yield _fact(
            OrderSign.JOINED_ORDER,
            "joined order",
            f"{order.coterm.order} until {ends}",
            "a term of its own",
            f"The order joins “{order.coterm.order}” and ends with it on {ends}.",
        )
    if order.pilot is not None:
        pilot = order.pilot
        words = f"{pilot.days} days for {_money(pilot.fee)}"
        after = "the order follows by itself" if pilot.converts else "the order does not follow"
        yield _fact(
            OrderSign.PILOT,
            "pilot",
            f"{words}, {after}",
            "no pilot",
            f"A pilot of {words} goes before the order; {after}.",
        )


def _line(book: int, line: str) -> str:
    return f"affiliate {book}, line {line}" if book else f"line {line}"


def _money(amount: Money) -> str:
    return format_money(amount, _EN)


def _day(day: date) -> str:
    return format_day(Day(day), _EN)
