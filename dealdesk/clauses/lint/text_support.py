"""Rules on support in a contract text: severities, their times, hours and channels."""

import re
from collections.abc import Iterator
from itertools import pairwise

from dealdesk.clauses.lint.paper import Line, Paper
from dealdesk.clauses.lint.rule import Fault, Level, Rule

_SEVERITY = re.compile(r"\b(?:Sev(?:erity)?(?: Level)?|Priority|P|S)[ -]?([1-9])\b")
_TIME = re.compile(r"(\d+)\s+(business\s+)?(minutes?|hours?|days?)", re.IGNORECASE)
_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}
_OURS = 3
_RESPONSE = re.compile(r"\brespon|\backnowledg", re.IGNORECASE)
_FIX = re.compile(r"\b(?:resol|fix|workaround|restor)", re.IGNORECASE)
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?\s?(?:a\.?m\.?|p\.?m\.?|o’clock)?"
_HOURS_OF_DAY = re.compile(
    rf"\b{_CLOCK}\s*(?:to|until|through|–|—|-)\s*\d{{1,2}}(?:[:.]\d{{2}}\b|\s?(?:a\.?m|p\.?m))",
    re.IGNORECASE,
)
_SUPPORT = re.compile(
    r"\b(?:support|business hours?|helpdesk|service desk|office hours)\b", re.IGNORECASE
)
_ZONE = re.compile(
    r"\b(?:UTC|GMT|[ECMP][SD]?T|CES?T|BST|IST|JST|AE[SD]T|[A-Z][a-z]+/[A-Z][A-Za-z_]+)\b|"
    r"\btime ?zones?\b|\b(?:local|Eastern|Central|Pacific|Mountain|London|Berlin|New York|"
    r"[A-Z][a-z]+) time\b"
)
_ALWAYS = re.compile(r"\b24\s?[x/×]\s?7\b|\b24 hours a day\b|\baround the clock\b", re.IGNORECASE)
_CHANNEL = re.compile(
    r"\b(?:phone|telephone|hotline|pager|e-?mail|portal|chat|ticket|channel|call)\b", re.IGNORECASE
)


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


def _resolved_before(paper: Paper) -> Iterator[Fault]:
    """Yield each severity that would be resolved before it is answered, by the table's heads."""
    answer = fix = 0
    for line in paper.lines:
        heads = [bool(_RESPONSE.search(cell)) for cell in line.cells]
        fixes = [bool(_FIX.search(cell)) for cell in line.cells]
        if any(heads) and any(fixes) and not _SEVERITY.match(line.cells[0]):
            answer, fix = heads.index(True), fixes.index(True)
        elif not line.cells:
            answer = fix = 0
        elif (
            answer != fix and _SEVERITY.match(line.cells[0]) and max(answer, fix) < len(line.cells)
        ):
            first, last = _seconds(line.cells[answer]), _seconds(line.cells[fix])
            if first and last and last < first:
                text = f"“{line.cells[0]}” is resolved in {line.cells[fix]}, answered in "
                yield paper.place(line), f"{text}{line.cells[answer]}."


def _seconds(cell: str) -> int | None:
    """Return a time that runs on the clock; business time is not compared with it."""
    found = _TIME.search(cell)
    if found is None or found[2]:
        return None
    return int(found[1]) * _SECONDS[found[3].lower().rstrip("s")]


def _no_zone(paper: Paper) -> Iterator[Fault]:
    found = next(
        (
            (line, match)
            for line in paper.lines
            if (match := _HOURS_OF_DAY.search(line.text)) and _is_on_support(line)
        ),
        None,
    )
    about = (line for line in paper.lines if found and _is_on_support(line))
    if found and not any(_ZONE.search(line.text) for line in about):
        line, match = found
        yield paper.place(line), f"“{match[0]}” is said without a time zone."


def _is_on_support(line: Line) -> bool:
    return bool(_SUPPORT.search(f"{line.topic} {line.text}"))


def _no_channel(paper: Paper) -> Iterator[Fault]:
    if any(_CHANNEL.search(line.text) for line in paper.lines):
        return
    for line in paper.lines:
        if _ALWAYS.search(line.text) and _SEVERITY.search(line.text):
            text = "Problems are answered day and night, but how to report them is not said."
            yield paper.place(line), text
            return


RULES = (
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
        "severity-resolution",
        Level.ERROR,
        "A problem is answered before it is resolved.",
        "Correct the times.",
        _resolved_before,
        "Level | Response | Resolution\nSev1 | 4 hours | 2 hours\n",
        "Level | Response | Resolution\nSev1 | 1 hour | 8 hours\n",
    ),
    Rule(
        "hours-without-zone",
        Level.WARNING,
        "Hours of support are hours somewhere.",
        "Name the time zone, and whose holidays count.",
        _no_zone,
        "1. Support\n1.1 Hours. Support is open 9:00 to 17:00, Monday to Friday.\n",
        "1. Support\n1.1 Hours. Support is open 9:00 to 17:00 UTC, Monday to Friday.\n",
    ),
    Rule(
        "clock-without-channel",
        Level.ERROR,
        "A clock that runs day and night needs a channel that is open then.",
        "Say how such problems are reported.",
        _no_channel,
        "1. Support\n1.1 Times. Sev1 is answered within an hour, 24x7.\n",
        "1. Support\n1.1 Times. Sev1 is answered within an hour, 24x7, when reported by phone.\n",
    ),
)
