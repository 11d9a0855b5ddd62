"""A contract text as a linter reads it: lines with their number, heading and words."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from dealdesk.kernel.errors import Place


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
    values: a party's or a place's capitals are no term's.
    """

    file: str
    lines: tuple[Line, ...]
    variables: frozenset[str] = field(default_factory=frozenset)
    names: str = ""

    def place(self, line: Line) -> Place:
        """Return where a line is."""
        return Place(self.file, line.number, f"section {line.label}" if line.label else "")

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
