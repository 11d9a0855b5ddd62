"""The states of a request and of a policy's draft: which action leads from where to where."""

from collections.abc import Mapping
from enum import StrEnum

from dealdesk.kernel import state_machine


class Kind(StrEnum):
    """What a role is asked for: to decide on reasons, or to except walk-away positions."""

    APPROVAL = "approval"
    EXCEPTION = "exception"


class RequestState(StrEnum):
    """Where a request is; a waiting one belongs to a later stage."""

    WAITING = "waiting"
    OPEN = "open"
    QUESTIONED = "questioned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class RequestAction(StrEnum):
    """What can be done to a request, by people or by its timer."""

    CALL = "call"
    APPROVE = "approve"
    REJECT = "reject"
    ASK = "ask"
    ANSWER = "answer"
    DELEGATE = "delegate"
    REMIND = "remind"
    ESCALATE = "escalate"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"


_S, _A = RequestState, RequestAction
TRANSITIONS: Mapping[tuple[RequestState, RequestAction], RequestState] = {
    (_S.WAITING, _A.CALL): _S.OPEN,
    (_S.WAITING, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.WAITING, _A.SUPERSEDE): _S.SUPERSEDED,
    (_S.OPEN, _A.APPROVE): _S.APPROVED,
    (_S.OPEN, _A.REJECT): _S.REJECTED,
    (_S.OPEN, _A.ASK): _S.QUESTIONED,
    (_S.OPEN, _A.DELEGATE): _S.OPEN,
    (_S.OPEN, _A.REMIND): _S.OPEN,
    (_S.OPEN, _A.ESCALATE): _S.OPEN,
    (_S.OPEN, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.OPEN, _A.SUPERSEDE): _S.SUPERSEDED,
    # Who asked may decide before the answer comes; the clock stands still until then.
    (_S.QUESTIONED, _A.APPROVE): _S.APPROVED,
    (_S.QUESTIONED, _A.REJECT): _S.REJECTED,
    (_S.QUESTIONED, _A.ANSWER): _S.OPEN,
    (_S.QUESTIONED, _A.DELEGATE): _S.QUESTIONED,
    (_S.QUESTIONED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.QUESTIONED, _A.SUPERSEDE): _S.SUPERSEDED,
}
LIVE = frozenset(state for state, _ in TRANSITIONS)
ASKED = LIVE - {RequestState.WAITING}


def may_move(state: RequestState, action: RequestAction) -> bool:
    """Tell whether a request in that state can be moved so."""
    return (state, action) in TRANSITIONS


def moved(state: RequestState, action: RequestAction) -> RequestState:
    """Return where an action leads. Raise ConflictError where it leads nowhere from there."""
    return state_machine.moved(TRANSITIONS, state, action, "request")


class DraftState(StrEnum):
    """Where a draft of the policy is."""

    DRAFT = "draft"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class DraftAction(StrEnum):
    """What can be done to a draft of the policy."""

    CHANGE = "change"
    PUBLISH = "publish"
    DISCARD = "discard"


DRAFT_TRANSITIONS: Mapping[tuple[DraftState, DraftAction], DraftState] = {
    (DraftState.DRAFT, DraftAction.CHANGE): DraftState.DRAFT,
    (DraftState.DRAFT, DraftAction.PUBLISH): DraftState.PUBLISHED,
    (DraftState.DRAFT, DraftAction.DISCARD): DraftState.DISCARDED,
}


def draft_moved(state: DraftState, action: DraftAction) -> DraftState:
    """Return where an action leads. Raise ConflictError where it leads nowhere from there."""
    return state_machine.moved(DRAFT_TRANSITIONS, state, action, "draft")
