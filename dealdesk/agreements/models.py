"""The tables of agreement versions and of the files built from them."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dealdesk.agreements.model import Origin
from dealdesk.kernel.orm import Base, Immutable


class AgreementVersionRow(Immutable, Base):
    """One immutable version: everything that its text is made from, and the hashes it had.

    `inputs` is canonical JSON text, so that its bytes are what the hash was taken over. The tree
    is not stored: it is assembled from the inputs, always (I1).
    """

    __tablename__ = "agreement_version"
    __table_args__ = (
        UniqueConstraint("deal_id", "number"),
        CheckConstraint(
            f"origin IN ({', '.join(repr(origin.value) for origin in Origin)})", name="origin"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    number: Mapped[int]
    parent: Mapped[int | None]
    origin: Mapped[str] = mapped_column(String(20))
    inputs: Mapped[str] = mapped_column(Text)
    inputs_sha256: Mapped[str] = mapped_column(String(64))
    text_sha256: Mapped[str] = mapped_column(String(64))
    terms_sha256: Mapped[str] = mapped_column(String(64))
    passages: Mapped[dict[str, str]] = mapped_column(JSON)
    assembler: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]


class VersionClauseRow(Immutable, Base):
    """A clause that a version was made from, by the hash of its files."""

    __tablename__ = "version_clause"

    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"), primary_key=True)
    clause_sha256: Mapped[str] = mapped_column(
        ForeignKey("clause_version.sha256"), primary_key=True
    )


class VersionFileRow(Immutable, Base):
    """A file built from a version, by the name under which people get it.

    `built_from` names version and decisions: the same files are never built twice.
    """

    __tablename__ = "version_file"
    __table_args__ = (UniqueConstraint("version_id", "built_from", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"))
    name: Mapped[str] = mapped_column(String(80))
    built_from: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    is_draft: Mapped[bool]
    built_at: Mapped[datetime]
