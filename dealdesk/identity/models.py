"""The tables of people, teams, roles, sessions and sign-in."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dealdesk.kernel.orm import Base


class TeamRow(Base):
    """People who see each other's deals where their role says so."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)


class UserRow(Base):
    """A person who may sign in until deactivated; never deleted, since events name the id.

    `email` is kept in lower case. `is_persona` marks those of the demo, who have no password.
    `language` is what the person chose, None where their browser decides.
    """

    __tablename__ = "desk_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_persona: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]
    language: Mapped[str | None] = mapped_column(String(8))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own form


class UserRoleRow(Base):
    """One role of one person."""

    __tablename__ = "desk_user_role"

    user_id: Mapped[int] = mapped_column(ForeignKey("desk_user.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)


class SessionRow(Base):
    """A signed-in browser; the token itself is with the browser alone."""

    __tablename__ = "desk_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("desk_user.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(45))
    browser: Mapped[str] = mapped_column(String(200))


class AttemptRow(Base):
    """How often a key (an account's or an address's digest) was tried since its window began."""

    __tablename__ = "sign_in_attempt"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime]
    count: Mapped[int]


class ResetRow(Base):
    """A link to set a new password: once, and for a short time."""

    __tablename__ = "password_reset"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("desk_user.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
