"""A person's saved views of the list of deals."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dealdesk.deals.listing import DealQuery
from dealdesk.deals.models import SavedViewRow
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import DomainError, NotFoundError

LONGEST_NAME = 60
MOST_VIEWS = 20


def list_views(session: Session, *, actor: Actor) -> Sequence[SavedViewRow]:
    """Return the actor's own views by name."""
    return session.scalars(
        select(SavedViewRow).where(SavedViewRow.user_id == actor.id).order_by(SavedViewRow.name)
    ).all()


def save_view(
    session: Session, actor: Actor, name: str, query: DealQuery, now: datetime
) -> SavedViewRow:
    """Save what is wanted of the list under a name, over the actor's view of that name if any.

    Raise DomainError for a blank or overlong name, and where there are too many.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise DomainError.of(
            "bad-view-name",
            "A view needs a name." if not name else f"{LONGEST_NAME} characters are the most.",
            remedy="Name it by what it shows, such as “Blocked, mine”.",
        )
    mine = SavedViewRow.user_id == actor.id
    row = session.scalar(select(SavedViewRow).where(mine, SavedViewRow.name == name))
    if row is None:
        if (session.scalar(select(func.count()).where(mine)) or 0) >= MOST_VIEWS:
            raise DomainError.of(
                "too-many-views", f"{MOST_VIEWS} views are the most.", remedy="Delete one first."
            )
        row = SavedViewRow(user_id=actor.id, name=name, created_at=now)
        session.add(row)
    row.query = urlencode(query.args())
    session.flush()
    return row


def drop_view(session: Session, actor: Actor, number: int) -> None:
    """Delete one of the actor's views. Raise NotFoundError where they have none such."""
    mine = delete(SavedViewRow).where(SavedViewRow.id == number, SavedViewRow.user_id == actor.id)
    if session.execute(mine.returning(SavedViewRow.id)).first() is None:
        raise NotFoundError.of("no-such-view", "There is no such view.")
