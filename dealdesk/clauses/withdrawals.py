"""Take a publication back before its day comes."""

from datetime import datetime

from sqlalchemy.orm import Session

from dealdesk.audit.operations import hold, record
from dealdesk.clauses.drafts import STREAM, checked_words
from dealdesk.clauses.models import WithdrawalRow
from dealdesk.clauses.publications import (
    Publication,
    find_last_publication,
    get_publication,
)
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import RefusedError
from dealdesk.kernel.hashing import Json


def take_back(
    session: Session, actor: Actor, number: int, *, reason: str, now: datetime
) -> Publication:
    """Take a publication back so that it is never in force, and return it.

    One person does: it leaves in force what two people agreed on. Taken back twice, it is taken
    back once. Raise RefusedError where its day has come, or where a later one builds on it.
    """
    hold(session, STREAM)
    found = get_publication(session, number)
    if found.withdrawal is not None:
        return found
    if not is_to_come(found, now):
        raise RefusedError.of(
            "in-force",
            f"Version {found.version} is in force since {found.effective_on:%d %b %Y}.",
            remedy="Publish another version instead.",
        )
    last = find_last_publication(session, found.clause_id)
    if last is None or last.id != found.id:
        raise RefusedError.of(
            "later-one",
            f"A later publication of {found.title} builds on version {found.version}.",
            remedy="Take that one back first.",
        )
    words = checked_words(reason, "The reason for taking it back")
    session.add(
        WithdrawalRow(publication_id=found.id, reason=words, person_id=actor.id, withdrawn_at=now)
    )
    session.flush()
    facts: dict[str, Json] = {
        "publication": found.id,
        "clause": found.clause_id,
        "version": found.version,
        "sha256": found.sha256,
        "effective_on": found.effective_on.isoformat(),
    }
    names = {"reason": words}
    record(session, actor, STREAM, "clauses:version:withdrawn", facts, names=names, now=now)
    return get_publication(session, number)


def is_to_come(publication: Publication, now: datetime) -> bool:
    """Tell whether a publication's day has not come yet."""
    return publication.withdrawal is None and publication.effective_on > now.date()
