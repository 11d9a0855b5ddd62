"""The tables of deals: accounts, contacts, deals, revisions, lists, saved views, unsaved forms."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from dealdesk.identity.models import UserRow
from dealdesk.kernel.orm import Base, Immutable


class Stage(StrEnum):
    """Where a deal is on its way."""

    DRAFT = "draft"
    NEGOTIATION = "negotiation"
    SIGNATURE = "signature"
    SIGNED = "signed"
    LOST = "lost"


CLOSED = (Stage.SIGNED, Stage.LOST)


class Standing(StrEnum):
    """How a deal stands with its approvals, as lists and filters name it."""

    BLOCKED = "blocked"
    OPEN = "open"
    READY = "ready"
    UNREADABLE = "unreadable"


class AccountRow(Base):
    """A customer as its owner keeps it; a deal takes a copy, which later changes leave alone.

    `form_key` names the form that made it: the same form sent twice makes one account.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    form: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(400))
    country: Mapped[str] = mapped_column(String(80))
    registration: Mapped[str] = mapped_column(String(80))
    tax_id: Mapped[str] = mapped_column(String(80))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id), index=True)
    created_at: Mapped[datetime]
    form_key: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own form


class ContactRow(Base):
    """A person at an account; `is_signer` marks who signs unless a deal says otherwise.

    Who is archived is offered nowhere any more; what was made with them keeps its copy.
    """

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(200))
    is_signer: Mapped[bool]
    archived_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own form


class DealRow(Base):
    """A deal: its file as it was given, and what lists and searches need of it.

    `owner` is the name to read, `owner_id` the person whose deal it is. `revision` counts changes,
    so that a stale screen can't overwrite a newer one. `form_key` names the form that started it:
    the same form sent twice starts one deal.
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
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    deal_file: Mapped[str] = mapped_column(Text)
    stage: Mapped[str] = mapped_column(String(20), default=Stage.DRAFT.value, index=True)
    created_at: Mapped[datetime]
    form_key: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own form


class DealRevisionRow(Immutable, Base):
    """The deal file behind one version of a deal's agreement: who changed what, and when.

    `number` is the version's. `change` says in words what was changed.
    """

    __tablename__ = "deal_revision"

    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    deal_file: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    change: Mapped[str] = mapped_column(String(400))
    created_at: Mapped[datetime]


class DealSummaryRow(Base):
    """What lists show and sort by, written whenever a deal's version or its decisions change.

    `worth` is the total in hundredths of the policy's currency, for sorting alone; `discount` the
    highest one in ten-thousandths of a percent. `asked` holds the roles that are asked now as
    `|role|role|`, `open_roles` all that still have to decide. `words` is what searches look in, the
    customer first. `judged_by` names library, policy and program that it was judged by.
    """

    __tablename__ = "deal_summary"
    __table_args__ = (
        CheckConstraint(
            f"standing IN ({', '.join(repr(one.value) for one in Standing)})", name="standing"
        ),
        # Who is asked is looked for in all that anybody is asked on, the longest waiting first.
        Index(
            "ix_deal_summary_asked",
            "since",
            "asked",
            "deal_id",
            sqlite_where=text("asked <> ''"),
            postgresql_where=text("asked <> ''"),
        ),
    )

    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), primary_key=True)
    version: Mapped[int]
    standing: Mapped[str] = mapped_column(String(12), index=True)
    tcv: Mapped[str] = mapped_column(String(40))
    currency: Mapped[str] = mapped_column(String(3))
    worth: Mapped[int | None] = mapped_column(BigInteger, index=True)
    discount: Mapped[int] = mapped_column(index=True)
    off_standard: Mapped[int] = mapped_column(index=True)
    asked: Mapped[str] = mapped_column(String(400))
    open_roles: Mapped[str] = mapped_column(String(400))
    since: Mapped[datetime] = mapped_column(index=True)
    words: Mapped[str] = mapped_column(String(600), index=True)
    judged_by: Mapped[str] = mapped_column(String(64), index=True)


class SavedViewRow(Base):
    """A person's saved view of the list of deals: a name for an address's query."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime]


class ColleagueRow(Base):
    """A colleague with whom one deal is shared, to read or to change it, and who gave it them."""

    __tablename__ = "deal_colleague"
    __table_args__ = (CheckConstraint("level IN ('read', 'write')", name="level"),)

    user_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id), primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), primary_key=True, index=True)
    level: Mapped[str] = mapped_column(String(8))
    given_by: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    given_at: Mapped[datetime]


class UnsavedFormRow(Base):
    """What a person typed in a deal's form and has not saved: theirs alone, no part of the deal.

    `form` names the form, `window` the window of their browser, `fields` is a list of pairs.
    """

    __tablename__ = "unsaved_form"
    __table_args__ = (UniqueConstraint("user_id", "deal_id", "form", "window"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    form: Mapped[str] = mapped_column(String(120))
    window: Mapped[str] = mapped_column(String(40))
    fields: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime] = mapped_column(index=True)
