"""Chronic failure: the right that follows from missing the objective again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class ChronicMode(StrEnum):
    """How missed periods are counted.

    Any in a rolling window of consecutive periods, so many in a row, or any of a calendar year.
    """

    WITHIN = "within"
    IN_A_ROW = "in_a_row"
    CALENDAR_YEAR = "calendar_year"


@dataclass(frozen=True, slots=True)
class ChronicRule:
    """`missed` periods missed of any `window` consecutive ones, in a row, or in a calendar year.

    With `below` only periods under that percentage count as missed. The right has to be used
    within `notice_days` of the end of the last of them; None means that no time is set.
    """

    missed: int
    window: int
    mode: ChronicMode = ChronicMode.WITHIN
    below: Decimal | None = None
    notice_days: int | None = None


def recent_misses(
    rule: ChronicRule, missed: Sequence[bool], index: int, years: Sequence[int] = ()
) -> tuple[int, ...]:
    """Return the indexes of the missed periods that count together at the end of a period.

    `years` names the calendar year of each period, for rules that count by it.
    """
    if rule.mode is ChronicMode.IN_A_ROW:
        first = index + 1
        while first > 0 and missed[first - 1]:
            first -= 1
    elif rule.mode is ChronicMode.CALENDAR_YEAR and years:
        first = next(i for i in range(index + 1) if years[i] == years[index])
    else:
        first = max(0, index - rule.window + 1)
    return tuple(i for i in range(first, index + 1) if missed[i])


def chronic_since(
    rule: ChronicRule, missed: Sequence[bool], years: Sequence[int] = ()
) -> int | None:
    """Return the index of the first period at whose end the right exists, or None.

    `missed` tells for each period in order whether it was missed.
    """
    for index in range(len(missed)):
        if missed[index] and len(recent_misses(rule, missed, index, years)) >= rule.missed:
            return index
    return None
