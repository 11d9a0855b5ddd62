"""What is there against what should be there: differences as sentences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dealdesk.kernel.hashing import canonical_json


@dataclass(frozen=True, slots=True)
class Shape:
    """How to compare a system's objects.

    `keys` names the fields that tell the items of a list apart, by the list's name; `whole` the
    objects in which nothing else may stand; everything else that a system adds is left alone.
    """

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where a system says something else than the contract."""

    place: str
    wanted: Any
    found: Any
    is_absent: bool = False
    is_extra: bool = False

    def __str__(self) -> str:
        if self.is_absent:
            return f"{self.place} is missing; the contract says {_words(self.wanted)}"
        if self.is_extra:
            return f"{self.place} is {_words(self.found)}; the contract has none"
        return f"{self.place} is {_words(self.found)}; the contract says {_words(self.wanted)}"


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, str):
        return f"“{value}”"
    return canonical_json(value) if isinstance(value, Mapping | list | tuple) else str(value)


def differences(
    wanted: Any, found: Any, shape: Shape, place: str = "", name: str = ""
) -> Iterator[Difference]:
    """Yield where `found` differs from `wanted`; ids may come as numbers or as text."""
    if isinstance(wanted, Mapping):
        if not isinstance(found, Mapping):
            yield Difference(place, wanted, found)
            return
        yield from _of_objects(wanted, found, shape, place, name)
    elif isinstance(wanted, Sequence) and not isinstance(wanted, str):
        if not isinstance(found, Sequence) or isinstance(found, str):
            yield Difference(place, wanted, found)
        elif name in shape.keys:
            yield from _of_items(wanted, found, shape, place, shape.keys[name])
        elif [_plain(one) for one in wanted] != [_plain(one) for one in found]:
            yield Difference(place, wanted, found)
    elif _plain(wanted) != _plain(found):
        yield Difference(place, wanted, found)


def _of_objects(
    wanted: Mapping[str, Any], found: Mapping[str, Any], shape: Shape, place: str, name: str
) -> Iterator[Difference]:
    for key, value in wanted.items():
        inner = _joined(place, key)
        if key not in found and value is not None:
            yield Difference(inner, value, None, is_absent=True)
        else:
            yield from differences(value, found.get(key), shape, inner, key)
    if name in shape.whole:
        for key in found:
            if key not in wanted:
                yield Difference(_joined(place, key), None, found[key], is_extra=True)


def _of_items(
    wanted: Sequence[Any], found: Sequence[Any], shape: Shape, place: str, keys: tuple[str, ...]
) -> Iterator[Difference]:
    there = {_key(item, keys): item for item in found}
    ours = {_key(item, keys): item for item in wanted}
    for key, item in ours.items():
        inner = _joined(place, key)
        if key not in there:
            yield Difference(inner, _rest(item, keys), None, is_absent=True)
        else:
            yield from differences(item, there[key], shape, inner)
    for key, item in there.items():
        if key not in ours:
            yield Difference(_joined(place, key), None, _rest(item, keys), is_extra=True)


def _key(item: Any, keys: tuple[str, ...]) -> str:
    return " ".join(str(item.get(key)) for key in keys) if isinstance(item, Mapping) else str(item)


def _rest(item: Any, keys: tuple[str, ...]) -> Any:
    """Return an item without what its place says already."""
    if not isinstance(item, Mapping):
        return item
    return {key: value for key, value in item.items() if key not in keys} or dict(item)


def _joined(place: str, key: str) -> str:
    return f"{place} › {key}" if place else key


def _plain(value: Any) -> Any:
    """Return a value as it compares: a number and its digits are the same id."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(inner) for inner in value]
    return value
