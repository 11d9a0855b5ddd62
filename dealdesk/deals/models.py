"""The table of deals."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dealdesk.identity.models import UserRow
from dealdesk.kernel.orm import Base


class Stage(StrEnum):
    """Where a deal is on its way."""

    DRAFT = "draft"
    NEGOTIATION = "negotiation"
    SIGNATURE = "signature"
    SIGNED = "signed"
    LOST = "lost"


class DealRow(Base):
    """A deal: its file as it was given, and what lists and searches need of it.

    `owner` is the name to read, `owner_id` the person whose deal it is. `revision` counts changes,
    so that a stale screen can't overwrite a newer one.
    """

    __tablename__ = "deal"
    __table_args__ = (
        CheckConstraint(
            f"stage IN ({', '.join(repr(stage.value) for stage in Stage)})", name="stage"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    customer: Mapped[str] = mapped_column(String(200))
    owner: Mapped[str] = mapped_column(String(120))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id), index=True)
    deal_file: Mapped[str] = mapped_column(Text)
    stage: Mapped[str] = mapped_column(String(20), default=Stage.DRAFT.value)
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own form
