"""In which state files and database last agreed, so that it shows who moved since."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.clauses.models import ClauseFileRow


def list_agreed_files(session: Session) -> Mapping[str, str]:
    """Return of each clause the hash on which files and database last agreed."""
    rows = session.execute(select(ClauseFileRow.clause_id, ClauseFileRow.sha256))
    return {row.clause_id: row.sha256 for row in rows}


def note_agreed(session: Session, clause_id: str, sha256: str, now: datetime) -> None:
    """Write down that a clause's files and its last publication are the same."""
    row = session.get(ClauseFileRow, clause_id)
    if row is None:
        session.add(ClauseFileRow(clause_id=clause_id, sha256=sha256, agreed_at=now))
    elif row.sha256 != sha256:
        row.sha256, row.agreed_at = sha256, now
    session.flush()
