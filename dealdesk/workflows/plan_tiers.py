"""What a new deal starts with when it is made from a plan tier."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from dealdesk.clauses.model import Library, Tier
from dealdesk.deals.catalogue import Catalogue, Product
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import Data

DEFAULT_MONTHS = 12
DEFAULT_PAYMENT_DAYS = 30
DEFAULT_BILLING = "annual_advance"


@dataclass(frozen=True, slots=True)
class TierOffer:
    """A plan tier as sales sees it: its words, its product, and the clauses that it brings."""

    id: str
    title: str
    summary: str
    sku: str
    product: str
    clauses: tuple[str, ...]


def tier_offers(library: Library, catalogue: Catalogue) -> tuple[TierOffer, ...]:
    """Return the plan tiers in the order of their file, the smallest first."""
    return tuple(_offers(library, catalogue))


def _offers(library: Library, catalogue: Catalogue) -> Iterator[TierOffer]:
    for tier in library.tiers.values():
        product = catalogue.find(tier.sku)
        yield TierOffer(
            id=tier.id,
            title=tier.title,
            summary=tier.summary,
            sku=tier.sku,
            product=product.name if product else tier.sku,
            clauses=tuple(library.clauses[name].title for name in tier.clauses),
        )


def new_deal_defaults(
    tier_id: str, library: Library, catalogue: Catalogue, start: date, currency: str = "USD"
) -> Mapping[str, Data]:
    """Return the parts of a deal file (deal/1) that follow from a tier.

    They are the tier, its agreement, and an order of its product from `start`; number, title,
    people and parties are for the deal to say. Clauses need not be written: they follow from the
    tier when the deal is read. Raise DomainError for a tier or product that does not exist, or one
    without a price in the currency.
    """
    tier = library.tiers.get(tier_id)
    if tier is None:
        raise DomainError.of(
            "tier-absent",
            f"The library has no plan tier “{tier_id}”.",
            remedy=f"Use one of {', '.join(library.tiers)}.",
        )
    product = _product(tier, catalogue, currency)
    return {
        "schema": "deal/1",
        "language": "en",
        "agreement": tier.agreement,
        "tier": tier.id,
        "order": {
            "start": start.isoformat(),
            "months": DEFAULT_MONTHS,
            "currency": currency,
            "billing": DEFAULT_BILLING,
            "payment": {"days": DEFAULT_PAYMENT_DAYS},
            "lines": [{"sku": product.sku, "quantity": 1}],
        },
    }


def _product(tier: Tier, catalogue: Catalogue, currency: str) -> Product:
    product = catalogue.find(tier.sku)
    if product is None:
        raise DomainError.of(
            "product-absent", f"The catalogue has no product {tier.sku} for the tier {tier.title}."
        )
    if currency not in product.prices:
        raise DomainError.of(
            "no-price",
            f"{product.name} has no list price in {currency}.",
            remedy=f"Use one of {', '.join(product.prices)}.",
        )
    return product
