"""Chronic failure: the right that follows from missing the objective again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class ChronicMode(StrEnum):
    """How missed periods are counted: any in a window of consecutive periods, or in a row."""

    WITHIN = "within"
    IN_A_ROW = "in_a_row"


@dataclass(frozen=True, slots=True)
class ChronicRule:
    """`missed` periods missed of any `window` consecutive ones, or in a row."""

    missed: int
    window: int
    mode: ChronicMode = ChronicMode.WITHIN


def chronic_since(rule: ChronicRule, missed: Sequence[bool]) -> int | None:
    """Return the index of the first period at whose end the right exists, or None.

    `missed` tells for each period in order whether it was missed.
    """
    for index in range(len(missed)):
        if rule.mode is ChronicMode.IN_A_ROW:
            recent = missed[max(0, index - rule.missed + 1) : index + 1]
            reached = len(recent) == rule.missed and all(recent)
        else:
            recent = missed[max(0, index - rule.window + 1) : index + 1]
            reached = missed[index] and sum(recent) >= rule.missed
        if reached:
            return index
    return None
