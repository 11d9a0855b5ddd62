"""A small library and inputs made from it, for tests of agreements."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

from dealdesk.agreements.choosing import Ask, choose
from dealdesk.agreements.model import Inputs, Signer
from dealdesk.clauses.loader import load_library
from dealdesk.clauses.model import Library
from dealdesk.deals.order import Billing, Book, Line, Order, Payment, Per
from dealdesk.kernel.located_yaml import Data
from dealdesk.terms.money import Money


@cache
def sample_library() -> Library:
    """Return the small library beside this file."""
    return load_library(Path(__file__).parent / "library")


def sample_order() -> Order:
    """Return an order of one line over three years."""
    line = Line("seats", "SEAT", "Seats", 100, Money(Decimal(480), "USD"), Per.YEAR, Decimal(10))
    return Order(
        date(2027, 3, 1), 36, (Book("", "USD", (line,)),), Billing.ANNUAL_ADVANCE, Payment(30)
    )


def sample_inputs(position: str = "standard", values: Mapping[str, Data] | None = None) -> Inputs:
    """Return inputs with the uptime clause at a position and with values given by the deal."""
    library = sample_library()
    template = library.agreements["sample"]
    asks = {"uptime": Ask("uptime", position, values or {})}
    return Inputs(
        number="DD-2027-001",
        title="Sample Agreement",
        agreement="sample",
        language="en",
        dated_on=date(2027, 1, 15),
        provider=Signer(
            "Example Cloud Inc.", "a Delaware corporation", "1 Example Way, Springfield"
        ),
        customer=Signer("Sample Freight Cooperative", "a cooperative", "2 Sample Street, Ohio"),
        order=sample_order(),
        facts=MappingProxyType({"regions": 2}),
        choices=choose(template, library, asks),
        precedence=template.precedence,
        library_sha256=library.sha256,
    )
