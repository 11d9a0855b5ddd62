"""Parity: does the text say what the SLA terms say? Both are re-read, neither is trusted.

The terms name the SHA-256 of the canonical text, and each number in them is looked for where the
text prints it. A number changed on either side turns the answer red.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dealdesk.sla.availability_terms import seconds_of
from dealdesk.sla.model import SlaTerms, Target, parse_json, read_terms
from dealdesk.sla.statements import Statement, figures, lengths, rarer_statements
from dealdesk.terms.calendar_text import format_calendar
from dealdesk.terms.clock import BusinessDays, BusinessTime
from dealdesk.terms.formatting import format_day, format_duration, join_list
from dealdesk.terms.locales import LOCALES
from dealdesk.terms.values import Day, Duration, Unit

_EN = LOCALES["en"]
_LAYOUT = re.compile("[\\s\u00ad\u2010\u2011-]+")
# A cell of the severity matrix that states a time, once spaces and hyphens are gone.
_TIME_CELL = re.compile(r"\d+(business)?(minute|hour|day|week)s?")
_COLUMNS = ("first_response", "update", "workaround", "resolution", "next_response")
# Other lengths of time stand in a contract too, so those of maintenance are looked for beside it.
_WORKS = "scheduled maintenance"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A term that the text does not state, or a text that is not the one which the terms name."""

    path: str
    message: str


def parity(text: str, text_sha256: str, terms_json: str, name: str) -> list[Mismatch]:
    """Return where a text and terms disagree; an empty list means that they agree.

    `text_sha256` is the text's hash, or the one that a PDF prints in its footer. Raise TermsError
    when the terms are no valid terms.
    """
    data: Any = parse_json(terms_json, name)
    terms = read_terms(data, name)
    lines = [_compact(line) for line in text.splitlines()]
    stated = [*statements(terms), *_untyped(data)]
    mismatches = [*_missing(lines, stated), *_matrix(lines, terms)]
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


def _missing(lines: Sequence[str], stated: Sequence[Statement]) -> Iterator[Mismatch]:
    for statement in stated:
        near = [line for line in lines if _compact(statement.near) in line]
        if not any(_states(line, words) for line in near for words in statement.words):
            yield Mismatch(
                statement.path, f"The text does not state {' or '.join(statement.words)}."
            )


def _matrix(lines: Sequence[str], terms: SlaTerms) -> Iterator[Mismatch]:
    """Yield where a severity's row states other times than the terms, column by column."""
    rows = [line.split("|") for line in lines if "|" in line]
    for rank, severity in enumerate(terms.severities, 1):
        if severity.rank != rank:
            message = f"{severity.id} stands in place {rank}, not {severity.rank}."
            yield Mismatch(f"/severities/{rank - 1}/rank", message)
        label = _compact(_label(severity.id))
        times = [
            [cell for cell in row if _TIME_CELL.fullmatch(cell)] for row in rows if row[0] == label
        ]
        yield from _row(severity.id, times[0] if times else [], terms)


def _row(severity: str, stated: Sequence[str], terms: SlaTerms) -> Iterator[Mismatch]:
    promised = sorted(
        ((i, t) for i, t in enumerate(terms.targets) if t.severity == severity),
        key=lambda pair: _COLUMNS.index(pair[1].metric),
    )
    if len(stated) > len(promised):
        message = f"The text states more times for {_label(severity)} than the terms."
        yield Mismatch("/targets", message)
    for place, (index, target) in enumerate(promised):
        cell = stated[place] if place < len(stated) else ""
        words = _amount(target)
        if cell not in [_compact(form) for form in words]:
            message = (
                f"The row of {_label(severity)} does not state {words[0]} "
                f"({target.metric.replace('_', ' ')})."
            )
            yield Mismatch(f"/targets/{index}/amount", message)


def _states(line: str, words: str) -> bool:
    """Tell whether a compact line holds the words whole: 9.9% is not stated by 99.9%."""
    compact = _compact(words)
    before = r"(?<!\d)(?<!\d[.,])" if compact[:1].isdigit() else ""
    after = r"(?!\d|[.,]\d)" if compact[-1:].isdigit() else ""
    return re.search(before + re.escape(compact) + after, line) is not None


