"""Read keys from YAML data with types, and collect every problem with file and line.

A Record is one mapping of a file. Reading a key that is missing or of the wrong type notes a
problem and gives a stand-in, so that one pass finds all of them; `finish` notes unknown keys.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dealdesk.kernel.errors import Problem
from dealdesk.kernel.located_yaml import Data, Located

_REQUIRED = "\0required"


@dataclass(slots=True)
class Record:
    """One mapping of a YAML file and the list that its problems go to."""

    located: Located
    path: str
    data: Mapping[str, Data]
    problems: list[Problem]
    _read: set[str] = field(default_factory=set)

    @classmethod
    def whole(cls, located: Located, problems: list[Problem]) -> "Record | None":
        """Return the record of a whole file, or None (and a problem) when it isn't a mapping."""
        if isinstance(located.data, dict):
            return cls(located, "", located.data, problems)
        problems.append(
            Problem("not-a-mapping", "The file has to start with keys.", located.place(""))
        )
        return None

    def problem(self, key: str, code: str, message: str, remedy: str = "") -> None:
        """Note a problem at a key of this record."""
        self.problems.append(Problem(code, message, self.located.place(self._at(key)), remedy))

    def _at(self, key: str) -> str:
        return ".".join(part for part in (self.path, key) if part)

    def get(self, key: str, *, required: bool = False) -> Data:
        """Return a key's plain data, None when absent."""
        self._read.add(key)
        if required and self.data.get(key) is None:
            self.problem(key, "missing-key", f"“{key}” is missing.")
        return self.data.get(key)

    def text(self, key: str, default: str = _REQUIRED) -> str:
        """Return a key's words; whole numbers count as words."""
        value = self.get(key, required=default == _REQUIRED)
        if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            return str(value)
        if value is not None:
            self.problem(key, "wrong-type", f"“{key}” has to be words.")
        return "" if default == _REQUIRED else default

    def integer(self, key: str, default: int) -> int:
        """Return a key's whole number."""
        value = self.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if value is not None:
            self.problem(key, "wrong-type", f"“{key}” has to be a whole number.")
        return default

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Return a key's true or false."""
        value = self.get(key, required=default is None)
        if isinstance(value, bool):
            return value
        if value is not None:
            self.problem(key, "wrong-type", f"“{key}” has to be true or false.")
        return bool(default)

    def choice(self, key: str, known: Sequence[str], default: str = "") -> str:
        """Return a key's word when it is one of the known ones, else note it and the nearest."""
        value = self.text(key)
        if value in known:
            return value
        if value:
            self._unknown(key, value, known)
        return default or known[0]

    def choices(self, key: str, known: Sequence[str]) -> tuple[str, ...]:
        """Return a key's list of words that are among the known ones."""
        values = self.texts(key)
        for value in values:
            if value not in known:
                self._unknown(key, value, known)
        return tuple(value for value in values if value in known)

    def _unknown(self, key: str, value: str, known: Sequence[str]) -> None:
        self.problem(
            key, "unknown-word", f"“{value}” is not known here.", f"Use one of {', '.join(known)}."
        )

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a key's list of words, empty when absent."""
        value = self.get(key)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(str(item) for item in value)
        self.problem(key, "wrong-type", f"“{key}” has to be a list of words.")
        return ()

    def data_mapping(self, key: str) -> Mapping[str, Data]:
        """Return a key's mapping, empty when absent."""
        value = self.get(key)
        if isinstance(value, dict):
            return value
        if value is not None:
            self.problem(key, "wrong-type", f"“{key}” has to be a mapping.")
        return {}

    def mapping(self, key: str) -> Mapping[str, str]:
        """Return a key's mapping of words to words."""
        pairs = self.data_mapping(key)
        for name, value in pairs.items():
            if not isinstance(value, str):
                self.problem(f"{key}.{name}", "wrong-type", f"“{name}” has to be words in quotes.")
        return {name: value for name, value in pairs.items() if isinstance(value, str)}

    def records(self, key: str, *, required: bool = False) -> Iterator["Record"]:
        """Yield a key's list of mappings as records."""
        for item in self.words_or_records(key, required=required):
            if isinstance(item, Record):
                yield item
            else:
                self.problem(key, "wrong-type", f"“{key}” has to be a list of mappings.")

    def words_or_records(self, key: str, *, required: bool = False) -> Iterator["str | Record"]:
        """Yield a key's list, each item a word or a record."""
        value = self.get(key, required=required)
        if value is not None and not isinstance(value, list):
            self.problem(key, "wrong-type", f"“{key}” has to be a list.")
            return
        for index, item in enumerate(value or ()):
            if isinstance(item, dict):
                yield Record(self.located, f"{self._at(key)}[{index}]", item, self.problems)
            elif isinstance(item, str):
                yield item
            else:
                self.problem(f"{key}[{index}]", "wrong-type", "Words or a mapping are wanted.")

    def finish(self) -> None:
        """Note each key that nobody read, with the nearest known one."""
        for key in self.data:
            if key not in self._read:
                near = difflib.get_close_matches(key, self._read, n=1)
                remedy = f"Did you mean “{near[0]}”?" if near else "Remove it."
                self.problem(key, "unknown-key", f"“{key}” is not a key that we know.", remedy)
