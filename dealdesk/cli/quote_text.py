"""A quote as a table for people."""

from collections.abc import Iterator, Sequence
from datetime import date

from dealdesk.agreements.order_values import BILLING
from dealdesk.approvals.assessment import Requirement
from dealdesk.approvals.lapses import lapse_of
from dealdesk.cli.edge import columns
from dealdesk.deals.amounts import decimal_of
from dealdesk.deals.figures import DEFINITIONS, BookFigures
from dealdesk.deals.periods import Period, contract_years
from dealdesk.deals.pricing import PricedLine
from dealdesk.deals.schedule import payment_rule
from dealdesk.terms.formatting import format_money, format_number
from dealdesk.terms.locales import locale_of
from dealdesk.terms.money import Money
from dealdesk.workflows.quoting import Quote

_EN = locale_of("en")


def quote_text(quote: Quote) -> str:
    """Return the whole quote in sections: order, lines, years, figures, invoices, approvals."""
    parts = [*_head(quote)]
    for book in quote.priced.books:
        parts += _book(book, quote)
    parts += [*_approvals(quote), *_blocked(quote), *_findings(quote), _verdict(quote)]
    return "\n".join(parts)


def _head(quote: Quote) -> Iterator[str]:
    order = quote.priced.order
    length = f"{order.months} months" if order.months else "to the end of the base order"
    yield f"{quote.deal.number}: {quote.deal.title}"
    yield f"{quote.deal.seller.name} to {quote.deal.customer.name}"
    yield f"{_days(order.term)}, {length}; billed {BILLING.label(order.billing)}."
    yield payment_rule(order)
    if order.is_expansion and order.coterm:
        yield f"An expansion of {order.coterm.order}: it ends with it and changes nothing in it."
    if order.evergreen:
        yield "Runs on from month to month after the committed term."
    if order.pilot:
        pilot = order.pilot
        yield f"Pilot {_days(pilot.period(order.start))} for {_money(pilot.fee)}."
    for option in order.options:
        yield f"Option of {option.months} more months for {_money(option.amount)}, not in TCV."


def _book(book: BookFigures, quote: Quote) -> Iterator[str]:
    yield from _section(f"Lines, {book.party} in {book.currency}")
    yield _table(
        ("#", "Product", "Quantity", "List unit", "Discount", "Net unit", "Per", "Days", "Amount"),
        [
            (
                priced.line.id,
                priced.line.name,
                f"{priced.line.quantity:,}",
                _number(priced.list_unit),
                f"{priced.line.discount.normalize():f} %",
                _number(priced.net_unit),
                priced.line.per.value,
                _line_days(priced),
                _number(priced.amount),
            )
            for priced in book.lines
        ],
        right={2, 3, 4, 5, 8},
    )
    yield from _section("Contract years (recurring)")
    years = zip(contract_years(quote.priced.order.term), book.yearly, strict=True)
    rows = [(str(n), _days(year), _number(amount)) for n, (year, amount) in enumerate(years, 1)]
    yield _table(("Year", "Days", "Amount"), rows, right={2})
    yield from _section("Figures")
    yield _table(("Figure", "Amount", "Meaning"), list(_figures(book, quote)), right={1})
    yield from _section("Invoices")
    yield _table(
        ("Invoiced", "Due", "Covers", "Amount"),
        [
            (
                _day(one.invoice_on),
                _day(one.due_on) if one.due_on else "on receipt",
                _days(one.covers),
                _number(one.amount),
            )
            for one in book.instalments
        ],
        right={3},
    )


def _line_days(priced: PricedLine) -> str:
    return _days(priced.period) if priced.line.is_recurring else _day(priced.period.start)


def _figures(book: BookFigures, quote: Quote) -> Iterator[tuple[str, str, str]]:
    yield "TCV", _money(book.tcv), DEFINITIONS["tcv"]
    yield "ACV", _money(book.acv), quote.priced.acv_definition()
    yield "ARR at entry", _money(book.arr_entry), DEFINITIONS["arr_entry"]
    yield "ARR at exit", _money(book.arr_exit), DEFINITIONS["arr_exit"]
    yield "MRR", _money(book.mrr), DEFINITIONS["mrr"]
    if book.discount_blended is not None:
        blended = f"{decimal_of(book.discount_blended, 4)} %"
        yield "Blended discount", blended, DEFINITIONS["discount_blended"]


def _approvals(quote: Quote) -> Iterator[str]:
    yield from _section(f"Approvals by {quote.assessment.policy}")
    if not quote.assessment.requirements:
        yield "None needed."
    for requirement in quote.assessment.requirements:
        yield from _requirement(requirement, quote)
    for one in quote.standing.not_counted:
        yield f"Not counted as {quote.policy.roles.get(one.decision.role, one.decision.role)}:"
        yield from (f"   {fault}" for fault in one.faults)


def _requirement(requirement: Requirement, quote: Quote) -> Iterator[str]:
    by = {(one.role, one.reason): one.decision for one in quote.standing.covered}
    yield f"{requirement.stage}. {requirement.title}"
    for reason in requirement.reasons:
        decision = by.get((requirement.role, reason))
        if decision:
            yield f"   ✓ {reason.message} {decision.person}, {_day(decision.at.date())}."
            continue
        lapse = lapse_of(requirement.role, reason, quote.deal.decisions, quote.policy)
        yield f"   ○ {reason.message} {f'Lapsed: {lapse.message}' if lapse else 'Open.'}"


def _blocked(quote: Quote) -> Iterator[str]:
    if quote.standing.blocked:
        yield from _section("Blocked")
    for walk_away in quote.standing.blocked:
        roles = " and ".join(quote.policy.roles[role] for role in walk_away.exception_roles)
        yield f"✗ {walk_away.reason.subject}: {walk_away.reason.message}"
        yield f"  Counter it, or have {roles} record an exception."


def _findings(quote: Quote) -> Iterator[str]:
    if quote.findings:
        yield from _section("Lint findings")
    for finding in quote.findings:
        yield f"{finding.level} {finding.problem.code}: {finding.problem.message}"


def _verdict(quote: Quote) -> str:
    blocked, waiting = len(quote.standing.blocked), len(quote.standing.open)
    if blocked:
        return f"\nBlocked by {_count(blocked, 'position')}; {_count(waiting, 'approval')} open."
    if waiting:
        return f"\n{_count(waiting, 'approval').capitalize()} open."
    return "\nNothing is open."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _section(title: str) -> Iterator[str]:
    yield f"\n{title}"


def _table(
    head: Sequence[str], rows: Sequence[Sequence[str]], right: set[int] | None = None
) -> str:
    """Return columns with the given ones flush right, as figures stand."""
    flush = right or set()
    widths = {i: max(len(row[i]) for row in (head, *rows)) for i in flush}
    aligned = [
        [cell.rjust(widths[i]) if i in flush else cell for i, cell in enumerate(row)]
        for row in (head, *rows)
    ]
    return columns(aligned[0], aligned[1:])


def _number(money: Money) -> str:
    decimals = -int(money.rounded().amount.as_tuple().exponent)
    exact = money.amount if not money.has_printable_decimals() else money.rounded().amount
    return format_number(exact, _EN, None if exact != money.rounded().amount else decimals)


def _money(money: Money) -> str:
    return format_money(money, _EN)


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _days(period: Period) -> str:
    return f"{_day(period.start)} to {_day(period.end)}"
