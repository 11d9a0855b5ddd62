"""What is there to stay is left out of the collector's rounds, and nothing is lost by it."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from dealdesk.kernel.memory import is_full_round_near, settle


class Ring:
    """Refers to itself, so that only the collector can free it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_alive_is_left_out_of_later_rounds() -> None:
    ring = Ring()
    assert any(one is ring for one in gc.get_objects())
    settle()
    assert gc.get_freeze_count() > 0
    assert not any(one is ring for one in gc.get_objects())


def test_garbage_is_freed_and_what_became_garbage_later_by_a_thorough_call() -> None:
    dropped, kept = Ring(), Ring()
    seen = weakref.ref(dropped), weakref.ref(kept)
    del dropped
    settle()
    assert (seen[0]() is None, seen[1]() is kept) == (True, True)
    del kept
    settle(thoroughly=False)
    assert seen[1]() is not None
    settle()
    assert seen[1]() is None


def test_a_full_round_is_near_after_some_smaller_ones() -> None:
    gc.collect()
    assert not is_full_round_near()
    while not is_full_round_near():
        gc.collect(1)
    assert gc.get_count()[2] < gc.get_threshold()[2]
