"""The tables of policy versions, which never change, and of drafts, which a second person ends."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dealdesk.approvals.lifecycle import DraftState
from dealdesk.approvals.request_models import one_of
from dealdesk.identity.models import UserRow
from dealdesk.kernel.orm import Base, Immutable


class PolicyVersionRow(Immutable, Base):
    """A policy as it was in force: its text, and who changed and published it.

    One that came from the library's file has neither.
    """

    __tablename__ = "approval_policy_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    published_at: Mapped[datetime]


class PolicyDraftRow(Base):
    """A change of the policy that somebody else has to publish."""

    __tablename__ = "approval_policy_draft"
    __table_args__ = (CheckConstraint(one_of("state", DraftState), name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    base_key: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own form
