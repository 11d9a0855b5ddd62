"""Throttling by the database: so many tries for an account and for an address in a while."""

from datetime import datetime, timedelta

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dealdesk.identity.models import AttemptRow
from dealdesk.kernel.hashing import sha256_text

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 60


def account_key(email: str) -> str:
    """Return the key under which an account's tries are counted, whether there is one or not."""
    return sha256_text(f"account {email}")


def address_key(address: str) -> str:
    """Return the key under which an address's tries are counted."""
    return sha256_text(f"address {address}")


def count_attempt(session: Session, key: str, now: datetime) -> int:
    """Count a try and return how many the window holds, this one included.

    One statement counts and holds the row, so that tries at the same time can't slip past.
    """
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    is_over = AttemptRow.since <= now - WINDOW
    counted = (
        make(AttemptRow)
        .values(key=key, since=now, count=1)
        .on_conflict_do_update(
            index_elements=[AttemptRow.key],
            set_={
                "since": case((is_over, now), else_=AttemptRow.since),
                "count": case((is_over, 1), else_=AttemptRow.count + 1),
            },
        )
        .returning(AttemptRow.count)
    )
    return int(session.execute(counted).scalar_one())


def forget_attempts(session: Session, key: str) -> None:
    """Start an account's count again, once its password was given."""
    session.execute(delete(AttemptRow).where(AttemptRow.key == key))


def forget_old_attempts(session: Session, now: datetime) -> None:
    """Remove counts whose window is over; for the worker's timer."""
    session.execute(delete(AttemptRow).where(AttemptRow.since <= now - WINDOW))
