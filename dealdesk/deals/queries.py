"""Reads of deals: whoever loads one is asked who they are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from dealdesk.deals.models import ColleagueRow, DealRevisionRow, DealRow
from dealdesk.identity.actors import Actor
from dealdesk.identity.models import UserRow
from dealdesk.identity.permissions import Owned, Scope, levels_for, scope_of
from dealdesk.kernel.errors import NotFoundError

READ = "deals:deal:read"
CREATE = "deals:deal:create"
WRITE = "deals:deal:write"
_DIGITS = 5


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One revision of a deal as a list shows it."""

    number: int
    change: str
    at: datetime
    by: str


def get_deal(session: Session, number: str, *, actor: Actor, needs: str = READ) -> DealRow:
    """Return the deal with that number, where the actor may do with it what `needs` names.

    Raise NotFoundError where there is none, or none for the actor: the two look alike.
    """
    row = session.scalar(
        select(DealRow).where(DealRow.number == number, visible(actor, READ), visible(actor, needs))
    )
    if row is None:
        raise NotFoundError.of("no-such-deal", f"There is no deal {number}.")
    return row


def owner_of(session: Session, deal: DealRow) -> Owned:
    """Return whose a deal is: its owner's and, by them, a team's."""
    team = session.scalar(select(UserRow.team_id).where(UserRow.id == deal.owner_id))
    return Owned(deal.owner_id, team)


def find_deal(session: Session, number: str) -> DealRow | None:
    """Return the deal with that number, or None; for the program's own loading of deals."""
    return session.scalar(select(DealRow).where(DealRow.number == number))


def list_deals(
    session: Session, *, actor: Actor, numbers: Collection[str] | None = None
) -> Sequence[DealRow]:
    """Return the deals that the actor may see, or the named ones of them, the newest first."""
    wanted = select(DealRow).where(visible(actor, READ))
    if numbers is not None:
        wanted = wanted.where(DealRow.number.in_(numbers))
    return session.scalars(wanted.order_by(DealRow.created_at.desc(), DealRow.number)).all()


def visible(actor: Actor, permission: str = READ) -> ColumnElement[bool]:
    """Return the condition that leaves the deals on which the actor has the permission.

    By their role on whose deals it is, or on the one deal that was shared with them.
    """
    own = owned(DealRow.owner_id, actor, permission)
    levels = levels_for(actor, permission)
    if not levels or scope_of(actor, permission) is Scope.ALL:
        return own
    shared = select(ColleagueRow.deal_id).where(
        ColleagueRow.user_id == actor.id, ColleagueRow.level.in_(sorted(levels))
    )
    return or_(own, DealRow.id.in_(shared))


def may_on(session: Session, row: DealRow, actor: Actor, permission: str) -> bool:
    """Tell whether the actor may do that on a deal that they were given to see."""
    scope = scope_of(actor, permission)
    if scope is None or scope is Scope.ALL or row.owner_id == actor.id:
        return scope is not None
    wanted = select(DealRow.id).where(DealRow.id == row.id, visible(actor, permission))
    return session.scalar(wanted) is not None


def owned(
    owner: InstrumentedAttribute[int | None], actor: Actor, permission: str
) -> ColumnElement[bool]:
    """Return the condition that leaves the rows on whose owner's things the actor may do that."""
    match scope_of(actor, permission):
        case Scope.ALL:
            return true()
        case Scope.TEAM if actor.team is not None:
            colleagues = select(UserRow.id).where(UserRow.team_id == actor.team)
            return or_(owner == actor.id, owner.in_(colleagues))
        case None:
            return false()
    return owner == actor.id


def find_revision(session: Session, deal_id: int, number: int) -> DealRevisionRow | None:
    """Return the deal file behind a version of a deal, or None."""
    return session.get(DealRevisionRow, (deal_id, number))


def list_revisions(session: Session, deal_id: int) -> Sequence[RevisionLine]:
    """Return a deal's revisions without their files, the latest first."""
    rows = session.execute(
        select(
            DealRevisionRow.number,
            DealRevisionRow.change,
            DealRevisionRow.created_at,
            UserRow.name,
        )
        .outerjoin(UserRow, UserRow.id == DealRevisionRow.author_id)
        .where(DealRevisionRow.deal_id == deal_id)
        .order_by(DealRevisionRow.number.desc())
    )
    return [
        RevisionLine(number, change, at, name or "DealDesk") for number, change, at, name in rows
    ]


def next_number(session: Session, year: int) -> str:
    """Return the number of the next deal of a year, such as D-2026-00042."""
    prefix = f"D-{year}-"
    last = session.scalar(
        select(func.max(DealRow.number)).where(DealRow.number.like(f"{prefix}{'_' * _DIGITS}"))
    )
    tail = (last or "").removeprefix(prefix)
    return f"{prefix}{int(tail) + 1 if tail.isdigit() else 1:0{_DIGITS}}"
