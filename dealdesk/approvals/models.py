"""The table of decisions."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dealdesk.approvals.request_models import RequestRow
from dealdesk.deals.deal import Verdict
from dealdesk.identity.models import UserRow
from dealdesk.kernel.orm import Base, Immutable


class DecisionRow(Immutable, Base):
    """One decision of one person in one role, with the reasons as that person saw them.

    One that came with a deal's file has no request and names its person alone.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("deal_id", "content_sha256"),
        CheckConstraint(
            f"verdict IN ({', '.join(repr(verdict.value) for verdict in Verdict)})", name="verdict"
        ),
        Index("uq_decision_request_id", "request_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    role: Mapped[str] = mapped_column(String(80))
    person: Mapped[str] = mapped_column(String(120))
    verdict: Mapped[str] = mapped_column(String(20))
    conditions: Mapped[str] = mapped_column(Text)
    policy: Mapped[str] = mapped_column(String(80))
    seen: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    request_id: Mapped[int | None] = mapped_column(ForeignKey(RequestRow.id))
    user_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    content_sha256: Mapped[str] = mapped_column(String(64))
