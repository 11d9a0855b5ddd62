"""How far a round is, and what it holds up: every change that is not decided (I12)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from dealdesk.kernel.errors import Place, Problem
from dealdesk.kernel.hashing import sha256_json
from dealdesk.negotiation.queries import Reviewed, find_open_round, list_reviewed

ROUND = "round-"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a round's changes are decided, and how many of the rest nobody tracked."""

    decided: int
    wanted: int
    untracked_left: int

    @property
    def is_whole(self) -> bool:
        """Tell whether everything is decided."""
        return self.decided == self.wanted


def progress_of(reviewed: Sequence[Reviewed]) -> Progress:
    """Return how far a round is."""
    wanted = [one for one in reviewed if one.item.is_open_to_us]
    left = [one for one in wanted if one.is_waiting]
    return Progress(
        decided=len(wanted) - len(left),
        wanted=len(wanted),
        untracked_left=sum(not one.item.is_tracked for one in left),
    )


def seen_of(reviewed: Sequence[Reviewed]) -> str:
    """Return the hash of what was decided so far: what a form says that it has seen."""
    return sha256_json([[one.item.key, one.seen] for one in reviewed])


def round_blockers(session: Session, deal_id: int) -> Iterator[Problem]:
    """Yield what an open round keeps from signature: untracked edits first, then the others."""
    row = find_open_round(session, deal_id)
    if row is None:
        return
    progress = progress_of(list_reviewed(session, row.id))
    place, remedy = Place(path=f"negotiation/{row.number}"), "Decide on them under Negotiation."
    tracked = progress.wanted - progress.decided - progress.untracked_left
    if progress.untracked_left:
        what = _waiting(progress.untracked_left, "untracked edit")
        message = f"{what} for a decision in round {row.number}."
        yield Problem(f"{ROUND}untracked", message, place, remedy)
    if tracked:
        what = _waiting(tracked, "change")
        message = f"{what} for a decision in round {row.number}."
        yield Problem(f"{ROUND}undecided", message, place, remedy)
    if progress.is_whole:
        message = f"Round {row.number} is decided and not answered yet."
        yield Problem(f"{ROUND}unanswered", message, place, "Finish it under Negotiation.")


def _waiting(number: int, noun: str) -> str:
    return f"{number} {noun} waits" if number == 1 else f"{number} {noun}s wait"
