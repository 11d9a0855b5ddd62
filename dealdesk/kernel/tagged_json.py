"""Frozen dataclasses as JSON and back: every object carries the name of its class under "@".

What is stored for years has to be read by what comes later, so a name stays what it is: a class
is renamed in the code only together with an alias in the registry.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import cast

from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.hashing import Json

TAG = "@"
_VALUE = "value"


class TaggedJsonError(DomainError):
    """JSON that names a class which the registry lacks, or whose fields don't fit."""


class TaggedJson:
    """Writes and reads the classes that it was made with."""

    def __init__(self, *classes: type) -> None:
        self._classes = {class_.__name__: class_ for class_ in classes}

    def write(self, value: object) -> Json:
        """Return the JSON of a value. Raise TaggedJsonError for a class that isn't registered."""
        match value:
            case StrEnum():
                return {TAG: self._name(value), _VALUE: value.value}
            case None | bool() | int() | str():
                return value
            case Decimal():
                return {TAG: "Decimal", _VALUE: str(value)}
            case date():
                return {TAG: "date", _VALUE: value.isoformat()}
            case tuple() | list():
                return [self.write(item) for item in value]
            case Mapping():
                return {str(key): self.write(item) for key, item in value.items()}
            case _ if is_dataclass(value):
                parts = {
                    f.name: self.write(getattr(value, f.name)) for f in fields(value) if f.init
                }
                return {TAG: self._name(value), **parts}
        raise TaggedJsonError.of("not-stored", f"A {type(value).__name__} can't be stored.")

    def _name(self, value: object) -> str:
        name = type(value).__name__
        if name not in self._classes:
            raise TaggedJsonError.of("not-stored", f"A {name} can't be stored.")
        return name

    def read(self, data: Json) -> object:
        """Return the value that JSON states; lists come back as tuples, mappings read-only."""
        if isinstance(data, Mapping):
            return self._read_object(data)
        if isinstance(data, list | tuple):
            return tuple(self.read(item) for item in data)
        return data

    def _read_object(self, data: Mapping[str, Json]) -> object:
        tag = data.get(TAG)
        if tag is None:
            return MappingProxyType({key: self.read(item) for key, item in data.items()})
        if tag == "Decimal":
            return Decimal(str(data[_VALUE]))
        if tag == "date":
            return date.fromisoformat(str(data[_VALUE]))
        class_ = cast("Callable[..., object] | None", self._classes.get(str(tag)))
        if class_ is None:
            raise TaggedJsonError.of(
                "unknown-class", f"Stored data names “{tag}”, which is unknown."
            )
        parts = {key: self.read(item) for key, item in data.items() if key != TAG}
        try:
            return (
                class_(parts[_VALUE])
                if set(parts) == {_VALUE} and _is_enum(class_)
                else class_(**parts)
            )
        except (TypeError, ValueError) as error:
            raise TaggedJsonError.of(
                "bad-fields", f"Stored data doesn't fit {tag}: {error}."
            ) from error


def _is_enum(class_: object) -> bool:
    return isinstance(class_, type) and issubclass(class_, StrEnum)
