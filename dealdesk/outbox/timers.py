"""Timers: whose turn it is, so that of many workers one runs each."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dealdesk.outbox.models import TimerRow


def take_turn(session: Session, name: str, every: timedelta, now: datetime) -> bool:
    """Tell whether the timer is due and this worker's; it is due again after `every`."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(make(TimerRow).values(name=name, due_at=now).on_conflict_do_nothing())
    # One that a newer program made more frequent does not wait for its old time.
    is_due = or_(TimerRow.due_at <= now, TimerRow.due_at > now + every)
    taken = session.execute(
        update(TimerRow)
        .where(TimerRow.name == name, is_due)
        .values(due_at=now + every, ran_at=now)
        .returning(TimerRow.name)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return taken is not None
