"""Gather what approval rules look at from the priced order and the chosen clauses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from dealdesk.agreements.deviations import Deviation
from dealdesk.approvals.facts import (
    ClauseFact,
    DealFacts,
    Figure,
    InsuranceAsk,
    OwnApprover,
)
from dealdesk.approvals.policy import Policy
from dealdesk.deals.amounts import decimal_of
from dealdesk.deals.catalogue import Catalogue
from dealdesk.deals.deal import Deal, Fact
from dealdesk.deals.figures import OrderFigures, converted_total
from dealdesk.deals.order import FxRates, Line, Order, PaymentFrom
from dealdesk.deals.proration import months_of
from dealdesk.kernel.errors import DomainError
from dealdesk.terms.formatting import format_money, format_number, format_value
from dealdesk.terms.locales import locale_of
from dealdesk.terms.money import Money
from dealdesk.terms.value_types import TypedValue, ValueType, number_of
from dealdesk.terms.values import Duration, Table, TextValue, Value

LANGUAGE = "en"
INSURANCE_TAG = "insurance"


@dataclass(frozen=True, slots=True)
class Passages:
    """The deal's clauses as they deviate, each passage's hash, and the owners of each family."""

    deviations: Sequence[Deviation]
    hashes: Mapping[str, str]
    owners: Mapping[str, tuple[str, ...]]


def facts_of(
    deal: Deal,
    priced: OrderFigures,
    passages: Passages,
    policy: Policy,
    catalogue: Catalogue | None = None,
) -> DealFacts:
    """Return the deal's figures, words, clauses and insurance as rules see them.

    Raise DomainError when an amount has no dated rate into the policy's currency.
    """
    rates = rates_of(priced.order, policy)
    figures = [
        *_order_figures(priced),
        *_policy_figures(deal, priced, rates),
        *_catalogue_figures(priced, catalogue),
        *(figure for one in passages.deviations for figure in _value_figures(one, rates, deal)),
    ]
    return DealFacts(
        figures={figure.name: figure for figure in figures},
        words=dict(_words(priced.order, deal.facts)),
        clauses=tuple(
            clause_fact(
                one,
                passages.hashes.get(one.choice.instance_id, ""),
                passages.owners.get(one.clause.family, (one.clause.owner,)),
            )
            for one in passages.deviations
        ),
        insurance=tuple(ask for one in passages.deviations for ask in insurance_asks(one)),
        dated_on=deal.dated_on,
    )


def rates_of(order: Order, policy: Policy) -> FxRates:
    """Return the order's own dated rates over the policy's, into the policy's currency."""
    own = order.fx
    if own is None or own.to != policy.fx.to:
        return policy.fx
    return FxRates(own.to, own.as_of, {**policy.fx.rates, **own.rates})


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
    if not order.is_expansion:
        months = months_of(order.term, order.proration, order.start)
        shown = _number(decimal_of(months, 2))
        length = f"{shown} month" if months == 1 else f"{shown} months"
        yield Figure("term_months", "The committed term", months, length)


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
            raise _no_rate(deal, amounts, rates, "order")
        text = f"{format_money(converted, locale_of(LANGUAGE))}{dated}"
        yield Figure(name, label, Fraction(converted.amount), text)


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _no_rate(deal: Deal, amounts: Sequence[Money], rates: FxRates, path: str) -> DomainError:
    missing = sorted({one.currency for one in amounts if rates.converted(one) is None})
    return DomainError.of(
        "no-rate",
        f"There is no rate from {', '.join(missing)} to {rates.to}, which approvals are tested in.",
        place=deal.source.place(path),
        remedy="Add it under “fx” with its date, in the deal or in the policy.",
    )


def _catalogue_figures(priced: OrderFigures, catalogue: Catalogue | None) -> Iterator[Figure]:
    """Yield how far entered list prices lie below the catalogue's, in percent."""
    if catalogue is None:
        return
    cuts = [_list_cut(line, catalogue) for book in priced.order.books for line in book.lines]
    lowest = max(cuts, default=Fraction(0))
    yield Figure(
        "list_below_catalogue",
        "The deepest cut of a list price below the catalogue",
        lowest,
        _percent(lowest),
    )


