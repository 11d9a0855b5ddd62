"""Reads of the outbox: jobs by key, lists of jobs and mail, when the worker was there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dealdesk.kernel.errors import NotFoundError
from dealdesk.outbox.models import JobRow, JobState, MailRow, TimerRow

OPEN = (JobState.WAITING, JobState.RUNNING)


def find_job(session: Session, key: str) -> JobRow | None:
    """Return the job promised under a key, or None."""
    return session.scalar(select(JobRow).where(JobRow.key == key))


def count_jobs(session: Session) -> dict[JobState, int]:
    """Return how many jobs are in each state, 0 included."""
    found = session.execute(select(JobRow.state, func.count()).group_by(JobRow.state)).all()
    counts = {JobState(state): int(count) for state, count in found}
    return {state: counts.get(state, 0) for state in JobState}


def list_jobs(
    session: Session, *, state: JobState | None = None, before: int | None = None, limit: int = 50
) -> Sequence[JobRow]:
    """Return jobs, the last promised first; `before` is an id to page on from."""
    wanted = select(JobRow).order_by(JobRow.id.desc()).limit(limit)
    if state is not None:
        wanted = wanted.where(JobRow.state == state)
    if before is not None:
        wanted = wanted.where(JobRow.id < before)
    return session.scalars(wanted).all()


def find_mail(session: Session, job: int) -> MailRow | None:
    """Return the message of a job, or None."""
    return session.scalar(select(MailRow).where(MailRow.job_id == job))


def worker_seen_at(session: Session) -> datetime | None:
    """Return when a worker last looked for jobs; None where none ever did."""
    return session.scalar(select(func.max(TimerRow.ran_at)))


def get_job(session: Session, number: int) -> JobRow:
    """Return a job. Raise NotFoundError where there is none."""
    row = session.get(JobRow, number)
    if row is None:
        raise NotFoundError.of("no-such-job", f"There is no job {number}.")
    return row
