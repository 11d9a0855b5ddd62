"""A worker's hold on a job: claimed for a while, then ended, put back or given up."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from dealdesk.kernel.errors import ConflictError, DomainError
from dealdesk.outbox.models import JobRow, JobState
from dealdesk.outbox.rules import MOST_TRIES, wait_after

LONGEST_TOLD = 1000


class HeldError(DomainError):
    """A job can't go on until somebody gives what is missing; it is kept, not tried again."""


class LeaseLostError(ConflictError):
    """Another worker has the job: what this one made is not kept."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this worker has; `tries` tells this attempt from all others."""

    job: int
    key: str
    kind: str
    payload: Mapping[str, Any]
    tries: int


def claim_job(session: Session, job: int, now: datetime, lease: timedelta) -> Claim | None:
    """Take a job that is due, or whose worker died, in one statement; None where it is not to have.

    A job that took its worker down every time is given up.
    """
    row = session.execute(
        update(JobRow)
        .where(JobRow.id == job, _is_due(now))
        .values(state=JobState.RUNNING, lease_until=now + lease, tries=JobRow.tries + 1)
        .returning(JobRow.key, JobRow.kind, JobRow.payload, JobRow.tries)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    claim = Claim(job, row.key, row.kind, json.loads(row.payload), row.tries)
    if claim.tries > MOST_TRIES:
        give_up(session, claim, "The worker stopped in the middle, each time.", now)
        return None
    return claim


def renew_lease(session: Session, job: int, tries: int, until: datetime) -> None:
    """Hold on to a job that is still being worked on; nothing where another worker has it."""
    session.execute(
        update(JobRow)
        .where(JobRow.id == job, JobRow.state == JobState.RUNNING, JobRow.tries == tries)
        .values(lease_until=until)
        .execution_options(synchronize_session=False)
    )


def end_job(session: Session, claim: Claim, now: datetime) -> None:
    """Write down that a job is done. Raise LeaseLostError where another worker took it over."""
    _leave(session, claim, JobState.DONE, told="", ended_at=now)


def put_back(session: Session, claim: Claim, told: str, now: datetime) -> None:
    """Have a job that went wrong tried again later, or give it up after the last try."""
    wait = wait_after(claim.tries)
    if wait is None:
        give_up(session, claim, told, now)
    else:
        _leave(session, claim, JobState.WAITING, told=told, due_at=now + wait)


def give_up(session: Session, claim: Claim, told: str, now: datetime) -> None:
    """Write down that a job is not tried again, and why."""
    _leave(session, claim, JobState.FAILED, told=told, ended_at=now)


def hold(session: Session, claim: Claim, told: str, now: datetime) -> None:
    """Keep a job for an administrator, who may run it again, and say why."""
    _leave(session, claim, JobState.HELD, told=told, ended_at=now)


def list_due(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Return the jobs that somebody should have, the longest due first."""
    return session.scalars(
        select(JobRow.id).where(_is_due(now)).order_by(JobRow.due_at, JobRow.id).limit(limit)
    ).all()


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(JobRow.state == JobState.WAITING, JobRow.due_at <= now),
        and_(JobRow.state == JobState.RUNNING, JobRow.lease_until < now),
    )


def _leave(session: Session, claim: Claim, state: JobState, *, told: str, **values: object) -> None:
    left = session.execute(
        update(JobRow)
        .where(
            JobRow.id == claim.job,
            JobRow.state == JobState.RUNNING,
            JobRow.tries == claim.tries,
        )
        .values(state=state, lease_until=None, told=told[:LONGEST_TOLD], **values)
        .returning(JobRow.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if left is None:
        raise LeaseLostError.of("lease-lost", f"Another worker has job {claim.job}.")