def _list_cut(line: Line, catalogue: Catalogue) -> Fraction:
    product = catalogue.find(line.sku)
    listed = product.prices.get(line.list_unit.currency) if product else None
    if product is None or listed is None or product.per is not line.per or not listed.amount:
        return Fraction(0)
    cut = 1 - Fraction(line.list_unit.amount) / Fraction(listed.amount)
    return max(100 * cut, Fraction(0))


def _value_figures(deviation: Deviation, rates: FxRates, deal: Deal) -> Iterator[Figure]:
    """Yield each number that the clause states as a figure named `instance/variable`.

    A length of time names its unit too, `instance/variable:hours`; money is tested in the
    policy's currency.
    """
    instance = deviation.choice.instance_id
    for variable in deviation.clause.variables:
        value = deviation.choice.values.get(variable.id)
        if value is None:
            continue
        for name, typed in _cells(variable.id, TypedValue(variable.type, value)):
            tested = typed.value
            if isinstance(tested, Money):
                converted = rates.converted(tested)
                if converted is None:
                    path = f"clauses.{instance}.values.{variable.id}"
                    raise _no_rate(deal, [tested], rates, path)
                tested = converted
            number = number_of(tested)
            if number is not None:
                unit = f":{tested.unit}" if isinstance(tested, Duration) else ""
                yield Figure(
                    f"{instance}/{name}{unit}",
                    f"{deviation.clause.title} ({name.replace('_', ' ').replace('.', ', ')})",
                    Fraction(number),
                    format_value(typed.value, typed.type, LANGUAGE),
                )


def _cells(name: str, typed: TypedValue) -> Iterator[tuple[str, TypedValue]]:
    if not isinstance(typed.value, Table):
        yield name, typed
        return
    for row in typed.value.rows:
        for column, cell in zip(typed.type.columns, row.cells, strict=True):
            yield f"{name}.{row.key}.{column.id}", TypedValue(column.type, cell)


def _words(order: Order, facts: Mapping[str, Fact]) -> Iterator[tuple[str, str]]:
    yield "billing", order.billing.value
    yield "payment_from", order.payment.counted_from.value
    yield "currency", order.books[0].currency
    yield "evergreen", str(order.evergreen).lower()
    yield "kind", "expansion" if order.is_expansion else "order"
    yield "pilot", str(order.pilot is not None).lower()
    for name, fact in facts.items():
        yield f"facts.{name}", str(fact).lower() if isinstance(fact, bool) else str(fact)


def clause_fact(deviation: Deviation, passage: str, owners: tuple[str, ...]) -> ClauseFact:
    """Return one chosen clause as rules see it."""
    clause, position = deviation.clause, deviation.position
    return ClauseFact(
        instance=deviation.choice.instance_id,
        clause=clause.id,
        family=clause.family,
        title=clause.title,
        position=position.id,
        rank=position.rank,
        order=position.order,
        passage=passage,
        owners=owners,
        tags=clause.tags,
        free_text=deviation.choice.override is not None,
        out_of_bounds=deviation.out_of_bounds,
        approvers=tuple(OwnApprover(one.role, one.reason) for one in deviation.approvers),
    )


def insurance_asks(deviation: Deviation) -> Iterator[InsuranceAsk]:
    """Yield each row of an insurance clause's tables that states limits in money.

    A row is a coverage; its `per_claim` and `aggregate` columns are its limits.
    """
    if INSURANCE_TAG not in deviation.clause.tags:
        return
    for variable in deviation.clause.variables:
        value = deviation.choice.values.get(variable.id)
        if isinstance(value, Table):
            for row in value.rows:
                yield _ask(deviation, variable.type, row.key, row.cells)


def _ask(deviation: Deviation, type_: ValueType, key: str, cells: Sequence[Value]) -> InsuranceAsk:
    by_column = {column.id: cell for column, cell in zip(type_.columns, cells, strict=True)}
    return InsuranceAsk(
        instance=deviation.choice.instance_id,
        coverage=key,
        title=_coverage_title(key, by_column),
        per_claim=_money(by_column.get("per_claim")),
        aggregate=_money(by_column.get("aggregate")),
    )


def _money(cell: Value | None) -> Money | None:
    return cell if isinstance(cell, Money) else None


def _coverage_title(key: str, cells: Mapping[str, Value]) -> str:
    """Return what the row calls itself in a `policy` column, else its key in words."""
    match cells.get("policy"):
        case TextValue(text=text):
            return text
        case _:
            return f"{key.replace('_', ' ').capitalize()} insurance"
