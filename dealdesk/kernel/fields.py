"""Read typed fields out of located YAML, noting every problem instead of stopping at the first.

A reader that meets a fault notes it and returns a stand-in of the right type, so that the rest of
the file is still read; the caller raises what was noted before it uses anything.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from dealdesk.kernel.characters import hidden_words
from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.kernel.located_yaml import Data, Located

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,12})?\Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_STAND_IN_DAY = date(2000, 1, 1)

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Fields:
    """The keys of one mapping in a file; all readers of a file share `problems`."""

    located: Located
    path: str
    data: dict[str, Data]
    problems: list[Problem] = field(repr=False)

    @classmethod
    def root(cls, located: Located, keys: Sequence[str]) -> "Fields":
        """Return the reader of a whole file, which may have these keys and no others.

        Raise DomainError when the file is not a mapping at all.
        """
        problems: list[Problem] = []
        fields = _fields(located, "", located.data, keys, problems)
        if not isinstance(located.data, dict):
            raise DomainError(problems)
        return fields

    def raise_problems(self) -> None:
        """Raise DomainError with every problem noted so far, in the order of the file."""
        if self.problems:
            raise DomainError(sorted(self.problems, key=lambda problem: problem.place.line))

    def note(self, code: str, key: str, message: str, remedy: str = "") -> None:
        """Note a problem at a key of this mapping ("" for the mapping itself)."""
        place = self.located.place(self.at(key))
        self.problems.append(Problem(code, message, place, remedy))

    def at(self, key: str) -> str:
        """Return the path of a key, as messages and `Located.lines` write it."""
        return f"{self.path}.{key}" if self.path and key else self.path or key

    def has(self, key: str) -> bool:
        """Tell whether the key stands in the file with a value."""
        return self.data.get(key) is not None

    def text(self, key: str, *, default: str | None = None, longest: int = 500) -> str:
        """Return words; a whole number counts as words. Without a default the key is required."""
        value = self._given(key, required=default is None)
        if value is None:
            return default or ""
        if isinstance(value, bool) or not isinstance(value, str | int):
            self.note("wrong-type", key, f"{_name(key)} has to be words.", "Write it in quotes.")
            return ""
        return self._words(key, str(value), longest)

    def _words(self, key: str, text: str, longest: int) -> str:
        if not text.strip():
            self.note("blank", key, f"{_name(key)} is blank.", "Fill it in, or leave the key out.")
        if len(text) > longest:
            self.note("too-long", key, f"{_name(key)} is longer than {longest} characters.")
        self._check_seen(key, text)
        return text

    def _check_seen(self, key: str, text: str) -> None:
        if hidden := hidden_words(_name(key), text):
            self.note("hidden-character", key, hidden, "Delete it and type the words again.")

    def decimal(
        self,
        key: str,
        *,
        default: Decimal | None = None,
        low: Decimal | int | None = None,
        high: Decimal | int | None = None,
        places: int | None = None,
    ) -> Decimal:
        """Return an exact number within its bounds and with `places` decimals at most."""
        value = self._given(key, required=default is None)
        if value is None:
            return default if default is not None else Decimal(0)
        text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not _NUMBER.match(text):
            self.note(
                "not-a-number",
                key,
                f"{_name(key)} is {_shown(value)}, which is not a plain number.",
                "Write digits with a decimal point, in quotes, such as “1200.00”.",
            )
            return Decimal(0)
        number = Decimal(text)
        self._check_bounds(key, number, low, high)
        if places is not None and -int(number.as_tuple().exponent) > places:
            self.note(
                "too-many-decimals",
                key,
                f"{_name(key)} is {text}; it may have {places} decimals at most.",
                "Round it the way you want it printed.",
            )
        return number

    def integer(
        self,
        key: str,
        *,
        default: int | None = None,
        low: int | None = None,
        high: int | None = None,
    ) -> int:
        """Return a whole number within its bounds."""
        number = self.decimal(
            key, default=None if default is None else Decimal(default), low=low, high=high
        )
        if number != int(number):
            self.note("not-whole", key, f"{_name(key)} is {number}; a whole number is wanted.")
        return int(number)

    def _check_bounds(
        self, key: str, number: Decimal, low: Decimal | int | None, high: Decimal | int | None
    ) -> None:
        if low is not None and number < low:
            self.note("out-of-range", key, f"{_name(key)} is {number}; {low} is the least allowed.")
        if high is not None and number > high:
            self.note("out-of-range", key, f"{_name(key)} is {number}; {high} is the most allowed.")

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self.data.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.note("wrong-type", key, f"{_name(key)} is {_shown(value)}, not true or false.")
            return default
        return value

    def day(self, key: str, *, required: bool = True) -> date | None:
        """Return a date written YYYY-MM-DD, or None for an optional one that is not there."""
        value = self._given(key, required=required)
        if value is None:
            return _STAND_IN_DAY if required else None
        remedy = "Write a date such as 2027-01-31."
        if not isinstance(value, str) or not _DAY.match(value):
            self.note("not-a-date", key, f"{_name(key)} is {_shown(value)}, not a date.", remedy)
            return _STAND_IN_DAY
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.note(
                "no-such-date", key, f"{_name(key)} is {value}, which does not exist.", remedy
            )
            return _STAND_IN_DAY

    def moment(self, key: str) -> datetime | None:
        """Return an instant with its offset, such as 2026-11-24T09:30:00Z."""
        value = self._given(key, required=True)
        if value is None:
            return None
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            self.note(
                "not-a-time",
                key,
                f"{_name(key)} is {_shown(value)}, not a time with its offset.",
                "Write a time such as 2026-11-24T09:30:00Z.",
            )
            return None
        return found

    def word(self, key: str, words: type[_Word], *, default: _Word | None = None) -> _Word:
        """Return one of an enumeration's words."""
        value = self._given(key, required=default is None)
        stand_in = default if default is not None else next(iter(words))
        if value is None:
            return stand_in
        known = [str(word) for word in words]
        if not isinstance(value, str) or value not in known:
            self.note(
                "unknown-word",
                key,
                f"{_name(key)} is {_shown(value)}, which is not one of its words.",
                f"Use {_nearest(str(value), known)}.",
            )
            return stand_in
        return words(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of words; none when the key is not there."""
        value = self.data.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.note("wrong-type", key, f"{_name(key)} has to be a list of words.")
            return ()
        return tuple(str(item) for item in value)

    def mapping(self, key: str, keys: Sequence[str], *, required: bool = True) -> "Fields":
        """Return the reader of a mapping below this one; an empty one when it is not there."""
        value = self._given(key, required=required)
        if value is None:
            return Fields(self.located, self.at(key), {}, self.problems if not required else [])
        return _fields(self.located, self.at(key), value, keys, self.problems)

    def items(self, key: str, keys: Sequence[str]) -> list["Fields"]:
        """Return a reader for each mapping of a list; none when the key is not there."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.note("wrong-type", key, f"{_name(key)} has to be a list.", "Start each with “- ”.")
            return []
        return [
            _fields(self.located, f"{self.at(key)}[{index}]", item, keys, self.problems)
            for index, item in enumerate(value)
        ]

    def entries(self, key: str, keys: Sequence[str]) -> Iterator[tuple[str, "Fields"]]:
        """Yield each name of a mapping with the reader of what stands below it."""
        for name, value in self._names(key).items():
            yield name, _fields(self.located, f"{self.at(key)}.{name}", value, keys, self.problems)

    def plain(self, key: str) -> dict[str, Data]:
        """Return a mapping as plain data, for values whose types another reader knows.

        Characters that can't be seen are noted wherever they stand in it.
        """
        names = self._names(key)
        self._note_hidden(key, names)
        return names

    def _names(self, key: str) -> dict[str, Data]:
        value = self.data.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.note("wrong-type", key, f"{_name(key)} has to be a mapping of names to values.")
            return {}
        return value

    def _note_hidden(self, key: str, data: Data) -> None:
        match data:
            case str():
                self._check_seen(key, data)
            case list():
                for index, item in enumerate(data):
                    self._note_hidden(f"{key}[{index}]", item)
            case dict():
                for name, value in data.items():
                    self._note_hidden(f"{key}.{name}", value)
            case _:
                pass

    def _given(self, key: str, *, required: bool) -> Data:
        value = self.data.get(key)
        if value is not None:
            return value
        if key in self.data:
            self.note("blank", key, f"{_name(key)} is blank.", "Fill it in, or leave the key out.")
        elif required:
            self.note("missing", key, f"{_name(key)} is missing.", "Add it.")
        return None


def _fields(
    located: Located, path: str, data: Data, keys: Sequence[str], problems: list[Problem]
) -> Fields:
    made = Fields(located, path, data if isinstance(data, dict) else {}, problems)
    if not isinstance(data, dict):
        made.note("wrong-type", "", f"{_name(path)} has to be a mapping with {', '.join(keys)}.")
        # A mapping that is no mapping is one problem; its missing keys would be noise.
        return Fields(located, path, {}, [])
    for key in data:
        if key not in keys:
            made.note(
                "unknown-key",
                key,
                f"{_name(key)} is not a key that is read here.",
                f"Use {_nearest(key, keys)}.",
            )
    return made


def _nearest(word: str, known: Sequence[str]) -> str:
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"“{close[0]}”" if close else f"one of {', '.join(known)}"


def _name(key: str) -> str:
    return f"“{key.rpartition('.')[2]}”" if key else "The file"


def _shown(value: Data) -> str:
    match value:
        case str():
            return f"“{value[:60]}”"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return str(value).lower()
