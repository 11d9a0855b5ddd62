"""Timers: whose turn it is, so that of many workers one runs each."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dealdesk.outbox.models import TimerRow


def take_turn(session: Session, name: str, every: timedelta, now: datetime) -> bool:
    """Tell whether the timer is due and this worker's; it is due again after `every`."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(make(TimerRow).values(name=name, due_at=now).on_conflict_do_nothing())
    taken = session.execute(
        update(TimerRow)
        .where(TimerRow.name == name, TimerRow.due_at <= now)
        .values(due_at=now + every, ran_at=now)
        .returning(TimerRow.name)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return taken is not None


def waiting_timers(session: Session, now: datetime) -> frozenset[str]:
    """Return the names of the timers that are not due yet."""
    return frozenset(session.scalars(select(TimerRow.name).where(TimerRow.due_at > now)))
