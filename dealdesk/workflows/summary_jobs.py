"""What lists show of deals after rules moved: a job in steps, and a timer that misses none."""

from datetime import datetime

from sqlalchemy.orm import Session

from dealdesk.identity.actors import SYSTEM
from dealdesk.outbox.leases import Claim
from dealdesk.outbox.operations import enqueue
from dealdesk.workflows.machine import Keep, Machine
from dealdesk.workflows.stored_deals import list_stored_deals
from dealdesk.workflows.summaries import list_behind, refresh_summaries

SUMMARIES = "deals:summaries"
# So many at a time: while a step is kept, nobody else writes on an embedded database.
STEP = 50


def promise_refresh(
    session: Session, cause: str, now: datetime, due_at: datetime | None = None
) -> None:
    """Promise, in the caller's transaction, that lists follow what moved; once for each cause."""
    enqueue(session, SUMMARIES, {}, key=f"{SUMMARIES}:{cause}", now=now, due_at=due_at)


def promise_if_behind(session: Session, machine: Machine, now: datetime) -> None:
    """Promise it where lists are behind for a cause that nobody told: a day that came, an update.

    Clauses begin and records end on their days, and a program that was updated judges anew.
    """
    if list_behind(session, machine.rules, now, 1):
        promise_refresh(session, f"timer:{now:%Y-%m-%dT%H}", now)


def refresh_step(session: Session, machine: Machine, claim: Claim) -> Keep | None:
    """Judge the next deals that are behind, and return what writes that and promises the rest."""
    now = machine.clock.now()
    numbers = list_behind(session, machine.rules, now, STEP)
    if not numbers:
        return None
    # What each comes to is worked out here, under no lock, and is known when it is written.
    for _ in list_stored_deals(session, machine.rules, actor=SYSTEM, numbers=numbers, now=now):
        pass

    def keep(unit: Session, at: datetime) -> None:
        refresh_summaries(unit, machine.rules, numbers, now=at)
        if list_behind(unit, machine.rules, at, 1):
            promise_refresh(unit, f"after:{claim.job}", at)

    return keep
