"""Writes of the outbox: promise work, promise mail, run again."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dealdesk.kernel.errors import NotFoundError, RefusedError
from dealdesk.kernel.hashing import Json, canonical_json
from dealdesk.kernel.languages import known_language
from dealdesk.outbox.models import JobRow, JobState, MailRow
from dealdesk.outbox.queries import find_job
from dealdesk.outbox.templates import Message, has_secrets, write_mail

MAIL = "mail"
KEPT = timedelta(days=90)
# How long a message that could not be sent keeps its links for another try.
SECRETS_KEPT = timedelta(days=7)
PROMISED = "outbox_promised"
_AGAIN = (JobState.HELD, JobState.FAILED)


def enqueue(  # noqa: PLR0913 - a promise is what, with what, named how, and when
    session: Session,
    kind: str,
    payload: Mapping[str, Json],
    *,
    key: str,
    now: datetime,
    due_at: datetime | None = None,
) -> int:
    """Promise a job in the caller's transaction and return its id.

    `key` names the intent, whole product wide: where it was promised before, nothing is added and
    the job of then is returned, whatever became of it. `kind` is one of `worker.registry`.
    """
    values = {
        "key": key,
        "kind": kind,
        "payload": canonical_json(payload),
        "state": JobState.WAITING.value,
        "due_at": due_at or now,
        "tries": 0,
        "told": "",
        "created_at": now,
    }
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    added = session.execute(
        make(JobRow).values(values).on_conflict_do_nothing().returning(JobRow.id)
    ).scalar_one_or_none()
    if added is None:
        return session.scalars(select(JobRow.id).where(JobRow.key == key)).one()
    session.info.setdefault(PROMISED, []).append(added)
    return added


def enqueue_mail(  # noqa: PLR0913 - a message is to whom, which, about what
    session: Session,
    to: str,
    template: str,
    context: Mapping[str, object],
    *,
    key: str,
    now: datetime,
    secrets: Mapping[str, str] | None = None,
    is_private: bool = False,
    language: str | None = None,
) -> int:
    """Promise a message in the caller's transaction and return its job's id.

    `template` is a folder of templates/email/, `context` what it needs. `secrets` are whole values
    such as a link with a token: the template names them like the context's, the stored text holds
    a mark in their place, and they are forgotten once the message is sent. Administrators see them
    before only where the message isn't private. `language` is its reader's, as far as it is known
    and is one of ours. Raise MailError naming what the template lacks.
    """
    message = write_mail(template, context, tuple(secrets or ()), known_language(language))
    job = enqueue(session, MAIL, {"template": template}, key=f"mail:{key}", now=now)
    if session.scalar(select(MailRow.id).where(MailRow.job_id == job)) is None:
        session.add(
            MailRow(
                job_id=job,
                template=template,
                to_address=to,
                subject=message.subject,
                text=message.text,
                html=message.html,
                secrets=json.dumps(dict(secrets)) if secrets else None,
                is_private=is_private,
                created_at=now,
            )
        )
        session.flush()
    return job


def ask_for_job(
    session: Session, kind: str, payload: Mapping[str, Json], *, key: str, now: datetime
) -> int:
    """Promise a job that somebody asks for, once, and return its id.

    One that is held or has failed is tried from the start. Raise RefusedError as `run_again` does.
    """
    job = find_job(session, key)
    if job is None:
        return enqueue(session, kind, payload, key=key, now=now)
    if job.state in _AGAIN:
        run_again(session, job.id, now)
    return job.id


def run_again(session: Session, job: int, now: datetime) -> None:
    """Let a job that is held or has failed be tried from the start.

    Raise NotFoundError for an unknown job, RefusedError where it is done, waits or runs, or is a
    message whose link was forgotten meanwhile.
    """
    row = session.get(JobRow, job, with_for_update=True)
    if row is None:
        raise NotFoundError.of("no-such-job", f"There is no job {job}.")
    if row.state not in _AGAIN:
        raise RefusedError.of(
            "not-again", f"Job {job} is {row.state}: only one that stopped is run again."
        )
    mail = session.scalar(select(MailRow).where(MailRow.job_id == job))
    if mail and not mail.secrets and has_secrets(Message(mail.subject, mail.text, mail.html)):
        raise RefusedError.of(
            "secret-forgotten",
            f"The link in this message was forgotten {SECRETS_KEPT.days} days after it stopped.",
            remedy="Have a new one made where the first was asked for.",
        )
    row.state, row.tries, row.due_at, row.ended_at = JobState.WAITING.value, 0, now, None
    session.flush()
    session.info.setdefault(PROMISED, []).append(job)


def forget_done(session: Session, now: datetime, limit: int = 1000) -> int:
    """Remove jobs done long ago, with their messages, and return how many; what stopped stays.

    Of messages that stopped the secrets go: a link that nobody was sent opens nothing by accident.
    """
    stopped = select(JobRow.id).where(
        JobRow.state.in_(_AGAIN), JobRow.ended_at < now - SECRETS_KEPT
    )
    session.execute(
        update(MailRow)
        .where(MailRow.secrets.is_not(None), MailRow.job_id.in_(stopped))
        .values(secrets=None)
    )
    old = session.scalars(
        select(JobRow.id)
        .where(JobRow.state == JobState.DONE, JobRow.ended_at < now - KEPT)
        .order_by(JobRow.id)
        .limit(limit)
    ).all()
    session.execute(delete(MailRow).where(MailRow.job_id.in_(old)))
    session.execute(delete(JobRow).where(JobRow.id.in_(old)))
    return len(old)


def drop_promised(session: Session) -> int:
    """Forget the work and the mail promised in this transaction, and return how many jobs.

    For a seed that writes history: its messages would go to nobody.
    """
    ids = session.info.pop(PROMISED, [])
    session.execute(delete(MailRow).where(MailRow.job_id.in_(ids)))
    session.execute(delete(JobRow).where(JobRow.id.in_(ids)))
    return len(ids)


@contextmanager
def undone_promises(session: Session) -> Iterator[None]:
    """Have jobs promised within forgotten where it raises; the caller undoes their rows."""
    before = list(session.info.get(PROMISED, ()))
    try:
        yield
    except BaseException:
        session.info[PROMISED] = before
        raise


def take_promised(session: Session) -> tuple[int, ...]:
    """Return the jobs promised through this session since the last call; ask after its commit.

    The edge hands their ids to the queue, so that nobody waits for the sweep.
    """
    return tuple(session.info.pop(PROMISED, ()))
