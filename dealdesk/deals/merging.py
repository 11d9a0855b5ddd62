"""What two people changed in one deal since the common start, and the merge of both."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias, TypeGuard

from dealdesk.deals.editing import DealData
from dealdesk.kernel.located_yaml import Data

Path: TypeAlias = tuple[str | int, ...]
# Deeper than anything in a deal file, and further than any of its lists.
_MOST_STEPS = 12
_MOST_ITEMS = 10_000


class _Absent:
    """Stands where a path has nothing, since None is a value."""

    def __repr__(self) -> str:
        return "nothing"


ABSENT = _Absent()
Found: TypeAlias = "Data | _Absent"


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs: where, what it was, what it is; ABSENT where there is nothing."""

    path: Path
    old: Found
    new: Found

    @property
    def key(self) -> str:
        """The path as one word, `order.lines.0.quantity`."""
        return ".".join(str(part) for part in self.path)


@dataclass(frozen=True, slots=True)
class Merge:
    """Two people's changes of one deal, and what comes of them.

    `merged` has theirs and mine; where both changed the same thing differently, it has mine.
    `conflicts` are the keys of those.
    """

    theirs: tuple[Change, ...]
    mine: tuple[Change, ...]
    conflicts: frozenset[str]
    merged: DealData


def changes(old: DealData, new: DealData) -> tuple[Change, ...]:
    """Return what differs, value by value; lists of other lengths differ as a whole."""
    return tuple(_changes((), old, new))


def merge(base: DealData, theirs: DealData, mine: DealData) -> Merge:
    """Return the merge of two data that started from the same."""
    their_changes, my_changes = changes(base, theirs), changes(base, mine)
    merged = theirs
    conflicts = set()
    for change in my_changes:
        touching = [one for one in their_changes if _overlap(one.path, change.path)]
        if touching == [change]:
            continue
        if touching:
            conflicts.add(change.key)
        merged = with_value(merged, change.path, change.new)
    return Merge(their_changes, my_changes, frozenset(conflicts), merged)


def is_path(steps: tuple[object, ...]) -> TypeGuard[Path]:
    """Tell whether steps could lead to something in a deal file: keys, and places in lists."""
    return 0 < len(steps) <= _MOST_STEPS and all(map(_is_step, steps))


def _is_step(step: object) -> bool:
    if isinstance(step, str):
        return True
    return isinstance(step, int) and not isinstance(step, bool) and 0 <= step < _MOST_ITEMS


def with_value(data: DealData, path: Path, value: Found) -> DealData:
    """Return the data with one value set or, for ABSENT, taken out; mappings above are made."""
    return _as_mapping(_set(data, path, value))


def value_at(data: DealData, path: Path) -> Found:
    """Return what stands at a path, or ABSENT."""
    found: Data = data
    for part in path:
        match found, part:
            case dict(), str() if part in found:
                found = found[part]
            case list(), int() if 0 <= part < len(found):
                found = found[part]
            case _:
                return ABSENT
    return found


def _changes(path: Path, old: Found, new: Found) -> Iterator[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _changes((*path, key), old.get(key, ABSENT), new.get(key, ABSENT))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _changes((*path, index), before, after)
    elif old != new or type(old) is not type(new):
        yield Change(path, old, new)


def _overlap(one: Path, other: Path) -> bool:
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]


def _set(found: Found, path: Path, value: Found) -> Found:
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        items = list(found) if isinstance(found, list) else []
        if first < len(items):
            inner = _set(items[first], rest, value)
            return [*items[:first], *_kept(inner), *items[first + 1 :]]
        return [*items, *_kept(_set({}, rest, value))]
    mapping = _as_mapping(found)
    inner = _set(mapping.get(first, ABSENT), rest, value)
    if isinstance(inner, _Absent):
        return {key: one for key, one in mapping.items() if key != first}
    return {**mapping, first: inner}


def _kept(found: Found) -> list[Data]:
    return [] if isinstance(found, _Absent) else [found]


def _as_mapping(found: Found) -> dict[str, Data]:
    return found if isinstance(found, dict) else {}
