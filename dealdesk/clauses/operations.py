"""Writes of clause versions."""

from datetime import datetime

from sqlalchemy.orm import Session

from dealdesk.clauses.model import Clause
from dealdesk.clauses.models import ClauseVersionRow


def record_clause(session: Session, clause: Clause, now: datetime) -> str:
    """Record a clause's files and return their hash; what is recorded already stays as it is."""
    if session.get(ClauseVersionRow, clause.sha256) is None:
        session.add(
            ClauseVersionRow(
                sha256=clause.sha256,
                clause_id=clause.id,
                version=clause.version,
                title=clause.title,
                files=dict(clause.files),
                recorded_at=now,
            )
        )
        session.flush()
    return clause.sha256
