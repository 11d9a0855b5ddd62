"""Rules on service levels and terms of time in a contract text."""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from dealdesk.clauses.lint.paper import Line, Paper
from dealdesk.clauses.lint.rule import Fault, Level, Rule
from dealdesk.terms.budget import downtime_budget
from dealdesk.terms.number_words import words_number

_TARGET = re.compile(r"\b(9\d(?:\.\d+)?)\s?%")
_WORKS = re.compile(
    r"\b(?:of|up to|for)\s+(\d+)\s+hours?\s+(?:in|each|every|per|a)\s*(?:a\s+)?(week|month)"
    r"|weekly[^.]{0,60}?(\d+)\s+hours?|(\d+)[ -]hours?\s+weekly",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r"maintenance(?:(?!not announced|exceed|beyond|outside|unannounced|not count)[^.]){0,120}?"
    r"\bcount(?:s|ed)?\s+(?:as|towards?)\s+(?:an? )?(?:downtime|outage|unavailab)",
    re.IGNORECASE,
)
_SEVERITY = re.compile(r"\b(?:Sev(?:erity)?(?: Level)?|Priority|P|S)[ -]?([1-9])\b")
_TIME = re.compile(r"(\d+)\s+(business\s+)?(minutes?|hours?|days?)", re.IGNORECASE)
_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}
_OURS = 3
_RENEWS = re.compile(
    r"\brenews?\b[^.]{0,80}?\b(\d+|one|twelve)[ -](?:\(\d+\) )?(months?|years?)\b", re.IGNORECASE
)
_NOTICE = re.compile(
    r"\b(?:at least|not less than)\s+(?:[a-z-]+ \()?(\d+)\)?\s+(days|months)\b[^.]{0,60}?\bbefore",
    re.IGNORECASE,
)
_DAYS = {"day": 1, "month": 30, "year": 365}
_MONTH, _WEEKS = 30 * 86_400, Fraction(30, 7)


def _unreachable(paper: Paper) -> Iterator[Fault]:
    words = [line for line in paper.lines if _COUNTS.search(line.text)]
    targets = [
        Decimal(t)
        for line in paper.lines
        if "avail" in (line.topic + line.text).lower()
        or "uptime" in (line.topic + line.text).lower()
        for t in _TARGET.findall(line.text)
    ]
    for line in words if targets else ():
        works = _monthly_works(line) or next(
            (
                w
                for other in paper.lines
                if "maintenance" in other.text.lower()
                if (w := _monthly_works(other))
            ),
            None,
        )
        if works and works > downtime_budget(max(targets), _MONTH):
            text = f"{float(works / 3600):.1f} hours of maintenance a month count as downtime"
            yield paper.place(line), f"{text}: {max(targets)} % can't be reached."


def _monthly_works(line: Line) -> Fraction | None:
    match = _WORKS.search(line.text)
    if match is None:
        return None
    hours = int(match[1] or match[3] or match[4])
    weekly = not match[1] or match[2].lower() == "week"
    return Fraction(hours * 3_600) * (_WEEKS if weekly else 1)


def _unmapped(paper: Paper) -> Iterator[Fault]:
    found: dict[int, Line] = {}
    for line in paper.lines:
        for match in _SEVERITY.finditer(line.text):
            found.setdefault(int(match[1]), line)
    if found and max(found) > _OURS:
        line = found[max(found)]
        text = f"The text has {max(found)} levels of severity, our support system {_OURS}."
        yield paper.place(line), text


def _severity_rows(paper: Paper) -> Iterator[list[tuple[int, int, Line]]]:
    rows: list[tuple[int, int, Line]] = []
    for line in paper.lines:
        match = _SEVERITY.match(line.cells[0]) if line.cells else None
        time = next((t for cell in line.cells[1:] if (t := _TIME.search(cell))), None)
        if match and time:
            seconds = int(time[1]) * _SECONDS[time[3].lower().rstrip("s")]
            rows.append((int(match[1]), seconds, line))
        elif rows:
            yield rows
            rows = []
    yield rows


def _severity_order(paper: Paper) -> Iterator[Fault]:
    for rows in _severity_rows(paper):
        for (rank, seconds, _), (next_rank, next_seconds, line) in pairwise(
            sorted(rows, key=lambda row: row[0])
        ):
            if seconds > next_seconds:
                text = f"Level {rank} is answered later than level {next_rank}."
                yield paper.place(line), text


def _late_notice(paper: Paper) -> Iterator[Fault]:
    for line in paper.lines:
        renews, notice = _RENEWS.search(line.text), _NOTICE.search(line.text)
        if renews and notice:
            count = int(renews[1]) if renews[1].isdigit() else words_number(renews[1]) or 1
            term = count * _DAYS[renews[2].rstrip("s").lower()]
            days = int(notice[1]) * _DAYS[notice[2].rstrip("s").lower()]
            if days >= term:
                text = f"Notice of {days} days is due before the term of {term} days has begun."
                yield paper.place(line), text


RULES = (
    Rule(
        "uptime-unreachable",
        Level.ERROR,
        "Maintenance has to leave room for the promise.",
        "Exclude maintenance, or promise less.",
        _unreachable,
        "1. Availability\n1.1 Target. The service is available 99.99% of each month. Maintenance "
        "of 4 hours each week counts as downtime.\n",
        "1. Availability\n1.1 Target. The service is available 99.99% of each month. Maintenance "
        "of 4 hours each week is excluded.\n",
    ),
    Rule(
        "severity-unmapped",
        Level.WARNING,
        "Levels that our support does not know get lost.",
        "Map each of their levels to one of ours.",
        _unmapped,
        "1. Support\n1.1 Levels. P1 to P5 have times: P5 is answered in a week.\n",
        "1. Support\n1.1 Levels. Sev1 to Sev3 have times: Sev3 is answered in a day.\n",
    ),
    Rule(
        "severity-order",
        Level.ERROR,
        "A heavier problem is answered no later than a lighter one.",
        "Correct the times.",
        _severity_order,
        "Level | Response\nSev1 | 4 hours\nSev2 | 2 hours\n",
        "Level | Response\nSev1 | 1 hour\nSev2 | 2 hours\n",
    ),
    Rule(
        "notice-over-term",
        Level.ERROR,
        "Notice has to be possible within the term.",
        "Shorten the notice.",
        _late_notice,
        "1. Renewal\n1.1 Term. It renews for 1 month unless told at least 60 days before.\n",
        "1. Renewal\n1.1 Term. It renews for 12 months unless told at least 60 days before.\n",
    ),
)
