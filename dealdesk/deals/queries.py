"""Reads of deals."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.deals.models import DealRow
from dealdesk.kernel.errors import NotFoundError


def get_deal(session: Session, number: str) -> DealRow:
    """Return the deal with that number. Raise NotFoundError where there is none."""
    row = find_deal(session, number)
    if row is None:
        raise NotFoundError.of("no-such-deal", f"There is no deal {number}.")
    return row


def find_deal(session: Session, number: str) -> DealRow | None:
    """Return the deal with that number, or None."""
    return session.scalar(select(DealRow).where(DealRow.number == number))


def list_deals(session: Session) -> Sequence[DealRow]:
    """Return all deals, the one written last first."""
    return session.scalars(
        select(DealRow).order_by(DealRow.created_at.desc(), DealRow.number)
    ).all()
