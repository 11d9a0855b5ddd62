"""The table of clause versions."""

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from dealdesk.kernel.orm import Base, Immutable


class ClauseVersionRow(Immutable, Base):
    """The files of one clause as an agreement was made from them.

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
