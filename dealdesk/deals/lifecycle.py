"""The stages of a deal: which action leads from where to where, and what each waits for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dealdesk.deals.models import Stage
from dealdesk.kernel.errors import Problem


class StageAction(StrEnum):
    """What moves a deal from stage to stage."""

    SEND = "send"
    PREPARE = "prepare"
    REOPEN = "reopen"
    SEAL = "seal"
    LOSE = "lose"
    REVIVE = "revive"


class Need(StrEnum):
    """What an action waits for."""

    NOTHING_OPEN = "nothing open"
    FILES = "files"
    SENT_AS_IS = "sent as is"
    NO_ROUND_OPEN = "no round open"


_S, _A = Stage, StageAction
TRANSITIONS: Mapping[tuple[Stage, StageAction], Stage] = {
    (_S.DRAFT, _A.SEND): _S.NEGOTIATION,
    (_S.NEGOTIATION, _A.SEND): _S.NEGOTIATION,
    (_S.NEGOTIATION, _A.PREPARE): _S.SIGNATURE,
    (_S.SIGNATURE, _A.REOPEN): _S.NEGOTIATION,
    (_S.SIGNATURE, _A.SEAL): _S.SIGNED,
    (_S.DRAFT, _A.LOSE): _S.LOST,
    (_S.NEGOTIATION, _A.LOSE): _S.LOST,
    (_S.SIGNATURE, _A.LOSE): _S.LOST,
    (_S.LOST, _A.REVIVE): _S.DRAFT,
}
NEEDS: Mapping[StageAction, tuple[Need, ...]] = {
    _A.SEND: (Need.NOTHING_OPEN, Need.FILES),
    _A.PREPARE: (Need.NO_ROUND_OPEN, Need.NOTHING_OPEN, Need.SENT_AS_IS),
    _A.SEAL: (Need.NO_ROUND_OPEN, Need.NOTHING_OPEN, Need.FILES, Need.SENT_AS_IS),
}
# Stages at which nothing is decided on a deal any more.
CLOSED = frozenset({_S.SIGNED.value, _S.LOST.value})


@dataclass(frozen=True, slots=True)
class Readiness:
    """The facts that stages wait for, gathered from all contexts: each what is still missing."""

    missing: Mapping[Need, tuple[Problem, ...]]


def may_move(stage: Stage, action: StageAction) -> bool:
    """Tell whether a deal at that stage can be moved so at all."""
    return (stage, action) in TRANSITIONS


def obstacles(stage: Stage, action: StageAction, readiness: Readiness) -> tuple[Problem, ...]:
    """Return everything that stands between a deal and an action; nothing where it can be done."""
    if not may_move(stage, action):
        message = f"A deal at the stage “{stage}” can't be moved so ({action})."
        return (
            Problem("wrong-stage", message, remedy="Load the page again and look where it is."),
        )
    return tuple(
        problem for need in NEEDS.get(action, ()) for problem in readiness.missing.get(need, ())
    )
