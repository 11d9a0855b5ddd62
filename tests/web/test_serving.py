"""The collector's full rounds come between answers, never while somebody is being answered."""

from collections.abc import Iterable

import pytest

from dealdesk.web import serving
from dealdesk.web.serving import ROUNDS, BetweenAnswers


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note each full round, which always seems near, instead of doing it."""
    rounds: list[bool] = []
    monkeypatch.setattr(serving, "is_full_round_near", lambda: True)
    monkeypatch.setattr(serving, "settle", lambda *, thoroughly: rounds.append(thoroughly))
    return rounds


def answer(environ: dict, start_response) -> Iterable[bytes]:
    del environ, start_response
    return [b"answer"]


def test_a_round_waits_until_the_last_of_two_answers_is_closed(settled: list[bool]) -> None:
    app = BetweenAnswers(answer)
    first, second = app({}, print), app({}, print)
    assert b"".join(first) == b"answer"
    first.close()
    assert settled == []
    second.close()
    assert settled == [False]


def test_an_application_that_fails_is_not_waited_for_for_ever(settled: list[bool]) -> None:
    def fail(environ: dict, start_response) -> Iterable[bytes]:
        raise RuntimeError("no answer")

    app = BetweenAnswers(fail)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="no answer"):
            app({}, print)
    assert settled == [False, False]


def test_now_and_then_a_round_looks_at_everything(settled: list[bool]) -> None:
    app = BetweenAnswers(answer)
    for _ in range(2 * ROUNDS):
        app({}, print).close()
    assert [place for place, thorough in enumerate(settled, 1) if thorough] == [ROUNDS, 2 * ROUNDS]
