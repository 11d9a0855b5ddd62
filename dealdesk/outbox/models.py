"""The tables of jobs, of mail, and of timers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dealdesk.kernel.orm import Base


class JobState(StrEnum):
    """Where a job is: `held` waits for something that only an administrator can give."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    HELD = "held"
    FAILED = "failed"


class JobRow(Base):
    """Work that was promised in a business transaction and is done after it.

    `key` names the intent: the same one is never enqueued twice. While a worker has the job,
    `lease_until` says until when it counts as alive, and `tries` which attempt it is: an attempt
    that lost its lease keeps nothing.
    """

    __tablename__ = "outbox_job"
    __table_args__ = (
        CheckConstraint(
            f"state IN ({', '.join(repr(state.value) for state in JobState)})", name="state"
        ),
        Index(None, "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    tries: Mapped[int]
    told: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class MailRow(Base):
    """One message to one person, as it is sent.

    `secrets` holds what the texts only name, such as a link, and is emptied once it is sent;
    administrators see it before only where `is_private` is false.
    """

    __tablename__ = "outbox_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("outbox_job.id"), unique=True)
    template: Mapped[str] = mapped_column(String(60))
    to_address: Mapped[str] = mapped_column(String(254), index=True)
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    secrets: Mapped[str | None] = mapped_column(Text)
    is_private: Mapped[bool]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class TimerRow(Base):
    """When a timer is due next, and when it ran last; one worker of many gets each turn."""

    __tablename__ = "outbox_timer"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime]
    ran_at: Mapped[datetime | None]
