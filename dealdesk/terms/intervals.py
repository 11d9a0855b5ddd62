"""Half-open intervals of whole seconds: joined, cut, taken out of each other, counted once."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

Interval: TypeAlias = tuple[int, int]
Intervals: TypeAlias = tuple[Interval, ...]


def joined(spans: Iterable[Interval]) -> Intervals:
    """Return intervals joined where they touch or overlap, in order, empty ones left out."""
    out: list[Interval] = []
    start = end = None
    for first, last in sorted(spans):
        if last <= first:
            continue
        if end is not None and first <= end:
            end = max(end, last)
            continue
        if start is not None and end is not None:
            out.append((start, end))
        start, end = first, last
    if start is not None and end is not None:
        out.append((start, end))
    return tuple(out)


def clipped(spans: Iterable[Interval], first: int, last: int) -> Intervals:
    """Return what of the intervals lies between two instants."""
    return tuple(
        (max(first, a), min(last, b)) for a, b in spans if b > first and a < last and b > a
    )


def without(spans: Sequence[Interval], out: Sequence[Interval]) -> Intervals:
    """Return intervals less others; both joined and in order."""
    if not out:
        return tuple(spans)
    left: list[Interval] = []
    index = 0
    for start, end in spans:
        position = start
        while index < len(out) and out[index][1] <= start:
            index += 1
        at = index
        while at < len(out) and out[at][0] < end:
            if out[at][0] > position:
                left.append((position, out[at][0]))
            position = max(position, out[at][1])
            at += 1
        if position < end:
            left.append((position, end))
    return tuple(left)


def common(one: Sequence[Interval], other: Sequence[Interval]) -> Intervals:
    """Return what both share; both joined and in order."""
    if len(other) == 1:
        return clipped(one, *other[0])
    shared: list[Interval] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            shared.append((start, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return tuple(shared)


def seconds_in(spans: Iterable[Interval]) -> int:
    """Return the seconds of intervals that don't overlap."""
    return sum(end - start for start, end in spans)
