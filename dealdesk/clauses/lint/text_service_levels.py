"""Rules on availability and terms of time in a contract text."""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

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
_RENEWS = re.compile(
    r"\brenews?\b[^.]{0,80}?\b(\d+|one|twelve)[ -](?:\(\d+\) )?(months?|years?)\b", re.IGNORECASE
)
_NOTICE = re.compile(
    r"\b(?:at least|not less than)\s+(?:[a-z-]+ \()?(\d+)\)?\s+(days|months)\b[^.]{0,60}?\bbefore",
    re.IGNORECASE,
)
_PROMISE = re.compile(r"\b(?:will|shall|guarantees?|warrants?|commits?)\b", re.IGNORECASE)
_UPTIME = re.compile(r"\b(?:uptime|availab\w+)\b", re.IGNORECASE)
_PERIOD = re.compile(
    r"\b(?:month(?:ly)?|quarter(?:ly)?|year(?:ly)?|annual(?:ly)?|period|week(?:ly)?)\b",
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


def _no_period(paper: Paper) -> Iterator[Fault]:
    """Yield an availability that is promised without saying over which time it is measured."""
    promises = [
        (sentence, line)
        for sentence, line in paper.sentences()
        if _TARGET.search(sentence) and _PROMISE.search(sentence) and not line.cells
    ]
    if not promises:
        return
    about = [line.text for line in paper.lines if _UPTIME.search(f"{line.topic} {line.text}")]
    if not any(_PERIOD.search(text) for text in about):
        sentence, line = promises[0]
        text = "The availability is promised, but over which time it is measured is not said."
        yield paper.place(line), text, sentence


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
        "notice-over-term",
        Level.ERROR,
        "Notice has to be possible within the term.",
        "Shorten the notice.",
        _late_notice,
        "1. Renewal\n1.1 Term. It renews for 1 month unless told at least 60 days before.\n",
        "1. Renewal\n1.1 Term. It renews for 12 months unless told at least 60 days before.\n",
    ),
    Rule(
        "uptime-without-period",
        Level.WARNING,
        "The same outage keeps a year's promise and breaks a month's.",
        "Say over which period availability is measured, and in which time zone it begins.",
        _no_period,
        "1. Availability\n1.1 Target. The service will have an uptime of 99.9%.\n",
        "1. Availability\n1.1 Target. The service will have an uptime of 99.9% in each month.\n",
    ),
)
