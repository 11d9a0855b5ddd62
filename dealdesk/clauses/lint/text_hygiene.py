"""Rules on the letters of a contract text: hidden characters, mixed quotes, archaic words."""

import re
from collections.abc import Iterator

from dealdesk.clauses.lint.paper import Paper
from dealdesk.clauses.lint.rule import Fault, Level, Rule
from dealdesk.terms.value_types import hidden_characters

_ARCHAIC = re.compile(
    r"\b(witnesseth|hereinafter|hereinabove|whereas|aforesaid|notwithstanding anything to the "
    r"contrary|herewith|thereof|in witness whereof|null and void|and/or)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"</?(?:script|div|style|iframe|img|table|font|span|p|br|ul|ol|li|td|tr|th|b|i|em|strong|h\d)"
    r"(?:\s[^<>]*)?/?>|&(?:nbsp|amp|lt|gt|quot|rsquo|ldquo|rdquo|#\d{2,5});",
    re.IGNORECASE,
)
# UTF-8 read as Windows-1252, and the sign that stands for what could not be read.
_DAMAGE = re.compile(
    "\u00e2\u20ac[\u2122\u0153\u009d\u201c\u201d\u2013\u2014]?|\u00c3[\u00a4\u00b6\u00bc\u0178\u00a9\u00a8]|\u00c2[\u00a0\u00a7\u00b0]|\ufffd"
)


def hidden_names(text: str) -> str:
    """Return the characters of a text that can't be seen by their numbers, "" for none."""
    hidden = hidden_characters(text)
    return ", ".join(dict.fromkeys(f"U+{ord(sign):04X}" for sign in hidden))


def pasted_markup(text: str) -> str:
    """Return the first markup of a web page in a text, "" for none."""
    match = _MARKUP.search(text)
    return match[0][:40] if match else ""


def _hidden(paper: Paper) -> Iterator[Fault]:
    for line in paper.lines:
        if names := hidden_names(line.text):
            yield paper.place(line), f"The text holds characters that can't be seen: {names}."


def _mixed(paper: Paper) -> Iterator[Fault]:
    words = "".join(line.text for line in paper.lines)
    straight, curly = words.count('"'), words.count("“") + words.count("”")
    if straight and curly and paper.lines:
        text = f"{straight} straight and {curly} curly quotation marks are mixed."
        yield paper.place(paper.lines[0]), text


def _damaged(paper: Paper) -> Iterator[Fault]:
    for line in paper.lines:
        if match := _DAMAGE.search(line.text):
            yield paper.place(line), f"“{match[0]}” comes from reading in a wrong encoding."


def _odd_spaces(paper: Paper) -> Iterator[Fault]:
    lines = [line for line in paper.lines if line.number in paper.odd_spaces]
    if lines:
        text = f"{len(lines)} paragraphs hold spaces that don't break, the first is this."
        yield paper.place(lines[0]), text, lines[0].text


def _archaic(paper: Paper) -> Iterator[Fault]:
    for line in paper.lines:
        if match := _ARCHAIC.search(line.text):
            yield paper.place(line), f"“{match[0]}” can be said in plain words."


def _pasted(paper: Paper) -> Iterator[Fault]:
    for line in paper.lines:
        if markup := pasted_markup(line.text):
            yield paper.place(line), f"“{markup}” is left over from a web page."


RULES = (
    Rule(
        "hidden-character",
        Level.ERROR,
        "Characters that can't be seen can change what is read.",
        "Remove them.",
        _hidden,
        "1. Fees\n1.1 Sum. The fee is USD 100\u202e000.\n",
        "1. Fees\n1.1 Sum. The fee is USD 100,000.\n",
    ),
    Rule(
        "quotes-mixed",
        Level.INFO,
        "Straight and curly quotation marks in one text show that parts were pasted.",
        "Use one kind.",
        _mixed,
        'The “Service” and the "Fees".\n',
        "The “Service” and the “Fees”.\n",
    ),
    Rule(
        "archaic-words",
        Level.INFO,
        "Old words add length and no meaning.",
        "Say it in plain words.",
        _archaic,
        "1. Start\n1.1 Words. Whereas the parties agree.\n",
        "1. Start\n1.1 Words. The parties agree.\n",
    ),
    Rule(
        "encoding-damaged",
        Level.ERROR,
        "Signs that were read in a wrong encoding stand for other signs.",
        "Open the file as UTF-8, and type the signs again.",
        _damaged,
        "1. Start\n1.1 Words. The partiesâ€™ duties begin.\n",
        "1. Start\n1.1 Words. The parties’ duties begin.\n",
    ),
    Rule(
        "spaces-odd",
        Level.INFO,
        "Spaces that don't break come in by pasting, and hide words from a search.",
        "Replace them by plain spaces where they are not meant.",
        _odd_spaces,
        "1. Start\n1.1 Words. The\u00a0parties agree.\n",
        "1. Start\n1.1 Words. The parties agree.\n",
    ),
    Rule(
        "pasted-markup",
        Level.WARNING,
        "Markup of a web page prints literally.",
        "Remove it.",
        _pasted,
        "1. Start\n1.1 Words. Click &lt;script&gt;here.\n",
        "1. Start\n1.1 Words. The parties agree.\n",
    ),
)
