"""Clauses that a product of the catalogue pays for, chosen without it and without its price."""

from collections.abc import Collection, Iterator, Sequence

from dealdesk.agreements.deviations import Deviation
from dealdesk.approvals.facts import OrderFact, OrderSign
from dealdesk.deals.catalogue import Catalogue, Product
from dealdesk.deals.order import Order
from dealdesk.terms.formatting import format_money
from dealdesk.terms.locales import locale_of
from dealdesk.terms.money import Money
from dealdesk.workflows.clause_facts import is_stated
from dealdesk.workflows.plan_facts import days_without, ordered_lines

FEE = "fee"
_EN = locale_of("en")


def unpaid_facts(
    deviations: Sequence[Deviation],
    included: Collection[str],
    order: Order,
    catalogue: Catalogue | None,
) -> Iterator[OrderFact]:
    """Yield each chosen clause whose product isn't ordered for the term, with a fee below its list.

    `included` are the instances that the deal's tier brings free, in the position it brings.
    """
    products = catalogue.products.values() if catalogue else ()
    paying = {product.clause: product for product in products if product.clause}
    for one in deviations:
        product = paying.get(one.clause.id)
        if product is None or one.choice.instance_id in included or _is_ordered(product, order):
            continue
        fee = _fee(one)
        listed = product.prices.get(fee.currency) if fee else None
        if fee and listed and fee.amount >= listed.amount:
            continue
        stated = f"a fee of {format_money(fee, _EN)}" if fee else "no fee"
        wanted = f"{format_money(listed, _EN)} a year" if listed else "its list price"
        yield OrderFact(
            OrderSign.CLAUSE_UNPAID,
            one.choice.instance_id,
            stated,
            f"{product.sku} for the whole term, or {wanted}",
            f"“{one.clause.title}” is promised for {stated}, and {product.sku} is not ordered for "
            "the whole term.",
        )


def _is_ordered(product: Product, order: Order) -> bool:
    lines = (line for line in ordered_lines(order) if line.sku == product.sku)
    return not days_without(lines, order)


def _fee(deviation: Deviation) -> Money | None:
    value = deviation.choice.values.get(FEE)
    return value if isinstance(value, Money) and is_stated(FEE, deviation) else None
