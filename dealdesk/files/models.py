"""The table of stored files."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from dealdesk.kernel.orm import Base, Immutable


class StoredFileRow(Immutable, Base):
    """One artefact: its hash is its name, its bytes are in the storage."""

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    created_at: Mapped[datetime]
