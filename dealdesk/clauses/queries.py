"""Reads of clause versions."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.clauses.models import ClauseVersionRow


def list_clause_versions(session: Session, hashes: Collection[str]) -> Sequence[ClauseVersionRow]:
    """Return the recorded clauses of those hashes, by clause id."""
    return session.scalars(
        select(ClauseVersionRow)
        .where(ClauseVersionRow.sha256.in_(hashes))
        .order_by(ClauseVersionRow.clause_id, ClauseVersionRow.sha256)
    ).all()
