"""The tables of clause versions, their publications, drafts, and of the files' last state."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dealdesk.clauses.lifecycle import DraftState
from dealdesk.identity.models import UserRow
from dealdesk.kernel.orm import Base, Immutable

_STATES = ", ".join(repr(state.value) for state in DraftState)


class ClauseVersionRow(Immutable, Base):
    """The files of one clause as an agreement was made from them, or as they were published.

    Its hash is its name, as in the library: `clause_id` and `version` alone don't name a text,
    because a draft may change under the same version. Equal files are stored once.
    """

    __tablename__ = "clause_version"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    clause_id: Mapped[str] = mapped_column(String(120), index=True)
    version: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    files: Mapped[dict[str, str]] = mapped_column(JSON)
    recorded_at: Mapped[datetime]


class PublicationRow(Immutable, Base):
    """A clause's version put in force from a day on; `folder` is where its files stand.

    One that came from the files into an empty database has no people.
    """

    __tablename__ = "clause_publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    clause_id: Mapped[str] = mapped_column(String(120), index=True)
    folder: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(ForeignKey("clause_version.sha256"))
    effective_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    published_at: Mapped[datetime]


class WithdrawalRow(Immutable, Base):
    """A publication that was taken back before its day came: it is never in force."""

    __tablename__ = "clause_withdrawal"

    publication_id: Mapped[int] = mapped_column(ForeignKey(PublicationRow.id), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    withdrawn_at: Mapped[datetime]


class ClauseDraftRow(Base):
    """A change of a clause that a second person publishes, or that comes from changed files.

    `base_sha256` is the published version that it changes, None for a new clause. A draft from
    files has no author, so that anybody with the right may publish it.
    """

    __tablename__ = "clause_draft"
    __table_args__ = (CheckConstraint(f"state IN ({_STATES})", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clause_id: Mapped[str] = mapped_column(String(120), index=True)
    folder: Mapped[str] = mapped_column(String(200))
    base_sha256: Mapped[str | None] = mapped_column(ForeignKey("clause_version.sha256"))
    files: Mapped[dict[str, str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own form


class ClauseFileRow(Base):
    """A clause's files as they last agreed with the database, by hash: who moved since shows."""

    __tablename__ = "clause_file_state"

    clause_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    agreed_at: Mapped[datetime]
