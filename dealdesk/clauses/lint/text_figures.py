"""Rules on figures in a contract text: words against figures, blanks, dates, credit tables."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from dealdesk.clauses.lint.paper import Line, Paper
from dealdesk.clauses.lint.rule import Fault, Level, Rule
from dealdesk.terms.number_words import words_number

_NUMBER_WORD = (
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety|hundred|thousand|million)"
)
_WORDS_FIGURES = re.compile(
    rf"\b({_NUMBER_WORD}(?:[ -](?:and )?{_NUMBER_WORD})*)\s*\((\d[\d,]*)\s*%?\)", re.IGNORECASE
)
_BLANKS = (
    (re.compile(r"\[\s*\]\s*%|\[\s*[●•*_]?\s*\](?!\()|_{3,}"), "a blank"),
    (
        re.compile(
            r"\[(?:Drafting note|Note to|NTD|Insert|Describe|Select|TBD)[^\]]*\]?", re.IGNORECASE
        ),
        "a drafting note",
    ),
    (re.compile(r"\{\{?[a-z][a-z0-9_. ]*\}?\}"), "a placeholder"),
    (re.compile(r"\b(?:TBD|TBC|XX+|to be (?:determined|confirmed))\b"), "an open point"),
    (re.compile(r"\[[A-Z][A-Z ,’']{2,}\]"), "a placeholder"),
)
_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{2,4})\b")
_RANGE = re.compile(
    r"(\d{1,3}(?:\.\d+)?)\s*%?\s*(?:–|—|-|to|through)\s*(\d{1,3}(?:\.\d+)?)\s*%?(?![\d.-])"
)
_OPEN = re.compile(
    r"(\d{1,3}(?:\.\d+)?)\s*%?\s*(?:\+|or (?:higher|more|above)|and (?:above|higher))"
    r"|(?:below|under|less than|<)\s*(\d{1,3}(?:\.\d+)?)\s*%?",
    re.IGNORECASE,
)
_FLOOR, _TOP = Decimal(50), Decimal(100)
_MONTHS = 12


def _words_differ(paper: Paper) -> Iterator[Fault]:
    for line in paper.lines:
        for match in _WORDS_FIGURES.finditer(line.text):
            figure = int(match[2].replace(",", ""))
            if words_number(match[1]) not in {figure, None}:
                yield paper.place(line), f"“{match[0]}”: words and figures differ."


def _blank(paper: Paper) -> Iterator[Fault]:
    for line in paper.lines:
        found = [(m[0], name) for pattern, name in _BLANKS if (m := pattern.search(line.text))]
        if found:
            words = ", ".join(f"“{text[:50]}” is {name}" for text, name in found)
            yield paper.place(line), f"{words}."


def _ambiguous_date(paper: Paper) -> Iterator[Fault]:
    for line in paper.lines:
        for match in _DATE.finditer(line.text):
            first, second = int(match[1]), int(match[2])
            if first <= _MONTHS and second <= _MONTHS and first != second:
                yield paper.place(line), f"“{match[0]}” can be two days."


def _ranges(line: Line) -> list[tuple[Decimal, Decimal]]:
    """Return the share ranges that a line states; “99.9+” runs to 100."""
    found = [tuple(sorted((Decimal(a), Decimal(b)))) for a, b in _RANGE.findall(line.text)]
    for above, below in _OPEN.findall(line.text):
        found.append((Decimal(above), _TOP) if above else (Decimal(0), Decimal(below)))
    return [
        (low, high)
        for low, high in found
        if _FLOOR <= high <= _TOP and (low == 0 or low >= _FLOOR) and low != high
    ]


def _tables(paper: Paper) -> Iterator[list[tuple[Decimal, Decimal, Line]]]:
    """Yield each run of neighbouring lines that state ranges: a credit table in words."""
    run: list[tuple[Decimal, Decimal, Line]] = []
    for line in paper.lines:
        ranges = _ranges(line)
        if ranges:
            run += [(low, high, line) for low, high in ranges]
        elif run:
            yield run
            run = []
    if run:
        yield run


def _sorted_tables(paper: Paper) -> Iterator[list[tuple[Decimal, Decimal, Line]]]:
    for run in _tables(paper):
        if len(run) > 1:
            yield sorted(run, key=lambda tier: (-tier[0], -tier[1]))


def _gaps(paper: Paper) -> Iterator[Fault]:
    for tiers in _sorted_tables(paper):
        for (low, _, _), (_, high, line) in pairwise(tiers):
            if high < low:
                text = f"An availability between {high} % and {low} % falls in no tier."
                yield paper.place(line), text


def _overlaps(paper: Paper) -> Iterator[Fault]:
    for tiers in _sorted_tables(paper):
        for (low, _, _), (_, high, line) in pairwise(tiers):
            if high > low:
                text = f"An availability between {low} % and {high} % falls in two tiers."
                yield paper.place(line), text


_TIERS = "Uptime | Credit\n99.9 or higher | none\n99.0-99.9 | 5 %\n97.0-99.0 | 10 %\n"
RULES = (
    Rule(
        "words-figures",
        Level.ERROR,
        "A number in words and in figures has to be the same; courts follow the words.",
        "Say which one is meant.",
        _words_differ,
        "1. Payment\n1.1 When. Invoices are due in thirty (60) days.\n",
        "1. Payment\n1.1 When. Invoices are due in thirty-five (35) days.\n",
    ),
    Rule(
        "leftover-placeholder",
        Level.ERROR,
        "A blank, a drafting note or a placeholder must not be signed.",
        "Fill it in or remove it.",
        _blank,
        "1. Fees\n1.1 Rise. Fees may increase up to [ ]% per renewal.\n",
        "1. Fees\n1.1 Rise. Fees may increase up to 5% per renewal.\n",
    ),
    Rule(
        "ambiguous-date",
        Level.WARNING,
        "A date such as 03/04/2027 is read as March or as April.",
        "Write the month in words.",
        _ambiguous_date,
        "1. Start\n1.1 Day. The term starts on 03/04/2027.\n",
        "1. Start\n1.1 Day. The term starts on 3 April 2027.\n",
    ),
    Rule(
        "tier-gap",
        Level.ERROR,
        "Each availability below the target has to fall in a tier.",
        "Write each tier as “below x %”, down to the next.",
        _gaps,
        "Uptime | Credit\n99.9 or higher | none\n99.00-99.89 | 5 %\n97.00-98.99 | 10 %\n",
        _TIERS,
    ),
    Rule(
        "tier-overlap",
        Level.ERROR,
        "An availability must not fall in two tiers.",
        "Write each tier as “below x %”, down to the next.",
        _overlaps,
        "Uptime | Credit\n98.0-99.9 | 5 %\n95.0-99.5 | 10 %\n",
        _TIERS,
    ),
)
