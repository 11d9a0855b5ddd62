"""Parity: does the text say what the SLA terms say? Both are re-read, neither is trusted.

The terms name the SHA-256 of the canonical text, and each number in them is looked for where the
text prints it. A number changed on either side turns the answer red.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from dealdesk.sla.model import SlaTerms, Target, load_terms
from dealdesk.terms.clock import BusinessDays, BusinessTime
from dealdesk.terms.formatting import format_duration, format_number
from dealdesk.terms.locales import LOCALES
from dealdesk.terms.values import Duration, Unit

_EN = LOCALES["en"]
_LAYOUT = re.compile("[\\s\u00ad\u2010\u2011-]+")
_UNITS = (
    (Unit.WEEKS, 604_800),
    (Unit.DAYS, 86_400),
    (Unit.HOURS, 3_600),
    (Unit.MINUTES, 60),
)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A term that the text does not state, or a text that is not the one which the terms name."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Words of which a text has to hold at least one; they stand in the same line as `near`."""

    path: str
    words: tuple[str, ...]
    near: str = ""


def parity(text: str, text_sha256: str, terms_json: str, name: str) -> list[Mismatch]:
    """Return where a text and terms disagree; an empty list means that they agree.

    `text_sha256` is the text's hash, or the one that a PDF prints in its footer. Raise TermsError
    when the terms are no valid terms.
    """
    terms = load_terms(terms_json, name)
    mismatches = list(_missing(text, terms))
    if text_sha256 != terms.text_sha256:
        message = (
            f"The text's SHA-256 is {text_sha256[:16]}…, "
            f"but the terms name {terms.text_sha256[:16]}…."
        )
        mismatches.insert(0, Mismatch("/text_sha256", message))
    return mismatches


def _compact(text: str) -> str:
    """Return words without spaces and hyphens, which layouts put in and drop."""
    return _LAYOUT.sub("", text)


def _missing(text: str, terms: SlaTerms) -> Iterator[Mismatch]:
    lines = [_compact(line) for line in text.splitlines()]
    for statement in statements(terms):
        near = [line for line in lines if _compact(statement.near) in line]
        if not any(_states(line, words) for line in near for words in statement.words):
            yield Mismatch(
                statement.path, f"The text does not state {' or '.join(statement.words)}."
            )


def _states(line: str, words: str) -> bool:
    """Tell whether a compact line holds the words whole: 9.9% is not stated by 99.9%."""
    compact = _compact(words)
    before = r"(?<!\d)(?<!\d[.,])" if compact[:1].isdigit() else ""
    after = r"(?!\d|[.,]\d)" if compact[-1:].isdigit() else ""
    return re.search(before + re.escape(compact) + after, line) is not None


def statements(terms: SlaTerms) -> Iterator[Statement]:
    """Yield what the text has to state for each number of the terms."""
    if terms.availability is not None:
        objective = f"{_figures(terms.availability.objective)}%"
        yield Statement("/availability/objective_percent", (objective,), "available for at least")
        yield Statement("/availability/timezone", (terms.availability.timezone,))
        works = terms.availability.maintenance
        if works.notice_seconds is not None:
            yield Statement("/availability/maintenance/notice", _lengths(works.notice_seconds))
        if works.cap_seconds_per_month is not None:
            path = "/availability/maintenance/cap_per_month"
            yield Statement(path, _lengths(works.cap_seconds_per_month))
    if terms.credits is not None:
        for index, tier in enumerate(terms.credits.tiers):
            row = f"{_figures(tier.below)}% | {_figures(tier.credit)}%"
            yield Statement(f"/credits/tiers/{index}", (row,))
        if terms.credits.cap_percent is not None:
            cap = f"{_figures(terms.credits.cap_percent)}% of the Fees"
            yield Statement("/credits/cap_percent", (cap,))
    for index, target in enumerate(terms.targets):
        yield Statement(f"/targets/{index}/amount", _amount(target), _severity_mark(target))
    for calendar in terms.calendars.values():
        if not calendar.always_open:
            yield Statement(f"/calendars/{calendar.id}/timezone", (f"({calendar.zone})",))
    if terms.chronic is not None:
        yield Statement("/chronic_failure/missed", (f"{terms.chronic.missed} of any",))
    yield Statement("/customer/name", (terms.customer,))


def _severity_mark(target: Target) -> str:
    """Return how a severity's row of the matrix begins."""
    return f"{target.severity[:1].upper()}{target.severity[1:]}"


def _figures(number: Decimal) -> str:
    return format_number(number, _EN)


def _lengths(seconds: int) -> tuple[str, ...]:
    """Return every way in which a length of time may be written, in whole units."""
    return tuple(
        format_duration(Duration(seconds // size, unit), _EN)
        for unit, size in _UNITS
        if seconds and seconds % size == 0
    )


def _amount(target: Target) -> tuple[str, ...]:
    match target.amount:
        case BusinessDays(days=days):
            return (format_duration(Duration(days, Unit.BUSINESS_DAYS), _EN),)
        case BusinessTime(seconds=seconds) if seconds % 3_600 == 0:
            return (format_duration(Duration(seconds // 3_600, Unit.BUSINESS_HOURS), _EN),)
        case amount:
            return _lengths(amount.seconds)
