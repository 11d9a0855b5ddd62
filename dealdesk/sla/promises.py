"""SLA terms as sentences for people: what is promised, counted how, and what a miss brings."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from dealdesk.sla.model import Severity, SlaTerms, Target
from dealdesk.terms.clock import Amount, BusinessDays, Elapsed
from dealdesk.terms.uptime import MaintenanceBasis

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_BASIS = {
    MaintenanceBasis.NUMERATOR_AND_DENOMINATOR: "is taken out of the period",
    MaintenanceBasis.DOWNTIME_ONLY: "does not count as downtime",
    MaintenanceBasis.COUNTS_AS_DOWNTIME: "counts as downtime",
}


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One severity with its promised time for each metric, "" where none is promised."""

    severity: Severity
    times: tuple[str, ...]


def promises(terms: SlaTerms) -> Iterator[str]:
    """Yield what the terms promise, a sentence each."""
    available = terms.availability
    if available is not None:
        yield (
            f"The service is available {percent(available.objective)} of each "
            f"{words(available.period.value)}, {available.timezone}."
        )
        works = available.maintenance
        limits = [
            f"announced {seconds_words(works.notice_seconds)} before"
            if works.notice_seconds
            else "",
            f"at most {seconds_words(works.cap_seconds_per_month)} a month"
            if works.cap_seconds_per_month
            else "",
        ]
        told = ", ".join(part for part in limits if part)
        yield f"Maintenance {_BASIS[works.basis]}{f': {told}' if told else ''}."
    if terms.credits is not None and terms.credits.tiers:
        shares = " / ".join(f"{tier.credit.normalize():f}" for tier in terms.credits.tiers)
        cap = terms.credits.cap_percent
        yield (
            f"A miss brings credits of {shares} %"
            f"{f', at most {percent(cap)} of the fees' if cap is not None else ''}, "
            f"{'without a claim' if terms.credits.automatic else _claim(terms)}."
        )
    if terms.chronic is not None:
        yield (
            f"{terms.chronic.missed} missed periods of {terms.chronic.window} give the customer "
            "the right to end the agreement."
        )
    for severity in terms.severities:
        first = terms.target(severity.id)
        if first is not None:
            yield f"{label(severity.id)} is answered within {target_words(first)}."


def _claim(terms: SlaTerms) -> str:
    days = terms.credits.claim_days if terms.credits else None
    return f"when claimed within {_count(days, 'day')}" if days else "when claimed"


def metrics(terms: SlaTerms) -> tuple[str, ...]:
    """Return the metrics for which anything is promised, in the order of the terms."""
    return tuple(dict.fromkeys(target.metric for target in terms.targets))


def matrix(terms: SlaTerms) -> Iterator[MatrixRow]:
    """Yield the severity matrix."""
    for severity in terms.severities:
        found = [terms.target(severity.id, metric) for metric in metrics(terms)]
        yield MatrixRow(severity, tuple(target_words(one) if one else "" for one in found))


def target_words(target: Target) -> str:
    """Return a promised time and what it counts on: "2 business hours (support)"."""
    clock = "day and night" if target.calendar == "24x7" else f"{words(target.calendar)} hours"
    return f"{amount_words(target.amount)}, {clock}"


def amount_words(amount: Amount) -> str:
    """Return an amount of time in words."""
    if isinstance(amount, BusinessDays):
        return _count(amount.days, "business day")
    text = seconds_words(amount.seconds)
    return text if isinstance(amount, Elapsed) else f"{text} of business time"


def seconds_words(seconds: int) -> str:
    """Return seconds in the largest unit that keeps them whole."""
    for size, unit in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if seconds and seconds % size == 0:
            return _count(seconds // size, unit)
    return _count(seconds, "second")


def percent(number: Decimal) -> str:
    """Return a percentage for people."""
    return f"{number.normalize():f} %"


def label(code: str) -> str:
    """Return a severity's or metric's id as words."""
    return words(code).capitalize()


def words(code: str) -> str:
    """Return an id as words."""
    return code.replace("_", " ").replace("-", " ")


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
