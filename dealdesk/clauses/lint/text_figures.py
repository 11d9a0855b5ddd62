"""Rules on figures in a contract text: words against figures, dates of two readings, spans."""

import re
from collections.abc import Iterator
from datetime import date

from dealdesk.clauses.lint.paper import Paper
from dealdesk.clauses.lint.rule import Fault, Level, Rule
from dealdesk.terms.locales import LOCALES
from dealdesk.terms.number_words import words_number

_NUMBER_WORD = (
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety|hundred|thousand|million)"
)
_WORDS_FIGURES = re.compile(
    rf"\b({_NUMBER_WORD}(?:[ -](?:and )?{_NUMBER_WORD}){{0,12}})(?:\s+per ?cent)?"
    r"\s*\((\d[\d,]*)\s*%?\)",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{2,4})\b")
_MONTHS = 12
_MONTH_NAMES = LOCALES["en"].months
_DAY = rf"(\d{{1,2}}) ({'|'.join(_MONTH_NAMES)}) (\d{{4}})"
_SPAN = re.compile(rf"{_DAY}\s*(?:to|until|through|–|—|-)\s*{_DAY}")


def _words_differ(paper: Paper) -> Iterator[Fault]:
    for line in paper.lines:
        for match in _WORDS_FIGURES.finditer(line.text):
            figure = int(match[2].replace(",", ""))
            if words_number(match[1]) not in {figure, None}:
                yield paper.place(line), f"“{match[0]}”: words and figures differ."


def _ambiguous_date(paper: Paper) -> Iterator[Fault]:
    for line in paper.lines:
        for match in _DATE.finditer(line.text):
            first, second = int(match[1]), int(match[2])
            if first <= _MONTHS and second <= _MONTHS and first != second:
                yield paper.place(line), f"“{match[0]}” can be two days."


def _reversed(paper: Paper) -> Iterator[Fault]:
    for line in paper.lines:
        for match in _SPAN.finditer(line.text):
            begin, end = _day(match, 1), _day(match, 4)
            if begin and end and end < begin:
                yield paper.place(line), f"“{match[0]}” ends before it begins."


def _day(match: re.Match[str], first: int) -> date | None:
    try:
        return date(
            int(match[first + 2]), _MONTH_NAMES.index(match[first + 1]) + 1, int(match[first])
        )
    except ValueError:
        return None  # the day does not exist: another fault


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
        "ambiguous-date",
        Level.WARNING,
        "A date such as 03/04/2027 is read as March or as April.",
        "Write the month in words.",
        _ambiguous_date,
        "1. Start\n1.1 Day. The term starts on 03/04/2027.\n",
        "1. Start\n1.1 Day. The term starts on 3 April 2027.\n",
    ),
    Rule(
        "dates-reversed",
        Level.ERROR,
        "What begins ends later than it begins.",
        "Correct one of the dates.",
        _reversed,
        "1. Term\n1.1 Length. The term runs from 1 May 2028 to 30 April 2027.\n",
        "1. Term\n1.1 Length. The term runs from 1 May 2027 to 30 April 2028.\n",
    ),
)
