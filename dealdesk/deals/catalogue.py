"""The product catalogue: what may be sold, at which list price, with which support tier."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from dealdesk.deals.order import Per
from dealdesk.kernel.fields import Fields
from dealdesk.kernel.located_yaml import Located, load_yaml_file
from dealdesk.terms.money import CURRENCIES, Money, minor_units

KEYS = ("schema", "products")
PRODUCT_KEYS = ("sku", "name", "metric", "per", "list", "plan", "support_tier", "clause")


@dataclass(frozen=True, slots=True)
class Product:
    """One product: what a unit of it is, its list price in each currency, and what it brings.

    `clause` names the clause that it pays for: one who chooses that orders this, or pays its `fee`.
    """

    sku: str
    name: str
    metric: str
    per: Per
    prices: Mapping[str, Money]
    plan: str = ""
    support_tier: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Products by SKU."""

    products: Mapping[str, Product]

    def find(self, sku: str) -> Product | None:
        """Return the product, or None."""
        return self.products.get(sku)


def load_catalogue(path: Path, name: str = "") -> Catalogue:
    """Return the catalogue in a file. Raise DomainError with every problem in it."""
    return read_catalogue(load_yaml_file(path, name))


def read_catalogue(located: Located) -> Catalogue:
    """Return the catalogue of a YAML document. Raise DomainError with every problem in it."""
    root = Fields.root(located, KEYS)
    if root.text("schema") != "catalogue/1":
        root.note("wrong-schema", "schema", "This is not a catalogue/1 file.", "Write catalogue/1.")
    products: dict[str, Product] = {}
    for item in root.items("products", PRODUCT_KEYS):
        product = _product(item)
        if product.sku in products:
            item.note("duplicate-sku", "sku", f"The SKU {product.sku} stands twice.")
        products[product.sku] = product
    root.raise_problems()
    return Catalogue(products)


def _product(item: Fields) -> Product:
    return Product(
        sku=item.text("sku", longest=40),
        name=item.text("name", longest=120),
        metric=item.text("metric", longest=80),
        per=item.word("per", Per),
        prices=dict(_prices(item)),
        plan=item.text("plan", default="", longest=40),
        support_tier=item.text("support_tier", default="", longest=40),
        clause=item.text("clause", default="", longest=80),
    )


def _prices(item: Fields) -> list[tuple[str, Money]]:
    currencies = list(item.plain("list"))
    prices = item.mapping("list", sorted(CURRENCIES), required=True)
    return [
        (code, Money(prices.decimal(code, low=Decimal(0), places=minor_units(code)), code))
        for code in currencies
        if code in CURRENCIES
    ]
