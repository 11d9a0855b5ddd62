"""Refuse periods of which not everything is known: what nobody saw is never 100 %."""

from collections.abc import Sequence
from datetime import UTC, datetime

from dealdesk.availability.history import History
from dealdesk.availability.in_force import InForce
from dealdesk.kernel.errors import DomainError
from dealdesk.sla.availability_terms import MeasureKind
from dealdesk.terms.periods import MeasuredPeriod


class PeriodNotCoveredError(DomainError):
    """The history does not reach over the period; what is not known is never 100 %."""


def refuse_gap(
    found: Sequence[InForce], history: History, observed: int, period: MeasuredPeriod
) -> None:
    """Raise PeriodNotCoveredError where something of the parts in force is not known."""
    holes = [
        hole for one in found for hole in history.uncovered(one.span.start, one.span.end, observed)
    ]
    if found and not holes:
        _refuse_uncounted(found, history, period)
        return
    since, known = (
        _instant(t) for t in (history.covered_from, min(history.covered_until, observed))
    )
    message = f"The history covers {since} to {known}, not all of {period.name}."
    inner = [hole for hole in holes if hole in history.gaps]
    if inner:
        spans = ", ".join(f"{_instant(a)} to {_instant(b)}" for a, b in inner)
        message = f"The history does not cover {spans}, so not all of {period.name}."
    raise PeriodNotCoveredError.of(
        "not-covered", message, remedy="Report the period again when its history is complete."
    )


def _refuse_uncounted(found: Sequence[InForce], history: History, period: MeasuredPeriod) -> None:
    """Refuse a contract that counts requests where the history has counted none."""
    missing = [
        hole
        for one in found
        if one.availability.measure is not MeasureKind.SECONDS_DOWN
        for hole in history.uncounted(one.span.start, one.span.end)
    ]
    if missing:
        start, end = missing[0]
        raise PeriodNotCoveredError.of(
            "not-counted",
            f"The contract counts requests, but from {_instant(start)} to {_instant(end)} none "
            f"were counted, so {period.name} can't be measured.",
            remedy="Import request counts for the whole period.",
        )


def _instant(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
