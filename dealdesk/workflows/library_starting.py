"""Start the draft of a clause that the library does not have yet."""

from datetime import datetime

from sqlalchemy.orm import Session

from dealdesk.clauses.drafts import open_draft
from dealdesk.clauses.model import Library
from dealdesk.clauses.models import ClauseDraftRow
from dealdesk.clauses.publications import find_last_publication
from dealdesk.clauses.skeleton import NewClause, skeleton
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import DomainError, Place


def start_clause(
    session: Session, actor: Actor, new: NewClause, library: Library, now: datetime
) -> ClauseDraftRow:
    """Return the actor's draft of a new clause, started from its skeleton.

    Raise DomainError naming the field of everything that is missing, or where the id is taken.
    """
    files = skeleton(new, library, now.date())
    if find_last_publication(session, new.id) is not None:
        raise DomainError.of(
            "taken",
            f"A clause {new.id} is published already, to begin later.",
            place=Place(path="id"),
            remedy="Draft a change of it once it is in force, or choose another id.",
        )
    return open_draft(
        session,
        actor,
        clause_id=new.id,
        folder=new.folder,
        base_sha256=None,
        files=files,
        now=now,
    )
