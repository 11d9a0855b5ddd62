"""The tables of submissions, requests, what is said on them, and absences."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.approvals.lifecycle import ASKED, LIVE, Kind, RequestState
from dealdesk.deals.models import DealRow
from dealdesk.identity.models import UserRow
from dealdesk.kernel.orm import Base, Immutable


def one_of(column: str, words: Iterable[StrEnum]) -> str:
    """Return the condition that a column holds one of an enumeration's words."""
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


# Spelled out, as a partial index is used only where the query names its very condition.
IS_ASKED = one_of("state", sorted(ASKED))


class SubmissionRow(Base):
    """One request for approval of one version under one policy; withdrawn or not.

    Until the deal changes, it is judged by the policy under which it was submitted.
    """

    __tablename__ = "approval_submission"

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey(DealRow.id), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(AgreementVersionRow.id))
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("approval_policy_version.id"))
    submitter_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


LONGEST_WHY = 400


class RequestRow(Base):
    """A role asked to decide on a deal, once with all its reasons.

    `reasons` never change: a request whose reasons moved is superseded by another. `asked_at` and
    `due_at` are None while an earlier stage decides. A deal has one live request a role and kind.
    `delegate_why` says why the program gave it to the delegate; people who do say nothing.
    """

    __tablename__ = "approval_request"
    __table_args__ = (
        CheckConstraint(one_of("state", RequestState), name="state"),
        CheckConstraint(one_of("kind", Kind), name="kind"),
        Index(
            "uq_approval_request_live",
            "deal_id",
            "role",
            "kind",
            unique=True,
            sqlite_where=text(one_of("state", sorted(LIVE))),
            postgresql_where=text(one_of("state", sorted(LIVE))),
        ),
        Index("ix_approval_request_state_due_at", "state", "due_at"),
        # Who opens their first page asks for what waits on them; by state alone the database
        # may think it quicker to read all that was ever decided.
        Index(
            "ix_approval_request_asked",
            "due_at",
            "role",
            "delegate_id",
            sqlite_where=text(IS_ASKED),
            postgresql_where=text(IS_ASKED),
        ),
        # Few are escalated: looked for among all that wait, each would be read whole.
        Index(
            None,
            "escalated_at",
            sqlite_where=text("escalated_at IS NOT NULL"),
            postgresql_where=text("escalated_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey(SubmissionRow.id), index=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey(DealRow.id), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(AgreementVersionRow.id))
    role: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    stage: Mapped[int]
    reasons: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20))
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id), index=True)
    delegate_why: Mapped[str | None] = mapped_column(String(LONGEST_WHY))
    created_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    questioned_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own form


class MessageKind(StrEnum):
    """What was said on a request."""

    QUESTION = "question"
    ANSWER = "answer"


class MessageRow(Immutable, Base):
    """A question or an answer on a request, as it was said."""

    __tablename__ = "approval_message"
    __table_args__ = (CheckConstraint(one_of("kind", MessageKind), name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey(RequestRow.id), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class AbsenceRow(Base):
    """A time in which a person is away, and who decides for them meanwhile, where anybody does."""

    __tablename__ = "approval_absence"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id), index=True)
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
