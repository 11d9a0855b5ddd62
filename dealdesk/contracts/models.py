"""The tables of contracts and their executed files."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.deals.models import DealRow
from dealdesk.files.models import StoredFileRow
from dealdesk.identity.models import UserRow
from dealdesk.kernel.orm import Base, Immutable


class ContractRow(Immutable, Base):
    """A deal's executed version: who agreed for the customer and when, as told by who sealed it.

    `is_development` says that the seal's certificate proves no one's identity.
    """

    __tablename__ = "contract"

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey(DealRow.id), unique=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(AgreementVersionRow.id))
    agreed_by: Mapped[str] = mapped_column(String(200))
    agreed_on: Mapped[date]
    text_sha256: Mapped[str] = mapped_column(String(64))
    terms_sha256: Mapped[str] = mapped_column(String(64))
    signer: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(10))
    is_development: Mapped[bool]
    sealed_at: Mapped[datetime]
    sealed_by: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))


class ContractFileRow(Immutable, Base):
    """An executed document, or what belongs to it, by the name under which people get it."""

    __tablename__ = "contract_file"

    contract_id: Mapped[int] = mapped_column(ForeignKey(ContractRow.id), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey(StoredFileRow.sha256))
