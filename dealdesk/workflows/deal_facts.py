"""Gather what approval rules look at from the priced order and the chosen clauses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from dealdesk.agreements.deviations import Deviation
from dealdesk.approvals.facts import (
    DealFacts,
    Figure,
)
from dealdesk.approvals.policy import Policy
from dealdesk.deals.amounts import decimal_of
from dealdesk.deals.catalogue import Catalogue
from dealdesk.deals.deal import Deal
from dealdesk.deals.figures import OrderFigures, converted_total
from dealdesk.deals.list_prices import held_prices
from dealdesk.deals.order import FxRates, Order, PaymentFrom
from dealdesk.deals.proration import months_of
from dealdesk.terms.formatting import format_money, format_number
from dealdesk.terms.locales import locale_of
from dealdesk.workflows.clause_facts import (
    LANGUAGE,
    clause_fact,
    hours_asks,
    insurance_asks,
    no_rate,
    value_figures,
)
from dealdesk.workflows.order_facts import order_facts
from dealdesk.workflows.unpaid_clauses import unpaid_facts


@dataclass(frozen=True, slots=True)
class Passages:
    """The deal's clauses as they deviate, each passage's hash, and the owners of each family.

    `included` are the instances that the deal's tier brings, in the position that it brings.
    """

    deviations: Sequence[Deviation]
    hashes: Mapping[str, str]
    owners: Mapping[str, tuple[str, ...]]
    included: frozenset[str] = frozenset()


def facts_of(  # noqa: PLR0913 - a deal priced, its clauses, what judges it, and on which day
    deal: Deal,
    priced: OrderFigures,
    passages: Passages,
    policy: Policy,
    catalogue: Catalogue | None = None,
    *,
    on: date | None = None,
) -> DealFacts:
    """Return the deal's figures, words, clauses and insurance as rules see them.

    Records on file have to be good on the agreement's date, and on the day `on` where it is later.
    Raise DomainError when an amount has no dated rate into the policy's currency.
    """
    rates = rates_of(priced.order, policy)
    figures = [
        *_order_figures(priced),
        *_day_figures(deal, priced.order),
        *_policy_figures(deal, priced, rates),
        *_catalogue_figures(priced, catalogue),
        *(figure for one in passages.deviations for figure in value_figures(one, rates, deal)),
    ]
    return DealFacts(
        figures={figure.name: figure for figure in figures},
        words=dict(_words(deal, priced.order)),
        clauses=tuple(
            clause_fact(
                one,
                passages.hashes.get(one.choice.instance_id, ""),
                passages.owners.get(one.clause.family, (one.clause.owner,)),
            )
            for one in passages.deviations
        ),
        insurance=tuple(ask for one in passages.deviations for ask in insurance_asks(one)),
        hours=tuple(ask for one in passages.deviations for ask in hours_asks(one)),
        dated_on=max(deal.dated_on, on or deal.dated_on),
        order=(
            *order_facts(deal, priced, own_rates(priced.order, policy), catalogue),
            *unpaid_facts(passages.deviations, passages.included, priced.order, catalogue),
        ),
    )


def rates_of(order: Order, policy: Policy) -> FxRates:
    """Return the policy's dated rates, and the order's own where the policy has none."""
    own = own_rates(order, policy)
    if own is None:
        return policy.fx
    return FxRates(policy.fx.to, policy.fx.as_of, {**own.rates, **policy.fx.rates})


def own_rates(order: Order, policy: Policy) -> FxRates | None:
    """Return the order's own rates for currencies that the policy lacks, None without any.

    A seller states them, so that they never stand in place of the policy's.
    """
    own = order.fx
    if own is None or own.to != policy.fx.to:
        return None
    known = {policy.fx.to, *policy.fx.rates}
    rates = {code: rate for code, rate in own.rates.items() if code not in known}
    return FxRates(own.to, own.as_of, rates) if rates else None


def _number(number: Decimal | int) -> str:
    return format_number(Decimal(number), locale_of(LANGUAGE))


def _percent(value: Fraction) -> str:
    return f"{_number(decimal_of(value, 4))} %"


def _order_figures(priced: OrderFigures) -> Iterator[Figure]:
    order = priced.order
    highest = max(book.discount_highest for book in priced.books)
    yield Figure(
        "discount_highest", "The highest line discount", Fraction(highest), f"{_number(highest)} %"
    )
    blends = [book.discount_blended for book in priced.books if book.discount_blended is not None]
    if blends:
        blended = max(blends)
        yield Figure(
            "discount_blended", "The blended recurring discount", blended, _percent(blended)
        )
    days = 0 if order.payment.counted_from is PaymentFrom.CARD else order.payment.days
    yield Figure("payment_days", "The time to pay", Fraction(days), f"{days} days")
    months = months_of(order.term, order.proration, order.start)
    shown = _number(decimal_of(months, 2))
    length = f"{shown} month" if months == 1 else f"{shown} months"
    if order.is_expansion:
        yield Figure("joined_months", "The rest of the joined order's term", months, length)
    else:
        yield Figure("term_months", "The committed term", months, length)


def _day_figures(deal: Deal, order: Order) -> Iterator[Figure]:
    ahead = (order.start - deal.dated_on).days
    for name, label, days in (
        ("start_behind_days", "The time from the start to the agreement's date", max(-ahead, 0)),
        ("start_ahead_days", "The time from the agreement's date to the start", max(ahead, 0)),
    ):
        yield Figure(name, label, Fraction(days), f"{days} day" if days == 1 else f"{days} days")


def _policy_figures(deal: Deal, priced: OrderFigures, rates: FxRates) -> Iterator[Figure]:
    """Yield totals over all books in the policy's currency, at dated rates."""
    is_foreign = any(book.currency != rates.to for book in priced.books)
    dated = f" at rates of {_day(rates.as_of)}" if is_foreign and rates.as_of else ""
    totals = {
        "tcv_policy": ("The total contract value", [book.tcv for book in priced.books]),
        "first_year_policy": (
            "The recurring value of the first year",
            [book.yearly[0] for book in priced.books],
        ),
        "arr_policy": ("The annual recurring revenue", [book.arr_entry for book in priced.books]),
    }
    for name, (label, amounts) in totals.items():
        converted = converted_total(amounts, rates)
        if converted is None:
            raise no_rate(deal, amounts, rates, "order")
        text = f"{format_money(converted, locale_of(LANGUAGE))}{dated}"
        yield Figure(name, label, Fraction(converted.amount), text)


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _catalogue_figures(priced: OrderFigures, catalogue: Catalogue | None) -> Iterator[Figure]:
    """Yield how far entered list prices lie below the catalogue's, in percent.

    A list price that an uplift of later years takes down counts as it is in its year. Where one
    lies below, what a discount takes off besides is a figure too: two small cuts make a deep one.
    """
    if catalogue is None:
        return
    held = [one for book in priced.books for one in held_prices(book, catalogue)]
    lowest = max((one.cut for one in held if one.cut is not None), default=Fraction(0))
    yield Figure(
        "list_below_catalogue",
        "The deepest cut of a list price below the catalogue",
        lowest,
        _percent(lowest),
    )
    if lowest:
        together = max(one.net_cut for one in held if one.cut)
        yield Figure(
            "net_below_catalogue",
            "The deepest cut of a net price below the catalogue",
            together,
            _percent(together),
        )


def _words(deal: Deal, order: Order) -> Iterator[tuple[str, str]]:
    yield "billing", order.billing.value
    yield "payment_from", order.payment.counted_from.value
    yield "currency", order.books[0].currency
    yield "evergreen", str(order.evergreen).lower()
    yield "kind", "expansion" if order.is_expansion else "order"
    yield "pilot", str(order.pilot is not None).lower()
    yield "seller", deal.seller.name
    # Only what is stated prints: a blank one is no other party.
    for part, words in (("form", deal.seller.form), ("address", deal.seller.address)):
        if words:
            yield f"seller_{part}", words
    if order.tax_note:
        yield "tax", order.tax_note
    for name, fact in deal.facts.items():
        yield f"facts.{name}", str(fact).lower() if isinstance(fact, bool) else str(fact)
