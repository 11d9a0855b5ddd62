"""What was made once and may be asked for again, by what it follows from; safe among threads."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Remembered(Generic[_Key, _Value]):
    """The things asked for last, at most so many.

    Nothing is made under the lock: two threads at once may both make a thing, and both get the one
    that was there first.
    """

    def __init__(self, most: int) -> None:
        """Remember at most so many things."""
        self._most = most
        self._things: OrderedDict[_Key, _Value] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        """Return how many things are remembered now."""
        return len(self._things)

    def find(self, key: _Key) -> _Value | None:
        """Return what was made of a key, or None where it isn't remembered."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
            return self._things.get(key)

    def keep(self, key: _Key, thing: _Value) -> _Value:
        """Remember a thing, unless there is one already; return the one remembered."""
        with self._lock:
            kept = self._things.setdefault(key, thing)
            self._things.move_to_end(key)
            while len(self._things) > self._most:
                self._things.popitem(last=False)
            return kept

    def made(self, key: _Key, make: Callable[[], _Value]) -> _Value:
        """Return what was made of a key, made now where it isn't remembered."""
        found = self.find(key)
        return self.keep(key, make()) if found is None else found
