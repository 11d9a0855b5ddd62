"""State machines as data: one table of transitions, and one way to ask it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from dealdesk.kernel.errors import ConflictError

_State = TypeVar("_State", bound=StrEnum)
_Action = TypeVar("_Action", bound=StrEnum)


def moved(
    transitions: Mapping[tuple[_State, _Action], _State],
    state: _State,
    action: _Action,
    subject: str,
) -> _State:
    """Return where an action leads; `subject` is what moves, such as "draft".

    Raise ConflictError where it leads nowhere from there.
    """
    try:
        return transitions[state, action]
    except KeyError:
        raise ConflictError.of(
            "not-possible-now",
            f"This {subject} is {state.value}, so nobody can {action.value} it.",
            remedy="Load the page again to see what happened.",
        ) from None
