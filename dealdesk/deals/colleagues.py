"""One deal shared with one colleague: given, seen on the deal, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dealdesk.audit.operations import record
from dealdesk.deals.models import ColleagueRow, DealRow
from dealdesk.deals.queries import READ, WRITE, may_on
from dealdesk.identity.actors import Actor
from dealdesk.identity.models import UserRoleRow, UserRow
from dealdesk.identity.permissions import SHARED, scope_of
from dealdesk.identity.queries import folded
from dealdesk.kernel.errors import DomainError, NotFoundError, Place, Problem
from dealdesk.kernel.hashing import Json

SHARE = "deals:deal:share"
MOST_COLLEAGUES = 50
# What each level needs of a colleague's role, since sharing never widens what a role may do.
_NEEDS = {"read": READ, "write": WRITE}
_DOES = {"read": "opens deals", "write": "changes deals"}


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with whom a deal is shared."""

    user_id: int
    name: str
    email: str
    level: str
    given_at: datetime


def list_colleagues(session: Session, deal_id: int) -> Sequence[Colleague]:
    """Return with whom a deal is shared, by name; who was deactivated is left out."""
    rows = session.execute(
        select(UserRow.id, UserRow.name, UserRow.email, ColleagueRow.level, ColleagueRow.given_at)
        .join(ColleagueRow, ColleagueRow.user_id == UserRow.id)
        .where(ColleagueRow.deal_id == deal_id, UserRow.deactivated_at.is_(None))
        .order_by(func.lower(UserRow.name), UserRow.id)
    )
    return [Colleague(*row) for row in rows]


def share_deal(  # noqa: PLR0913 - who shares what with whom, for what, when
    session: Session, actor: Actor, row: DealRow, email: str, level: str, *, now: datetime
) -> None:
    """Share a deal with a colleague; the same again is nothing new, another level takes its place.

    Raise DomainError where there is no such colleague, or none to whom it would give anything.
    """
    person = _person(session, row, email, level)
    known = session.get(ColleagueRow, (person.id, row.id))
    if known is not None and known.level == level:
        return
    if known is None:
        if len(list_colleagues(session, row.id)) >= MOST_COLLEAGUES:
            raise DomainError.of("too-many", f"{MOST_COLLEAGUES} colleagues are the most.")
        known = ColleagueRow(user_id=person.id, deal_id=row.id)
        session.add(known)
    known.level, known.given_by, known.given_at = level, actor.id, now
    session.flush()
    facts: dict[str, Json] = {"user": person.id, "level": level}
    names = {"colleague": person.name}
    record(session, actor, row.id, "deals:deal:shared", facts, names=names, now=now)


def take_back_deal(
    session: Session, actor: Actor, row: DealRow, user_id: int, now: datetime
) -> None:
    """Take a shared deal back at once. Raise NotFoundError where it is not shared with them."""
    gone = session.execute(
        delete(ColleagueRow)
        .where(ColleagueRow.deal_id == row.id, ColleagueRow.user_id == user_id)
        .returning(ColleagueRow.user_id)
    ).first()
    if gone is None:
        raise NotFoundError.of("not-shared", f"{row.number} is not shared with them.")
    facts: dict[str, Json] = {"user": user_id}
    record(session, actor, row.id, "deals:deal:unshared", facts, now=now)


def _person(session: Session, row: DealRow, email: str, level: str) -> UserRow:
    if level not in SHARED:
        raise _wrong("level", "Choose whether they read or change the deal.")
    typed = folded(email)
    person = session.scalar(
        select(UserRow).where(UserRow.email == typed, UserRow.deactivated_at.is_(None))
    )
    if not typed or person is None:
        shown = f"“{email.strip()[:80]}”"
        raise _wrong("email", f"Nobody here has the mail address {shown}." if typed else "Whom?")
    roles = session.scalars(select(UserRoleRow.role).where(UserRoleRow.user_id == person.id))
    them = Actor(person.id, person.name, frozenset(roles), person.team_id)
    if scope_of(them, _NEEDS[level]) is None:
        raise _wrong("email", f"{person.name} has no role that {_DOES[level]}.")
    known = session.get(ColleagueRow, (person.id, row.id))
    if known is None and may_on(session, row, them, _NEEDS[level]):
        raise _wrong("email", f"{person.name} may do that on this deal already.")
    return person


def _wrong(field: str, message: str) -> DomainError:
    return DomainError([Problem("not-to-share", message, Place(path=field))])
