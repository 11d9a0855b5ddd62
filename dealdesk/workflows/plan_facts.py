"""On which days of its term an order has a plan: one for a day brings no terms for a year."""

from collections.abc import Iterable, Iterator
from datetime import date

from dealdesk.approvals.facts import OrderFact, OrderSign
from dealdesk.deals.catalogue import Catalogue
from dealdesk.deals.order import Line, Order
from dealdesk.deals.periods import Period
from dealdesk.deals.pricing import line_period
from dealdesk.terms.formatting import format_day
from dealdesk.terms.locales import locale_of
from dealdesk.terms.values import Day

_EN = locale_of("en")


def tier_fact(tier: str, order: Order, catalogue: Catalogue) -> OrderFact | None:
    """Return that no line sells the tier's plan for the whole term, None where one does."""
    sold = [(line, plan) for line in ordered_lines(order) if (plan := _plan(line, catalogue))]
    gaps = days_without((line for line, plan in sold if plan == tier), order)
    if not tier or not gaps:
        return None
    plans = ", ".join(sorted({plan for _, plan in sold})) or "none"
    if not any(plan == tier for _, plan in sold):
        tested, words = f"{tier}, sold: {plans}", "no line sells that plan"
    else:
        tested = f"{tier}, not {_spans(gaps)}; sold: {plans}"
        words = f"no line sells that plan {_spans(gaps)}"
    return OrderFact(
        OrderSign.TIER_NOT_SOLD,
        "tier",
        tested,
        "the plan that is sold for the whole term",
        f"Clauses follow the tier “{tier}”, and {words}.",
    )


def gap_fact(order: Order, catalogue: Catalogue | None) -> OrderFact | None:
    """Return on which days of the term no plan runs, None where one always does.

    An order without a plan, such as one of add-ons alone, is held by all that it charges over time;
    one of single charges has nothing that could stop.
    """
    running = [line for line in ordered_lines(order) if line.is_recurring]
    plans = [line for line in running if _plan(line, catalogue)]
    gaps = days_without(plans or running, order)
    if not running or not gaps:
        return None
    what = "the plan" if plans else "what is charged over time"
    return OrderFact(
        OrderSign.PLAN_NOT_WHOLE_TERM,
        "plan",
        f"not {_spans(gaps)}",
        "the whole term",
        f"{what[0].upper()}{what[1:]} does not run for the whole term: not {_spans(gaps)}.",
    )


def days_without(lines: Iterable[Line], order: Order) -> tuple[Period, ...]:
    """Return the days of the term on which none of these lines runs."""
    term, gaps = order.term, []
    first = term.start
    for period in sorted(line_period(line, order) for line in lines):
        if period.start > first:
            gaps.append(Period(first, Period.of_days(period.start, -1).end))
        first = max(first, period.after)
    if first <= term.end:
        gaps.append(Period(first, term.end))
    return tuple(gaps)


def ordered_lines(order: Order) -> Iterator[Line]:
    """Yield what is ordered; a credit gives money back and orders nothing."""
    return (line for book in order.books for line in book.lines if not line.is_credit)


def _plan(line: Line, catalogue: Catalogue | None) -> str:
    product = catalogue.find(line.sku) if catalogue else None
    return product.plan if product else ""


def _spans(gaps: tuple[Period, ...]) -> str:
    named = [_span(gap) for gap in gaps[:3]]
    more = f" and {len(gaps) - 3} more times" if len(gaps) > 3 else ""  # noqa: PLR2004
    return f"{', '.join(named)}{more}"


def _span(gap: Period) -> str:
    if gap.start == gap.end:
        return f"on {_day(gap.start)}"
    return f"from {_day(gap.start)} to {_day(gap.end)}"


def _day(day: date) -> str:
    return format_day(Day(day), _EN)
