"""Reads of deals: whoever loads one is asked who they are."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from dealdesk.deals.models import DealRow
from dealdesk.identity.actors import Actor
from dealdesk.identity.models import UserRow
from dealdesk.identity.permissions import Scope, scope_of
from dealdesk.kernel.errors import NotFoundError

READ = "deals:deal:read"


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


def find_deal(session: Session, number: str) -> DealRow | None:
    """Return the deal with that number, or None; for the program's own loading of deals."""
    return session.scalar(select(DealRow).where(DealRow.number == number))


def list_deals(session: Session, *, actor: Actor) -> Sequence[DealRow]:
    """Return the deals that the actor may see, the one written last first."""
    return session.scalars(
        select(DealRow)
        .where(visible(actor, READ))
        .order_by(DealRow.created_at.desc(), DealRow.number)
    ).all()


def visible(actor: Actor, permission: str = READ) -> ColumnElement[bool]:
    """Return the condition that leaves the deals on which the actor has the permission."""
    match scope_of(actor, permission):
        case Scope.ALL:
            return true()
        case Scope.TEAM if actor.team is not None:
            colleagues = select(UserRow.id).where(UserRow.team_id == actor.team)
            return or_(DealRow.owner_id == actor.id, DealRow.owner_id.in_(colleagues))
        case None:
            return false()
    return DealRow.owner_id == actor.id
