"""A report's picture as numbers for its SVG: where each bar begins, ends and is labelled."""

from collections.abc import Sequence
from dataclasses import dataclass

from dealdesk.reports.model import Bar, Report
from dealdesk.reports.tables import cell_words

WIDTH, LABEL, VALUE, ROW, THICK = 860, 240, 240, 28, 16
MOST_BARS = 20


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar in the picture's own units; `mark` is where its line stands, None without one."""

    label: str
    words: str
    y: int
    width: int
    mark: int | None


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars one below the other, to one scale that begins at zero; `left_out` were too many."""

    width: int
    height: int
    start: int
    thick: int
    bars: Sequence[DrawnBar]
    left_out: int


def picture(report: Report, language: str = "en") -> Picture | None:
    """Return a report's picture, its figures by a language, or None for nothing to draw."""
    bars = report.bars[:MOST_BARS]
    top = max((max(one.value, one.mark or 0) for one in bars), default=0)
    if top <= 0:
        return None
    room = WIDTH - LABEL - VALUE
    drawn = [
        DrawnBar(
            label=one.label if len(one.label) <= 34 else f"{one.label[:33]}…",  # noqa: PLR2004
            words=_words(one, report, language),
            y=index * ROW,
            width=max(one.value * room // top, 1 if one.value else 0),
            mark=None if one.mark is None else LABEL + one.mark * room // top,
        )
        for index, one in enumerate(bars)
    ]
    return Picture(WIDTH, len(drawn) * ROW, LABEL, THICK, drawn, len(report.bars) - len(bars))


def _words(one: Bar, report: Report, language: str) -> str:
    """Return what stands beside a bar: its value, and its second one where it has it."""
    values = [one.value] if one.mark is None else [one.value, one.mark]
    return " | ".join(
        cell_words(value, report.drawn, report.currency, language) for value in values
    )
