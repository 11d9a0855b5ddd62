"""The tables of events, their chains and anchors, and the names that stand beside them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dealdesk.kernel.orm import Base, Immutable


class EventRow(Immutable, Base):
    """One thing that happened: ids and digests alone, chained to the event before it.

    `facts` is canonical JSON. `sha256` covers all columns but `id`, and the hash before it.
    """

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("stream", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stream: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    event: Mapped[str] = mapped_column(String(120), index=True)
    actor: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(index=True)
    facts: Mapped[str] = mapped_column(Text)
    previous_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))


class ChainRow(Base):
    """Where a stream's chain ends; locked while an event is added to it."""

    __tablename__ = "audit_chain"

    stream: Mapped[str] = mapped_column(String(80), primary_key=True)
    length: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


class NameRow(Base):
    """A name or words that an event names by digest alone; may be erased, the event stays.

    `text` is None once erased. The salt keeps a short text from being guessed by its digest.
    """

    __tablename__ = "audit_name"

    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    text: Mapped[str | None] = mapped_column(Text)
    erased_at: Mapped[datetime | None]


class AnchorRow(Immutable, Base):
    """A day's end of every chain that moved since the anchor before, chained as well.

    `heads` is canonical JSON: stream → [length, sha256].
    """

    __tablename__ = "audit_anchor"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    at: Mapped[datetime]
    heads: Mapped[str] = mapped_column(Text)
    previous_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
