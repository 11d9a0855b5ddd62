"""Rules on what a form leaves open: blanks, placeholders of another row, blanks that speak."""

import re
from collections.abc import Iterator

from dealdesk.clauses.lint.paper import Line, Paper
from dealdesk.clauses.lint.rule import Fault, Level, Rule

_BLANKS = (
    (re.compile(r"\[\s*\]\s*%|\[[\s●•*_#]*\](?!\()|_{3,}"), "a blank"),
    (
        re.compile(
            r"\[(?:Drafting note|Note to|NTD|Insert|Describe|Select|TBD|For example)[^\]]*\]?",
            re.IGNORECASE,
        ),
        "a drafting note",
    ),
    (re.compile(r"\{\{?[a-z][a-z0-9_. ]*\}?\}"), "a placeholder"),
    (re.compile(r"\b(?:TBD|TBC|XX+|to be (?:determined|confirmed))\b"), "an open point"),
    (re.compile(r"\[[A-Z][A-Z ,’']{2,}\]"), "a placeholder"),
)
_NAMED = re.compile(r"\{\{?([a-z][a-z0-9_]*)\}?\}")
# Words of a placeholder's name that say what kind it is or whose, not what it is about.
_KIND_WORDS = """
    days day months month years year hours hour minutes date dates time amount dollar dollars
    multiplier multiple percent percentage reference detail details description other custom
    name names title email display of from to due the and or non terms term start end number
    provider customer company signatory party unit value
"""
_KINDS = frozenset(_KIND_WORDS.split())
_LENGTH = re.compile(r"_(?:days|months|years|hours|minutes|weeks)$")
_FACTOR = re.compile(r"_(?:multiplier|multiple|factor)$")
_TIMES_AFTER = re.compile(r"\s?(?:x\b|times\b|%)")
_LENGTH_AFTER = re.compile(r"\s?(?:days?|months?|years?|hours?|minutes?)\b", re.IGNORECASE)
_MONEY_BEFORE = re.compile(r"(?:\$|USD|EUR|€|GBP|£)\s?$")
_SHORT = 50
_TITLE_WORDS = 3  # how a row's head begins; the rest often explains it
_OPTION = re.compile(r"[\[(]\s*x?\s*[\])]", re.IGNORECASE)  # of the row above
_SILENT = re.compile(
    r"\b(?:(?:omits?|does not define|do not define|(?:is|are) (?:left )?blank|(?:is|are) not "
    r"(?:defined|filled in|completed|specified))[^.]{0,160}?\b(?:does not apply|do not apply|"
    r"not applicable|default meaning|“none”|\"none\"|deemed to be|no limitation))",
    re.IGNORECASE,
)


def _blank(paper: Paper) -> Iterator[Fault]:
    for line in paper.lines:
        found = [(m[0], name) for pattern, name in _BLANKS if (m := pattern.search(line.text))]
        if found:
            words = ", ".join(f"“{text[:50]}” is {name}" for text, name in found)
            yield paper.place(line), f"{words}."


def _words(text: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in re.findall(r"[a-z0-9]+", text.lower()))


def _about(name: str) -> frozenset[str]:
    """Return the words of a placeholder's name that say what it is about."""
    return _words(" ".join(word for word in name.split("_") if word not in _KINDS))


def _crossed(paper: Paper) -> Iterator[Fault]:
    """Yield each placeholder of another kind, or of another row than the one it stands in."""
    rows = [(line, _words(line.cells[0])) for line in paper.lines if line.cells and line.cells[0]]
    for line in paper.lines:
        told: set[str] = set()
        for match in _NAMED.finditer(line.text):
            fault = _wrong_kind(match) or (
                "" if _OPTION.match(line.text) else _wrong_row(match[1], line, rows)
            )
            if fault and match[1] not in told:
                told.add(match[1])
                yield paper.place(line), f"“{match[0]}” {fault}."


def _wrong_kind(match: re.Match[str]) -> str:
    after, before = match.string[match.end() :], match.string[: match.start()]
    if _LENGTH.search(match[1]) and _TIMES_AFTER.match(after):
        return "is a length of time, and a factor is wanted here"
    if _LENGTH.search(match[1]) and _MONEY_BEFORE.search(before):
        return "is a length of time, and an amount is wanted here"
    if _FACTOR.search(match[1]) and _LENGTH_AFTER.match(after):
        return "is a factor, and a length of time is wanted here"
    return ""


def _wrong_row(name: str, line: Line, rows: list[tuple[Line, frozenset[str]]]) -> str:
    about = _about(name)
    here = len(about & _words(_NAMED.sub(" ", line.text)))
    found = max(
        rows,
        key=lambda row: (len(about & row[1]), len(about & _words(_beginning(row[0].cells[0])))),
        default=None,
    )
    if found is None or found[0] is line or len(about & found[1]) <= here:
        return ""
    return f"belongs by its name to “{_short(found[0].cells[0])}”, and stands elsewhere"


def _beginning(head: str) -> str:
    return " ".join(head.split()[:_TITLE_WORDS])


def _short(words: str) -> str:
    return words if len(words) <= _SHORT else f"{words[:_SHORT].rsplit(' ', 1)[0]} …"


def _silent(paper: Paper) -> Iterator[Fault]:
    for sentence, line in paper.sentences():
        if _SILENT.search(sentence):
            text = "What is left blank takes its whole sentence out of the contract, unseen."
            yield paper.place(line), text, sentence


RULES = (
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
        "placeholder-crossed",
        Level.ERROR,
        "A placeholder of another row or kind prints a number where it means something else.",
        "Put the placeholder there that the row is about.",
        _crossed,
        "Cap | {notice_days}x the fees of a year\nNotice | {notice_days} days before the end\n",
        "Cap | {cap_multiplier}x the fees of a year\nNotice | {notice_days} days before the end\n",
    ),
    Rule(
        "blank-is-silent",
        Level.WARNING,
        "A blank that takes a sentence out changes the contract where nobody looks.",
        "Make each value that matters be given, and write “none” where none is meant.",
        _silent,
        "1. Terms\n1.1 Blanks. If the cover does not define a value, its sentence does not "
        "apply.\n",
        "1. Terms\n1.1 Blanks. A cover on which a value is not given can't be signed.\n",
    ),
)
