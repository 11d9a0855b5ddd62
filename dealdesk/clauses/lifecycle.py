"""The states of a clause's draft: which action leads from where to where."""

from collections.abc import Mapping
from enum import StrEnum

from dealdesk.kernel import state_machine


class DraftState(StrEnum):
    """Where a draft of a clause is; a submitted one waits for a second person."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class DraftAction(StrEnum):
    """What can be done to a draft of a clause."""

    CHANGE = "change"
    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    DISCARD = "discard"


_S, _A = DraftState, DraftAction
TRANSITIONS: Mapping[tuple[DraftState, DraftAction], DraftState] = {
    (_S.DRAFT, _A.CHANGE): _S.DRAFT,
    (_S.DRAFT, _A.SUBMIT): _S.SUBMITTED,
    (_S.DRAFT, _A.DISCARD): _S.DISCARDED,
    (_S.SUBMITTED, _A.RETURN): _S.DRAFT,
    (_S.SUBMITTED, _A.PUBLISH): _S.PUBLISHED,
    (_S.SUBMITTED, _A.DISCARD): _S.DISCARDED,
}
LIVE = frozenset(state for state, _ in TRANSITIONS)


def may_move(state: DraftState, action: DraftAction) -> bool:
    """Tell whether a draft in that state can be moved so."""
    return (state, action) in TRANSITIONS


def moved(state: DraftState, action: DraftAction) -> DraftState:
    """Return where an action leads. Raise ConflictError where it leads nowhere from there."""
    return state_machine.moved(TRANSITIONS, state, action, "draft")
