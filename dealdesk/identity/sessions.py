"""Sessions on the server: opened, found by their token, listed to their person, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from dealdesk.audit.operations import record
from dealdesk.identity.actors import Actor
from dealdesk.identity.models import SessionRow, TeamRow, UserRoleRow, UserRow
from dealdesk.identity.tokens import new_token, token_sha256
from dealdesk.kernel.errors import NotFoundError

STREAM = "identity"
LONGEST = timedelta(days=7)
IDLE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that holds now, whose it is, and the language that they chose."""

    session: int
    actor: Actor
    seen_at: datetime
    language: str | None

    def is_stale(self, now: datetime) -> bool:
        """Tell whether it is time to write down that the session is still used."""
        return now - self.seen_at >= SEEN_EVERY


def open_session(
    session: Session, user: UserRow, *, now: datetime, address: str, browser: str
) -> str:
    """Open a session for a person and return its token, which is kept nowhere here."""
    token = new_token()
    row = SessionRow(
        token_sha256=token_sha256(token),
        user_id=user.id,
        created_at=now,
        seen_at=now,
        address=address[:45],
        browser=browser[:200],
    )
    session.add(row)
    session.flush()
    who = Actor(user.id, user.name)
    record(session, who, STREAM, "identity:session:opened", {"session": row.id}, now=now)
    return token


def find_signed_in(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Return the session of that token and its person, in one statement; None where none holds."""
    rows = session.execute(
        select(SessionRow.id, SessionRow.seen_at, UserRow, TeamRow.name, UserRoleRow.role)
        .join(UserRow, UserRow.id == SessionRow.user_id)
        .outerjoin(TeamRow, TeamRow.id == UserRow.team_id)
        .outerjoin(UserRoleRow, UserRoleRow.user_id == UserRow.id)
        .where(
            SessionRow.token_sha256 == token_sha256(token),
            SessionRow.ended_at.is_(None),
            SessionRow.created_at > now - LONGEST,
            SessionRow.seen_at > now - IDLE,
            UserRow.deactivated_at.is_(None),
        )
    ).all()
    if not rows:
        return None
    number, seen_at, user, team_name, _ = rows[0]
    roles = frozenset(row.role for row in rows if row.role)
    actor = Actor(user.id, user.name, roles, user.team_id, team_name or "", user.email)
    return SignedIn(number, actor, seen_at, user.language)


def note_seen(session: Session, number: int, now: datetime) -> None:
    """Write down that a session is still used."""
    session.execute(update(SessionRow).where(SessionRow.id == number).values(seen_at=now))


def list_sessions(session: Session, actor: Actor, now: datetime) -> Sequence[SessionRow]:
    """Return the sessions of a person that hold now, the one used last first."""
    return session.scalars(_held(actor.id, now).order_by(SessionRow.seen_at.desc())).all()


def end_session(session: Session, actor: Actor, number: int, now: datetime) -> None:
    """End one of the person's own sessions. Raise NotFoundError where it is not theirs."""
    row = session.scalar(_held(actor.id, now).where(SessionRow.id == number))
    if row is None:
        raise NotFoundError.of("no-such-session", "There is no such session, or it has ended.")
    _end(session, actor, row, now)


def end_all_sessions(
    session: Session, actor: Actor, user: int, now: datetime, *, but: int | None = None
) -> int:
    """End a person's sessions, all but the one named, and return how many."""
    rows = [row for row in session.scalars(_held(user, now)) if row.id != but]
    for row in rows:
        _end(session, actor, row, now)
    return len(rows)


def _end(session: Session, actor: Actor, row: SessionRow, now: datetime) -> None:
    row.ended_at = now
    facts = {"session": row.id, "user": row.user_id}
    record(session, actor, STREAM, "identity:session:ended", facts, now=now)


def _held(user: int | None, now: datetime) -> Select[SessionRow]:
    return select(SessionRow).where(
        SessionRow.user_id == user,
        SessionRow.ended_at.is_(None),
        SessionRow.created_at > now - LONGEST,
        SessionRow.seen_at > now - IDLE,
    )