def statements(terms: SlaTerms) -> Iterator[Statement]:
    """Yield what the text has to state for each number of the terms but those of the matrix."""
    yield Statement("/id", (terms.id,))
    yield Statement("/customer/name", (terms.customer,))
    term = f"{_day(terms.effective_from)} to {_day(terms.effective_until)}"
    yield Statement("/effective", (term,))
    yield from _availability(terms)
    yield from _credits(terms)
    yield from rarer_statements(terms)
    for index, severity in enumerate(terms.severities):
        path = f"/severities/{index}/definition"
        yield Statement(path, (severity.definition,), _label(severity.id))
    for calendar in terms.calendars.values():
        if not calendar.always_open and not calendar.parts:
            yield Statement(f"/calendars/{calendar.id}/timezone", (f"({calendar.zone})",))
            yield Statement(f"/calendars/{calendar.id}", (format_calendar(calendar, _EN),))
    if terms.chronic is not None:
        yield Statement("/chronic_failure/missed", (f"{terms.chronic.missed} of any",))
        window = f"{terms.chronic.missed} of any {terms.chronic.window}"
        yield Statement("/chronic_failure/window", (window,))


def _untyped(data: Mapping[str, Any]) -> Iterator[Statement]:
    """Yield what the text has to state for terms that no clock or exporter reads."""
    notice = seconds_of(data.get("chronic_failure", {}).get("notice"))
    if notice is not None:
        yield Statement("/chronic_failure/notice", lengths(notice), "of any")
    for index, channel in enumerate(data.get("channels", ())):
        address = channel.get("address", "")
        if address:
            yield Statement(f"/channels/{index}/address", (address,))
        labels = join_list([_label(severity) for severity in channel["severities"]], _EN)
        yield Statement(f"/channels/{index}/severities", (f"| {labels} |",), address)


def _availability(terms: SlaTerms) -> Iterator[Statement]:
    promised = terms.availability
    if promised is None:
        return
    objective = f"{figures(promised.objective)}%"
    yield Statement("/availability/objective_percent", (objective,), "available for at least")
    yield Statement("/availability/timezone", (promised.timezone,), "time zone")
    works = promised.maintenance
    if works.notice_seconds is not None:
        path = "/availability/maintenance/notice"
        yield Statement(path, lengths(works.notice_seconds), _WORKS)
    if works.cap_seconds_per_month is not None:
        path = "/availability/maintenance/cap_per_month"
        yield Statement(path, lengths(works.cap_seconds_per_month), _WORKS)
    if promised.min_incident_seconds:
        path = "/availability/measure/min_incident"
        yield Statement(path, lengths(promised.min_incident_seconds))


def _credits(terms: SlaTerms) -> Iterator[Statement]:
    if terms.credits is None:
        return
    for index, tier in enumerate(terms.credits.tiers):
        row = f"{figures(tier.below)}% | {figures(tier.credit)}%"
        yield Statement(f"/credits/tiers/{index}", (row,))
    if terms.credits.cap_percent is not None:
        cap = f"{figures(terms.credits.cap_percent)}% of the Fees"
        yield Statement("/credits/cap_percent", (cap,))
    if terms.credits.claim_days is not None:
        deadline = lengths(terms.credits.claim_days * 86_400)
        yield Statement("/credits/claim/deadline", deadline, "claim")


def _label(severity: str) -> str:
    """Return how a severity's row of the matrix begins."""
    return f"{severity[:1].upper()}{severity[1:]}"


def _day(on: date) -> str:
    return format_day(Day(on), _EN)


def _amount(target: Target) -> tuple[str, ...]:
    """Return how the matrix may state a target's time."""
    match target.amount:
        case BusinessDays(days=days):
            return (format_duration(Duration(days, Unit.BUSINESS_DAYS), _EN),)
        case BusinessTime(seconds=seconds) if seconds % 3_600 == 0:
            hours = format_duration(Duration(seconds // 3_600, Unit.BUSINESS_HOURS), _EN)
            return (hours, *lengths(seconds))
        case amount:
            return lengths(amount.seconds)
