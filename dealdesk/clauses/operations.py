"""Writes of clause versions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.clauses.model import Clause
from dealdesk.clauses.models import ClauseVersionRow


def record_clause(session: Session, clause: Clause, now: datetime) -> str:
    """Record a clause's files and return their hash; what is recorded already stays as it is."""
    record_clauses(session, [clause], now)
    return clause.sha256


def record_clauses(session: Session, clauses: Sequence[Clause], now: datetime) -> None:
    """Record the files of several clauses; what is recorded already stays as it is."""
    hashes = [clause.sha256 for clause in clauses]
    known = set(
        session.scalars(select(ClauseVersionRow.sha256).where(ClauseVersionRow.sha256.in_(hashes)))
    )
    session.add_all(
        ClauseVersionRow(
            sha256=clause.sha256,
            clause_id=clause.id,
            version=clause.version,
            title=clause.title,
            files=dict(clause.files),
            recorded_at=now,
        )
        for clause in clauses
        if clause.sha256 not in known
    )
    session.flush()
