"""The states of a round: which action leads from where to where."""

from collections.abc import Mapping
from enum import StrEnum

from dealdesk.kernel import state_machine


class RoundState(StrEnum):
    """Where a round is."""

    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class RoundAction(StrEnum):
    """What can be done to a round."""

    ANSWER = "answer"
    WITHDRAW = "withdraw"


TRANSITIONS: Mapping[tuple[RoundState, RoundAction], RoundState] = {
    (RoundState.OPEN, RoundAction.ANSWER): RoundState.ANSWERED,
    (RoundState.OPEN, RoundAction.WITHDRAW): RoundState.WITHDRAWN,
}


def moved(state: RoundState, action: RoundAction) -> RoundState:
    """Return where an action leads. Raise ConflictError where it leads nowhere from there."""
    return state_machine.moved(TRANSITIONS, state, action, "round")
