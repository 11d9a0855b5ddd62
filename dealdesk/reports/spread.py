"""Median and ninetieth percentile of durations, exactly, by a stated rule."""

from collections.abc import Iterable
from dataclasses import dataclass

NINETY = 90


@dataclass(frozen=True, slots=True)
class Spread:
    """How many durations there are, with their median and ninetieth percentile in seconds.

    Both are values that occurred (nearest rank): the smallest that at least half, or nine tenths,
    of them do not exceed.
    """

    count: int
    median: int
    p90: int


def spread(seconds: Iterable[int]) -> Spread | None:
    """Return the spread of durations, or None where there are none."""
    found = sorted(seconds)
    if not found:
        return None
    return Spread(len(found), _ranked(found, 50), _ranked(found, NINETY))


def _ranked(found: list[int], percent: int) -> int:
    rank = -(-len(found) * percent // 100)
    return found[rank - 1]
