"""Links that set a new password: once, and for a while."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.audit.operations import record
from dealdesk.identity.actors import Actor
from dealdesk.identity.models import ResetRow, UserRow
from dealdesk.identity.sessions import STREAM
from dealdesk.identity.tokens import new_token, token_sha256
from dealdesk.kernel.errors import NotFoundError

HOLDS = timedelta(hours=1)


def open_reset(
    session: Session, actor: Actor, user: UserRow, now: datetime, *, holds: timedelta = HOLDS
) -> str:
    """Return the token of a link that sets a new password once, within an hour or what is given.

    Links sent before end. Raise NotFoundError for a deactivated person.
    """
    if user.deactivated_at is not None:
        raise NotFoundError.of("no-such-person", "There is no such person.")
    end_resets(session, user.id, now)
    token = new_token()
    row = ResetRow(
        token_sha256=token_sha256(token),
        user_id=user.id,
        created_at=now,
        expires_at=now + holds,
    )
    session.add(row)
    session.flush()
    record(session, actor, STREAM, "identity:reset:opened", {"user": user.id}, now=now)
    return token


def find_reset(session: Session, token: str, now: datetime) -> UserRow | None:
    """Return the person whom a link lets set a new password, or None where it holds no longer."""
    return session.scalar(
        select(UserRow)
        .join(ResetRow, ResetRow.user_id == UserRow.id)
        .where(
            ResetRow.token_sha256 == token_sha256(token),
            ResetRow.used_at.is_(None),
            ResetRow.expires_at > now,
            UserRow.deactivated_at.is_(None),
        )
        .with_for_update()
    )


def end_resets(session: Session, user: int, now: datetime) -> None:
    """End all links that a person has been sent."""
    open_ones = select(ResetRow).where(ResetRow.user_id == user, ResetRow.used_at.is_(None))
    for row in session.scalars(open_ones):
        row.used_at = now
    session.flush()
