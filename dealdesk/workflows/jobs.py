"""Run a job again, as an administrator asks."""

from datetime import datetime

from sqlalchemy.orm import Session

from dealdesk.audit.operations import record
from dealdesk.identity.actors import Actor
from dealdesk.outbox import operations

STREAM = "outbox"


def run_again(session: Session, actor: Actor, job: int, now: datetime) -> None:
    """Let a job that is held or has failed be tried from the start, and record who asked.

    Raise NotFoundError for an unknown job, RefusedError where it is done, waits or runs.
    """
    operations.run_again(session, job, now)
    record(session, actor, STREAM, "outbox:job:run_again", {"job": job}, now=now)
