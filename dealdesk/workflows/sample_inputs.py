"""Fictional parties and an order, to see a library's text with values in it."""

from datetime import date
from decimal import Decimal
from types import MappingProxyType

from dealdesk.agreements.model import Inputs, Signer
from dealdesk.clauses.model import AgreementTemplate, Library
from dealdesk.deals.order import Billing, Book, Line, Order, Payment, Per
from dealdesk.terms.money import Money

SAMPLE_DAY = date(2027, 1, 1)


def sample_inputs(agreement: AgreementTemplate, library: Library) -> Inputs:
    """Return inputs of an agreement without any clause chosen yet."""
    line = Line("seats", "SEAT", "Seats", 100, Money(Decimal(480), "USD"), Per.YEAR)
    return Inputs(
        number="SAMPLE-1",
        title=agreement.title,
        agreement=agreement.id,
        language=agreement.language,
        dated_on=SAMPLE_DAY,
        provider=Signer("Example Cloud Inc.", "a Delaware corporation", "1 Example Way"),
        customer=Signer("Sample Freight Cooperative", "a cooperative", "2 Sample Street"),
        order=Order(
            SAMPLE_DAY, 36, (Book("", "USD", (line,)),), Billing.ANNUAL_ADVANCE, Payment(30)
        ),
        facts=MappingProxyType({"regions": 2}),
        choices=(),
        precedence=agreement.precedence,
        library_sha256=library.sha256,
    )
