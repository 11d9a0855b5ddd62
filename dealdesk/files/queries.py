"""Reads of stored files: what is known of them besides their bytes."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.files.models import StoredFileRow


def sizes_of(session: Session, hashes: Collection[str]) -> Mapping[str, int]:
    """Return how many bytes each stored file has, by its SHA-256."""
    wanted = select(StoredFileRow.sha256, StoredFileRow.size)
    rows = session.execute(wanted.where(StoredFileRow.sha256.in_(hashes)))
    return {row.sha256: row.size for row in rows}
