"""Start the draft of a clause that the library does not have yet."""

from datetime import datetime

from sqlalchemy.orm import Session

from dealdesk.audit.operations import hold
from dealdesk.clauses.drafts import STREAM, find_live_draft, open_draft
from dealdesk.clauses.model import Library
from dealdesk.clauses.models import ClauseDraftRow
from dealdesk.clauses.publications import find_last_publication
from dealdesk.clauses.skeleton import NewClause, skeleton
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import DomainError, Place

DRAFTED = "drafted"


def start_clause(
    session: Session, actor: Actor, new: NewClause, library: Library, now: datetime
) -> ClauseDraftRow:
    """Return the actor's draft of a new clause, started from its skeleton.

    The same asked for twice, as by a double click, leads to the one draft. Raise DomainError naming
    the field of everything that is missing, or where the id is taken, by another draft as well.
    """
    files = skeleton(new, library, now.date())
    if find_last_publication(session, new.id) is not None:
        raise DomainError.of(
            "taken",
            f"A clause {new.id} is published already, to begin later.",
            place=Place(path="id"),
            remedy="Draft a change of it once it is in force, or choose another id.",
        )
    hold(session, STREAM)
    other = find_live_draft(session, new.id)
    if other is not None and (other.author_id, other.files) != (actor.id, files):
        raise DomainError.of(
            DRAFTED,
            f"There is a draft of a clause {new.id} already.",
            place=Place(path="id"),
            remedy="Go on with that draft, or choose another id.",
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
