"""Rules on credit tables in words: holes, overlaps, order, the target, the cap."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from dealdesk.clauses.lint.paper import Line, Paper, once
from dealdesk.clauses.lint.rule import Fault, Level, Rule

_RANGE = re.compile(
    r"(\d{1,3}(?:\.\d+)?)\s*%?\s*(?:–|—|-|to|through)\s*(\d{1,3}(?:\.\d+)?)\s*%?(?![\d.-])"
)
_OPEN = re.compile(
    r"(\d{1,3}(?:\.\d+)?)\s*%?\s*(?:\+|or (?:higher|more|above)|and (?:above|higher))"
    r"|(?:below|under|less than|<)\s*(\d{1,3}(?:\.\d+)?)\s*%?",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"\d\d")  # a quick look: most lines state no share at all
_CREDIT = re.compile(r"^\s*(\d{1,3}(?:\.\d+)?)\s?%")
_TARGET = re.compile(r"\b(9\d(?:\.\d+)?)\s?%")
_PROMISE = re.compile(r"\b(?:uptime|availab\w+)\b", re.IGNORECASE)
_CAP = re.compile(
    r"\bcredits?\b[^.]{0,160}?\b(?:not exceed|no more than|at most|limited to|capped at|up to a "
    r"maximum of|maximum of)\s+(?:[a-z-]+ (?:percent )?\()?(\d{1,3}(?:\.\d+)?)\s?%(?P<base>[^.;]*)",
    re.IGNORECASE,
)
_OF_THE_MONTH = re.compile(r"\b(?:month(?:ly)?|quarter(?:ly)?|period)\b", re.IGNORECASE)
_LONGER = re.compile(r"\b(?:subscription period|year|annual|term|contract)\b", re.IGNORECASE)
_FLOOR, _TOP = Decimal(50), Decimal(100)
_COLUMNS = 2

_Tier = tuple[Decimal, Decimal, Line]


def _ranges(line: Line) -> list[tuple[Decimal, Decimal]]:
    """Return the share ranges that a line states; “99.9+” runs to 100."""
    if not _FIGURES.search(line.text):
        return []
    found = [tuple(sorted((Decimal(a), Decimal(b)))) for a, b in _RANGE.findall(line.text)]
    for above, below in _OPEN.findall(line.text):
        found.append((Decimal(above), _TOP) if above else (Decimal(0), Decimal(below)))
    return [
        (low, high)
        for low, high in found
        if _FLOOR <= high <= _TOP and (low == 0 or low >= _FLOOR) and low != high
    ]


def _tables(paper: Paper) -> Iterator[list[_Tier]]:
    """Yield each run of neighbouring lines that state ranges: a credit table in words."""
    run: list[_Tier] = []
    for line in paper.lines:
        ranges = _ranges(line)
        if ranges:
            run += [(low, high, line) for low, high in ranges]
        elif run:
            yield run
            run = []
    if run:
        yield run


@once
def _sorted_tables(paper: Paper) -> tuple[list[_Tier], ...]:
    return tuple(
        sorted(run, key=lambda tier: (-tier[0], -tier[1])) for run in _tables(paper) if len(run) > 1
    )


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


def _credited(tiers: list[_Tier]) -> Iterator[tuple[Decimal, Line]]:
    """Yield the credit of each row that is a table's row with a share in its second cell."""
    for _, _, line in tiers:
        match = _CREDIT.match(line.cells[1]) if len(line.cells) >= _COLUMNS else None
        if match:
            yield Decimal(match[1]), line


def _less_for_worse(paper: Paper) -> Iterator[Fault]:
    for tiers in _sorted_tables(paper):
        for (better, _), (worse, line) in pairwise(_credited(tiers)):
            if worse < better:
                text = f"A longer outage earns less: {worse} % after {better} %."
                yield paper.place(line), text


def _below_target(paper: Paper) -> Iterator[Fault]:
    """Yield a credit table that begins below the one target that the text promises."""
    tables = [tiers for tiers in _sorted_tables(paper) if _credit_table(tiers)]
    if not tables:
        return
    in_tables = {line.number for run in _tables(paper) for _, _, line in run}
    targets = {
        Decimal(figure)
        for line in paper.lines
        if line.number not in in_tables and _PROMISE.search(f"{line.topic} {line.text}")
        for figure in _TARGET.findall(line.text)
    }
    if len(targets) != 1:
        return
    (target,) = targets
    for tiers in tables:
        top = max((high for _, high, _ in tiers), default=_TOP)
        if top < target:
            text = f"Credits start below {top} %, but {target} % is promised."
            yield paper.place(tiers[0][2]), text


def _credit_table(tiers: list[_Tier]) -> bool:
    return len(list(_credited(tiers))) == len(tiers)


def _over_cap(paper: Paper) -> Iterator[Fault]:
    caps = [
        Decimal(match[1])
        for sentence, _ in paper.sentences()
        for match in _CAP.finditer(sentence)
        if _OF_THE_MONTH.search(match["base"]) and not _LONGER.search(match["base"])
    ]
    for tiers in _sorted_tables(paper) if len(set(caps)) == 1 else ():
        for credit, line in _credited(tiers):
            if credit > caps[0]:
                text = f"The credit of {credit} % can't be paid under the cap of {caps[0]} %."
                yield paper.place(line), text


_TIERS = "Uptime | Credit\n99.9 or higher | none\n99.0-99.9 | 5 %\n97.0-99.0 | 10 %\n"
_PROMISED = "1. Uptime\n1.1 Target. Uptime is 99.9% of each month.\n"
RULES = (
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
    Rule(
        "tier-order",
        Level.ERROR,
        "A longer outage earns no less than a shorter one.",
        "Correct the credits.",
        _less_for_worse,
        "Uptime | Credit\n99.0-99.9 | 10 %\n97.0-99.0 | 5 %\n",
        _TIERS,
    ),
    Rule(
        "tier-below-target",
        Level.ERROR,
        "Each miss of the target earns a credit.",
        "Let the first tier begin at the target.",
        _below_target,
        _PROMISED + "Uptime | Credit\n97.0-99.0 | 5 %\n95.0-97.0 | 10 %\n",
        _PROMISED + "Uptime | Credit\n99.0-99.9 | 5 %\n97.0-99.0 | 10 %\n",
    ),
    Rule(
        "tier-over-cap",
        Level.ERROR,
        "A credit above the cap is never paid.",
        "Raise the cap, or lower the credit.",
        _over_cap,
        "1. Credits\n1.1 Cap. Credits do not exceed 10% of the fees of a month.\n"
        "Uptime | Credit\n99.0-99.9 | 5 %\n97.0-99.0 | 25 %\n",
        "1. Credits\n1.1 Cap. Credits do not exceed 25% of the fees of a month.\n"
        "Uptime | Credit\n99.0-99.9 | 5 %\n97.0-99.0 | 25 %\n",
    ),
)
