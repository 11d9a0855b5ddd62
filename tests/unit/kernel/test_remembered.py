"""What was made once is made once, whoever asks, and only the last things are remembered."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealdesk.kernel.remembered import Remembered


@given(st.lists(st.integers(0, 9)), st.integers(1, 5))
def test_whatever_is_asked_for_is_what_follows_from_its_key(keys: list[int], most: int) -> None:
    things: Remembered[int, str] = Remembered(most)
    for key in keys:
        assert things.made(key, lambda key=key: f"thing {key}") == f"thing {key}"  # type: ignore[misc]
        assert things.find(key) == f"thing {key}"
        assert len(things) <= most


def test_what_was_asked_for_last_is_remembered_longest() -> None:
    things: Remembered[str, str] = Remembered(2)
    for key in "ab":
        things.keep(key, key)
    assert things.find("a") == "a"
    things.keep("c", "c")
    assert (things.find("a"), things.find("b"), things.find("c")) == ("a", None, "c")


def test_the_thing_that_was_there_first_stays() -> None:
    things: Remembered[str, list[int]] = Remembered(2)
    first = things.keep("a", [1])
    assert things.keep("a", [2]) is first
    assert things.made("a", lambda: [3]) is first


@pytest.mark.parametrize("most", [1, 3])
def test_threads_at_once_get_what_they_asked_for(most: int) -> None:
    things: Remembered[int, tuple[int]] = Remembered(most)

    def ask(seed: int) -> bool:
        draw = Random(seed)
        keys = [draw.randrange(8) for _ in range(2_000)]
        return all(things.made(key, lambda key=key: (key,)) == (key,) for key in keys)  # type: ignore[misc]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(8)))
    assert len(things) <= most
