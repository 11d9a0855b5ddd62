"""A contract text as a linter reads it: lines with their number, heading and words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import TypeVar

from dealdesk.kernel.errors import Place

_SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=[A-Z(“\"\[{])")


@lru_cache(maxsize=8192)
def split_sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a block; a semicolon ends one where a new one starts."""
    return tuple(_SENTENCE.split(text))


_Result = TypeVar("_Result")


def once(read: Callable[["Paper"], _Result]) -> Callable[["Paper"], _Result]:
    """Wrap what several rules ask of a text: the last text's answer is kept, by its identity."""
    kept: list[tuple[Paper, _Result]] = []

    @wraps(read)
    def answer(paper: "Paper") -> _Result:
        if kept and kept[0][0] is paper:
            return kept[0][1]
        found = read(paper)
        kept[:] = [(paper, found)]
        return found

    return answer


@dataclass(frozen=True, slots=True)
class Line:
    """A block of the text; `label` is its resolved number such as `8.1(a)`, "" without one.

    `heading` is the heading that it carries, `topic` the one under which it stands, `cells` its
    cells when it is a row of a table. `part` counts the documents in one file: numbering that
    starts again at 1 starts the next one.
    """

    number: int
    label: str
    heading: str
    text: str
    topic: str
    cells: tuple[str, ...] = ()
    part: int = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole text.

    `variables` are the words that the source itself marks as fields, `names` those of printed
    values: a party's or a place's capitals are no term's. `links` are links within the text with
    their lines, `anchors` what they may lead to, `odd_spaces` the lines with spaces that don't
    break.
    """

    file: str
    lines: tuple[Line, ...]
    variables: frozenset[str] = field(default_factory=frozenset)
    names: str = ""
    links: tuple[tuple[int, str], ...] = ()
    anchors: frozenset[str] = field(default_factory=frozenset)
    odd_spaces: tuple[int, ...] = ()

    def place(self, line: Line) -> Place:
        """Return where a line is."""
        return Place(self.file, line.number, f"section {line.label}" if line.label else "")

    def sentences(self) -> Iterator[tuple[str, Line]]:
        """Yield each sentence with its line, in reading order."""
        for line in self.lines:
            for sentence in split_sentences(line.text):
                yield sentence, line

    def labels(self) -> dict[tuple[int, str], Line]:
        """Return the numbered lines by part and label; of twins the first."""
        found: dict[tuple[int, str], Line] = {}
        for line in self.lines:
            if line.label:
                found.setdefault((line.part, line.label), line)
        return found

    def about(self, *words: str) -> Iterator[Line]:
        """Yield the lines whose topic or heading names one of the words (lower case)."""
        for line in self.lines:
            if any(word in line.topic.lower() for word in words):
                yield line
