"""Reads of people, teams and roles."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.identity.actors import Actor
from dealdesk.identity.models import TeamRow, UserRoleRow, UserRow
from dealdesk.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Person:
    """A person as lists show them."""

    id: int
    name: str
    email: str
    roles: tuple[str, ...]
    team: int | None
    team_name: str
    is_persona: bool
    has_password: bool
    deactivated_at: datetime | None
    language: str | None = None

    @property
    def actor(self) -> Actor:
        """The person as one who acts."""
        return Actor(
            self.id, self.name, frozenset(self.roles), self.team, self.team_name, self.email
        )


def folded(email: str) -> str:
    """Return an address as it is kept and compared."""
    return email.strip().casefold()


def find_user(session: Session, email: str) -> UserRow | None:
    """Return the person with that address, also a deactivated one, or None."""
    return session.scalar(select(UserRow).where(UserRow.email == folded(email)))


def get_user(session: Session, number: int) -> UserRow:
    """Return a person. Raise NotFoundError where there is none."""
    row = session.get(UserRow, number)
    if row is None:
        raise NotFoundError.of("no-such-person", f"There is no person {number}.")
    return row


def find_user_by_name(session: Session, name: str) -> UserRow | None:
    """Return the one person with that name; None where there is none, or more than one."""
    rows = session.scalars(select(UserRow).where(UserRow.name == name).limit(2)).all()
    return rows[0] if len(rows) == 1 else None


def list_people(session: Session) -> Sequence[Person]:
    """Return everybody by name, in two statements."""
    roles: dict[int, list[str]] = {}
    for row in session.scalars(select(UserRoleRow).order_by(UserRoleRow.role)):
        roles.setdefault(row.user_id, []).append(row.role)
    found = session.execute(
        select(UserRow, TeamRow.name)
        .outerjoin(TeamRow, TeamRow.id == UserRow.team_id)
        .order_by(UserRow.name, UserRow.id)
    )
    return [_person(user, team, roles.get(user.id, ())) for user, team in found]


def names_of(session: Session, refs: Collection[str]) -> dict[str, str]:
    """Return the names behind the actors that events name, such as user:7."""
    ids = {int(ref.removeprefix("user:")) for ref in refs if ref.startswith("user:")}
    rows = session.execute(select(UserRow.id, UserRow.name).where(UserRow.id.in_(ids)))
    return {"system": "DealDesk", **{f"user:{number}": name for number, name in rows}}


def names_by_id(session: Session, ids: Collection[int]) -> dict[int | None, str]:
    """Return people's names by their ids."""
    rows = session.execute(select(UserRow.id, UserRow.name).where(UserRow.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


def list_holders(session: Session, role: str) -> Sequence[Person]:
    """Return the active people who have the role."""
    return [
        person
        for person in list_people(session)
        if role in person.roles and person.deactivated_at is None
    ]


def get_person(session: Session, number: int) -> Person:
    """Return a person, also a deactivated one. Raise NotFoundError where there is none."""
    user = get_user(session, number)
    roles = session.scalars(
        select(UserRoleRow.role).where(UserRoleRow.user_id == number).order_by(UserRoleRow.role)
    ).all()
    team = session.get(TeamRow, user.team_id) if user.team_id else None
    return _person(user, team.name if team else None, roles)


def get_actor(session: Session, number: int) -> Actor:
    """Return an active person as one who acts. Raise NotFoundError where there is none."""
    person = get_person(session, number)
    if person.deactivated_at is not None:
        raise NotFoundError.of("no-such-person", f"Person {number} was deactivated.")
    return person.actor


def _person(user: UserRow, team: str | None, roles: Sequence[str]) -> Person:
    return Person(
        id=user.id,
        name=user.name,
        email=user.email,
        roles=tuple(roles),
        team=user.team_id,
        team_name=team or "",
        is_persona=user.is_persona,
        has_password=user.password_hash is not None,
        deactivated_at=user.deactivated_at,
        language=user.language,
    )
