"""Writes of identity: add and deactivate people, give roles, set passwords."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.audit.operations import record
from dealdesk.identity.actors import Actor
from dealdesk.identity.models import TeamRow, UserRoleRow, UserRow
from dealdesk.identity.passwords import password_hash, require_strong
from dealdesk.identity.queries import find_user, folded
from dealdesk.identity.resets import end_resets, find_reset
from dealdesk.identity.roles import ROLES
from dealdesk.identity.sessions import STREAM, end_all_sessions
from dealdesk.kernel.characters import hidden_words
from dealdesk.kernel.errors import DomainError, NotFoundError, Problem, RefusedError
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.languages import LANGUAGES

_ADDRESS = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+")
_LONGEST_ADDRESS, _LONGEST_NAME = 254, 120


class PersonError(DomainError):
    """What is said of a person can't be taken."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be added; without a password they set one by a link."""

    email: str
    name: str
    roles: tuple[str, ...]
    team: str = ""
    password: str | None = None
    is_persona: bool = False


def add_user(session: Session, actor: Actor, person: NewPerson, now: datetime) -> UserRow:
    """Add a person and return them.

    Raise PersonError naming all that is wrong, WeakPasswordError for the password.
    """
    problems = [*_problems(session, person)]
    if problems:
        raise PersonError(problems)
    email, name = folded(person.email), " ".join(person.name.split())
    if person.password is not None:
        require_strong(person.password, email, name)
    row = UserRow(
        email=email,
        name=name,
        team_id=_team(session, person.team),
        password_hash=None if person.password is None else password_hash(person.password),
        is_persona=person.is_persona,
        created_at=now,
    )
    session.add(row)
    session.flush()
    roles = sorted(set(person.roles))
    session.add_all(UserRoleRow(user_id=row.id, role=role) for role in roles)
    facts: dict[str, Json] = {"user": row.id, "roles": roles, "team": row.team_id}
    names = {"name": name, "email": email}
    record(session, actor, STREAM, "identity:user:added", facts, names=names, now=now)
    return row


def set_roles(
    session: Session, actor: Actor, user: UserRow, roles: Iterable[str], now: datetime
) -> None:
    """Give a person these roles and no others. Raise PersonError for unknown ones.

    Raise RefusedError where the actor would change their own.
    """
    wanted = set(roles)
    problems = [*_role_problems(tuple(sorted(wanted)))]
    if problems:
        raise PersonError(problems)
    if user.id == actor.id:
        raise RefusedError.of(
            "own-roles",
            "Nobody changes their own roles.",
            remedy="Another administrator can do it.",
        )
    held = session.scalars(select(UserRoleRow).where(UserRoleRow.user_id == user.id)).all()
    before = sorted(row.role for row in held)
    for row in held:
        if row.role not in wanted:
            session.delete(row)
    session.add_all(UserRoleRow(user_id=user.id, role=role) for role in wanted - set(before))
    session.flush()
    facts: dict[str, Json] = {"user": user.id, "before": before, "after": sorted(wanted)}
    record(session, actor, STREAM, "identity:user:roles_changed", facts, now=now)


def deactivate_user(session: Session, actor: Actor, user: UserRow, now: datetime) -> int:
    """Deactivate a person, end their sessions at once, and return how many those were.

    Raise RefusedError where the actor would deactivate themself, or it is done already.
    """
    if user.id == actor.id:
        raise RefusedError.of(
            "own-account",
            "Nobody deactivates themself.",
            remedy="Another administrator can do it.",
        )
    if user.deactivated_at is not None:
        raise RefusedError.of("deactivated", f"{user.name} is deactivated already.")
    user.deactivated_at = now
    session.flush()
    end_resets(session, user.id, now)
    record(session, actor, STREAM, "identity:user:deactivated", {"user": user.id}, now=now)
    return end_all_sessions(session, actor, user.id, now)


def activate_user(session: Session, actor: Actor, user: UserRow, now: datetime) -> None:
    """Let a deactivated person sign in again. Raise RefusedError where they are active."""
    if user.deactivated_at is None:
        raise RefusedError.of("active", f"{user.name} is active.")
    user.deactivated_at = None
    session.flush()
    record(session, actor, STREAM, "identity:user:activated", {"user": user.id}, now=now)


def set_password(  # noqa: PLR0913 - who sets whose, to what, when, and which session stays
    session: Session,
    actor: Actor,
    user: UserRow,
    password: str,
    now: datetime,
    *,
    but: int | None = None,
) -> None:
    """Set a person's password and end their sessions, all but the one named.

    Raise WeakPasswordError where the password is not one to take.
    """
    require_strong(password, user.email, user.name)
    user.password_hash = password_hash(password)
    session.flush()
    end_resets(session, user.id, now)
    record(session, actor, STREAM, "identity:password:set", {"user": user.id}, now=now)
    end_all_sessions(session, actor, user.id, now, but=but)


def choose_language(
    session: Session, actor: Actor, user: UserRow, language: str | None, now: datetime
) -> None:
    """Keep the language that a person chose for pages and mail; None leaves it to the browser.

    Raise PersonError for a language that there is not.
    """
    if language is not None and language not in LANGUAGES:
        raise PersonError.of("language", f"There is no language “{language[:20]}” here.")
    if language == user.language:
        return
    user.language = language
    session.flush()
    facts: dict[str, Json] = {"user": user.id, "language": language or ""}
    record(session, actor, STREAM, "identity:language:chosen", facts, now=now)


def use_reset(session: Session, token: str, password: str, now: datetime) -> UserRow:
    """Set the password by a link, which is used up, and return the person.

    Raise NotFoundError where the link holds no longer, WeakPasswordError for the password.
    """
    user = find_reset(session, token, now)
    if user is None:
        raise NotFoundError.of(
            "no-such-link",
            "This link was used, has expired or was replaced by a newer one.",
            remedy="Ask for another.",
        )
    set_password(session, Actor(user.id, user.name), user, password, now)
    return user


def _team(session: Session, name: str) -> int | None:
    if not name.strip():
        return None
    wanted = " ".join(name.split())
    row = session.scalar(select(TeamRow).where(TeamRow.name == wanted))
    if row is None:
        row = TeamRow(name=wanted)
        session.add(row)
        session.flush()
    return row.id


def _problems(session: Session, person: NewPerson) -> Iterable[Problem]:
    if not _ADDRESS.fullmatch(person.email.strip()) or len(person.email) > _LONGEST_ADDRESS:
        yield Problem("address", f"“{person.email[:80]}” is not a mail address.")
    elif find_user(session, person.email) is not None:
        yield Problem("taken", f"{folded(person.email)} has an account already.")
    if not 0 < len(person.name.strip()) <= _LONGEST_NAME:
        yield Problem("name", f"A name has 1 to {_LONGEST_NAME} characters.")
    for what, text in (("The name", person.name), ("The team", person.team)):
        if hidden := hidden_words(what, text):
            yield Problem("hidden-character", hidden, remedy="Delete it and type the words again.")
    if len(person.team) > _LONGEST_NAME:
        yield Problem("team", f"A team's name has up to {_LONGEST_NAME} characters.")
    yield from _role_problems(person.roles)


def _role_problems(roles: tuple[str, ...]) -> Iterable[Problem]:
    if not roles:
        yield Problem("roles", "A person has one role at least.", remedy=f"{_known()}.")
    for role in roles:
        if role not in ROLES:
            yield Problem("role", f"“{role[:40]}” is not a role.", remedy=f"{_known()}.")


def _known() -> str:
    return "Roles are " + ", ".join(ROLES)
