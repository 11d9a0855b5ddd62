"""The tables of rounds, of what came back in each, of what was decided, and of notes."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.deals.models import DealRow
from dealdesk.files.models import StoredFileRow
from dealdesk.identity.models import UserRow
from dealdesk.kernel.orm import Base, Immutable
from dealdesk.negotiation.lifecycle import RoundState
from dealdesk.negotiation.model import Verdict

LONGEST_NAME = 200


def _one_of(column: str, words: Iterable[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


_OPEN = text(f"state = '{RoundState.OPEN.value}'")


class RoundRow(Base):
    """A file that the customer sent back, bound to the version and the file that they had.

    A deal has one open round at most. `answer_version_id` and `answer_sha256` are the version and
    the Word file that answer it.
    """

    __tablename__ = "negotiation_round"
    __table_args__ = (
        UniqueConstraint("deal_id", "number"),
        CheckConstraint(_one_of("state", RoundState), name="state"),
        Index(
            "uq_negotiation_round_open",
            "deal_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey(DealRow.id))
    number: Mapped[int]
    base_version_id: Mapped[int] = mapped_column(ForeignKey(AgreementVersionRow.id))
    sent_sha256: Mapped[str] = mapped_column(ForeignKey(StoredFileRow.sha256))
    received_sha256: Mapped[str] = mapped_column(ForeignKey(StoredFileRow.sha256))
    file_name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    is_foreign: Mapped[bool]
    received_at: Mapped[datetime]
    received_by: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    state: Mapped[str] = mapped_column(String(20))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    answer_version_id: Mapped[int | None] = mapped_column(ForeignKey(AgreementVersionRow.id))
    answer_sha256: Mapped[str | None] = mapped_column(ForeignKey(StoredFileRow.sha256))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own form


class ChangeRow(Immutable, Base):
    """One change of a round's file, or one edit in it that nobody tracked.

    `position` is its place in the order of the agreement. `author` and `date` are as the file
    says, `at` is the date as it reads.
    """

    __tablename__ = "negotiation_change"
    __table_args__ = (UniqueConstraint("round_id", "key"), UniqueConstraint("round_id", "position"))

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey(RoundRow.id))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(40))
    is_tracked: Mapped[bool]
    is_open_to_us: Mapped[bool]
    instance: Mapped[str] = mapped_column(Text)
    place: Mapped[dict[str, str | int | bool]] = mapped_column(JSON)
    old: Mapped[str] = mapped_column(Text)
    new: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    date: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime | None]
    inside: Mapped[str] = mapped_column(Text)
    move: Mapped[str] = mapped_column(Text)


class RemarkRow(Immutable, Base):
    """A comment that stands in a round's file: theirs to us, or ours come back."""

    __tablename__ = "negotiation_remark"
    __table_args__ = (UniqueConstraint("round_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey(RoundRow.id))
    position: Mapped[int]
    instance: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    date: Mapped[str] = mapped_column(String(80))
    quoted: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class ChangeDecisionRow(Immutable, Base):
    """What somebody decided on a change; the one with the highest `ordinal` holds.

    `words` are ours where the change was countered, in place of a run of words of the sent text
    where a person placed them. The reason stays in the house.
    """

    __tablename__ = "negotiation_decision"
    __table_args__ = (
        UniqueConstraint("change_id", "ordinal"),
        CheckConstraint(_one_of("verdict", Verdict), name="verdict"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey(ChangeRow.id))
    ordinal: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    block_id: Mapped[str] = mapped_column(Text, server_default="")
    run: Mapped[int] = mapped_column(server_default="-1")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    at: Mapped[datetime]


class NoteRow(Immutable, Base):
    """A note on a change, which never leaves the house."""

    __tablename__ = "negotiation_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey(ChangeRow.id), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    at: Mapped[datetime]
