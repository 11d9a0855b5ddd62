"""Contract text of any origin as lines, headings and references, for rules that read words.

Markdown and plain text both work: headings are `#` lines, numbered lines ("6.3 From Provider") and
numbered lines with a bold lead ("6.3 **From Provider.** …").
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from dealdesk.kernel.errors import Place

_MARKS = re.compile(r"<[^<>]*>|\*\*|__|`")
_NUMBERED = re.compile(
    r"^\s*(?:#+\s*)?(?:(?:Section|Article)\s+)?(\d+(?:\.\d+)*)\.?\s+(?P<title>[A-Z][^.:;|]{1,80}?)\s*(?:[.:]|$)"
)
_HEADING = re.compile(r"^\s*#+\s+(?P<title>.+?)\s*$")
_LONGEST_TITLE = 60
_LIST_ITEM = re.compile(r"^(?P<indent>\s*)(?P<number>\d+)\.\s+(?P<rest>.*)")
_LEAD = re.compile(r"(?:\*\*|__)(?P<bold>.+?)(?:\*\*|__)|<span[^<>]*>(?P<span>[^<>]+)</span>")
_REFERENCE = re.compile(
    r"\b(?:Section|Sections|Clause|Article)\s+(\d+(?:\.\d+)*)(?:\([a-z]+\))*(?:\s+\((?P<title>[A-Z][^()]{2,80})\))?"
)


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line without its markup."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference by number; `title` is the label that stands beside it, if any."""

    line: int
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class ContractText:
    """A text ready for rules; `headings` maps clause numbers to titles."""

    file: str
    lines: tuple[TextLine, ...]
    headings: Mapping[str, str]
    titles: tuple[tuple[int, str], ...]
    references: tuple[Reference, ...]

    def place(self, line: int) -> Place:
        """Return the place of a line."""
        return Place(self.file, line)


def read_contract_text(source: str, file: str) -> ContractText:
    """Return a text as rules read it; markup and HTML tags are taken out of the lines."""
    lines: list[TextLine] = []
    headings: dict[str, str] = {}
    titles: list[tuple[int, str]] = []
    counters: list[int] = []
    for number, raw in enumerate(source.splitlines(), 1):
        plain = html.unescape(_MARKS.sub("", raw))
        lines.append(TextLine(number, " ".join(plain.split())))
        if item := _LIST_ITEM.match(raw):
            label = _list_label(item, counters)
            if lead := _LEAD.match(item["rest"]):
                title = html.unescape(_MARKS.sub("", lead["bold"] or lead["span"])).strip(" .:")
                headings.setdefault(label, title)
                if not title.startswith(("“", '"')):
                    titles.append((number, title))
            elif _is_title(item["rest"]):
                headings.setdefault(label, item["rest"].strip())
                titles.append((number, item["rest"].strip()))
            continue
        if match := _NUMBERED.match(plain):
            headings.setdefault(match[1], match["title"].strip())
            titles.append((number, match["title"].strip()))
        elif match := _HEADING.match(plain):
            titles.append((number, match["title"].strip()))
    references = tuple(
        Reference(line.number, match[1], (match["title"] or "").strip())
        for line in lines
        for match in _REFERENCE.finditer(line.text)
    )
    return ContractText(file, tuple(lines), headings, tuple(titles), references)


def _is_title(words: str) -> bool:
    """Tell whether a numbered line is a heading: short, and no sentence."""
    plain = words.strip()
    return len(plain) <= _LONGEST_TITLE and plain[:1].isupper() and plain[-1:] not in ".;:,"


def _list_label(item: re.Match[str], counters: list[int]) -> str:
    """Return the number that a Markdown list item gets, such as 6.3, from nested `1.` items."""
    depth = len(item["indent"].expandtabs(4)) // 4
    del counters[depth + 1 :]
    if len(counters) <= depth:
        counters.extend([0] * (depth + 1 - len(counters)))
        counters[depth] = int(item["number"])
    else:
        counters[depth] += 1
    return ".".join(str(count) for count in counters)
