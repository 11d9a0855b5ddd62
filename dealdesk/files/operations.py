"""Writes of stored files."""

from datetime import datetime

from sqlalchemy.orm import Session

from dealdesk.files.models import StoredFileRow
from dealdesk.files.ports import Storage


def store_file(session: Session, storage: Storage, data: bytes, now: datetime) -> str:
    """Store an artefact and return its SHA-256; what is stored already stays as it is."""
    sha256 = storage.put(data)
    if session.get(StoredFileRow, sha256) is None:
        session.add(StoredFileRow(sha256=sha256, size=len(data), created_at=now))
        session.flush()
    return sha256
