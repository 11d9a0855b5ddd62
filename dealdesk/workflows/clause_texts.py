"""Keep the clause texts that versions were made from, and tell which changed since."""

from datetime import datetime

from sqlalchemy.orm import Session

from dealdesk.agreements.model import Version
from dealdesk.agreements.operations import record_version_clauses
from dealdesk.agreements.queries import list_version_clauses
from dealdesk.clauses.model import Library
from dealdesk.clauses.operations import record_clauses
from dealdesk.clauses.queries import list_clause_versions


def keep_clauses(
    session: Session, version_id: int, version: Version, library: Library, now: datetime
) -> None:
    """Record the files of every clause that a version was made from."""
    chosen = {choice.clause_id for choice in version.inputs.choices}
    clauses = [library.clauses[id_] for id_ in sorted(chosen & set(library.clauses))]
    record_clauses(session, clauses, now)
    record_version_clauses(session, version_id, [clause.sha256 for clause in clauses])


def changed_clauses(session: Session, version_id: int, library: Library) -> tuple[str, ...]:
    """Return the titles of a version's clauses whose files are no longer the library's."""
    present = {clause.sha256 for clause in library.clauses.values()}
    gone = set(list_version_clauses(session, version_id)) - present
    return tuple(row.title for row in list_clause_versions(session, gone))
