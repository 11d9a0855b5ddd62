"""The tables of links, of what each gives, and of what was done with it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.deals.models import DealRow
from dealdesk.files.models import StoredFileRow
from dealdesk.identity.models import UserRow
from dealdesk.kernel.orm import Base, Immutable


class Visited(StrEnum):
    """What a person did with a link."""

    OPENED = "opened"
    DOWNLOADED = "downloaded"


class ShareLinkRow(Base):
    """A link that one person was sent; the token itself is in their mail alone.

    `read_version_id` is the version that they read last, `read_before_id` the one before that.
    """

    __tablename__ = "share_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey(DealRow.id), index=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    code_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    read_version_id: Mapped[int | None] = mapped_column(ForeignKey(AgreementVersionRow.id))
    read_before_id: Mapped[int | None] = mapped_column(ForeignKey(AgreementVersionRow.id))


class ShareItemRow(Immutable, Base):
    """A file that a link gives: of exactly the version that was sent, by its hash."""

    __tablename__ = "share_item"
    __table_args__ = (UniqueConstraint("link_id", "version_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey(ShareLinkRow.id))
    version_id: Mapped[int] = mapped_column(ForeignKey(AgreementVersionRow.id))
    name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(ForeignKey(StoredFileRow.sha256))
    is_executed: Mapped[bool]
    shared_at: Mapped[datetime]


class ShareVisitRow(Base):
    """That a link was opened, or a file of it downloaded: first, last, and how often.

    `name` is the file's, "" for the page.
    """

    __tablename__ = "share_visit"
    __table_args__ = (
        UniqueConstraint("link_id", "what", "name"),
        CheckConstraint(
            f"what IN ({', '.join(repr(what.value) for what in Visited)})", name="what"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey(ShareLinkRow.id))
    what: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    count: Mapped[int]


class ShareCommentRow(Base):
    """A question or comment of the person behind a link, or an answer to them.

    `about` is the part of the agreement that it is about and `heading` its words then, "" for the
    whole; `author_id` is None for the person behind the link. `form_key` names the form that sent
    it: the same form twice is one comment.
    """

    __tablename__ = "share_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey(ShareLinkRow.id), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(AgreementVersionRow.id))
    about: Mapped[str] = mapped_column(String(200))
    heading: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
