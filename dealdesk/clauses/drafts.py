"""Drafts of clauses: changed by their author, submitted with a reason, ended by a second person."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.audit.operations import hold, record
from dealdesk.clauses.lifecycle import LIVE, DraftAction, DraftState, moved
from dealdesk.clauses.models import ClauseDraftRow
from dealdesk.clauses.publications import find_last_publication
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import ConflictError, DomainError, NotFoundError, RefusedError
from dealdesk.kernel.hashing import Json

STREAM = "library"
LONGEST_FILE = 100_000
LONGEST_REASON = 2_000


class DraftError(DomainError):
    """What was given can't be a draft."""


def list_live_drafts(session: Session) -> Sequence[ClauseDraftRow]:
    """Return the drafts that nobody published or discarded, those to be decided first."""
    return session.scalars(
        select(ClauseDraftRow)
        .where(ClauseDraftRow.state.in_([state.value for state in LIVE]))
        .order_by(ClauseDraftRow.state.desc(), ClauseDraftRow.changed_at)
    ).all()


def get_draft(session: Session, number: int, *, writes: bool = False) -> ClauseDraftRow:
    """Return a draft, held against others where one writes.

    Raise NotFoundError where there is none.
    """
    row = session.get(ClauseDraftRow, number, with_for_update=writes)
    if row is None:
        raise NotFoundError.of("no-such-draft", f"There is no draft {number}.")
    return row


def find_live_draft(
    session: Session, clause_id: str, author: Actor | None = None
) -> ClauseDraftRow | None:
    """Return the first live draft of a clause, of this author or whoever writes it, or None."""
    live = select(ClauseDraftRow).where(
        ClauseDraftRow.clause_id == clause_id,
        ClauseDraftRow.state.in_([state.value for state in LIVE]),
    )
    if author is not None:
        live = live.where(ClauseDraftRow.author_id == author.id)
    return session.scalars(live.order_by(ClauseDraftRow.id).limit(1)).first()


def open_draft(  # noqa: PLR0913 - a draft is whose, of what, from which text, and when
    session: Session,
    actor: Actor,
    *,
    clause_id: str,
    folder: str,
    base_sha256: str | None,
    files: Mapping[str, str],
    now: datetime,
) -> ClauseDraftRow:
    """Return the actor's live draft of a clause, started where they have none.

    Asked for twice at the same moment, as by a double click, there is still one.
    """
    hold(session, STREAM)
    mine = find_live_draft(session, clause_id, actor)
    if mine is not None:
        return mine
    return start_draft(
        session,
        actor,
        clause_id=clause_id,
        folder=folder,
        base_sha256=base_sha256,
        files=files,
        now=now,
    )


def start_draft(  # noqa: PLR0913 - a draft is whose, of what, from which text, and when
    session: Session,
    actor: Actor,
    *,
    clause_id: str,
    folder: str,
    base_sha256: str | None,
    files: Mapping[str, str],
    now: datetime,
    reason: str = "",
) -> ClauseDraftRow:
    """Start a draft and return it; the program's own, from changed files, has no author."""
    row = ClauseDraftRow(
        clause_id=clause_id,
        folder=folder,
        base_sha256=base_sha256,
        files=_checked(files),
        state=DraftState.DRAFT.value,
        reason=reason,
        note="",
        author_id=actor.id,
        created_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    _tell(session, actor, row, "started", now)
    return row


def change_draft(  # noqa: PLR0913 - which draft, on which sight, to what, by whom, when
    session: Session,
    actor: Actor,
    row: ClauseDraftRow,
    *,
    seen: int,
    files: Mapping[str, str],
    now: datetime,
) -> None:
    """Keep other texts in a draft; one that came from files is then its editor's own.

    Raise RefusedError where it is another's, ConflictError where it moved on.
    """
    _refuse_moved(row, seen)
    if row.author_id not in {None, actor.id}:
        raise RefusedError.of("another's", "Only its author changes a draft.")
    row.state = moved(DraftState(row.state), DraftAction.CHANGE).value
    row.files, row.author_id, row.changed_at = _checked(files), actor.id, now
    session.flush()
    _tell(session, actor, row, "changed", now)


def submit_draft(  # noqa: PLR0913 - which draft, on which sight, why, by whom, when
    session: Session,
    actor: Actor,
    row: ClauseDraftRow,
    *,
    seen: int,
    reason: str,
    now: datetime,
) -> None:
    """Submit a draft to a second person. Raise DraftError where the reason is missing."""
    _refuse_moved(row, seen)
    if row.author_id not in {None, actor.id}:
        raise RefusedError.of("another's", "Only its author submits a draft.")
    words = checked_words(reason, "The reason for the change")
    row.state = moved(DraftState(row.state), DraftAction.SUBMIT).value
    row.reason, row.author_id, row.changed_at = words, actor.id, now
    session.flush()
    _tell(session, actor, row, "submitted", now, reason=row.reason)


def return_draft(  # noqa: PLR0913 - which draft, on which sight, why, by whom, when
    session: Session,
    actor: Actor,
    row: ClauseDraftRow,
    *,
    seen: int,
    note: str,
    now: datetime,
) -> None:
    """Give a draft back to its author with what to change."""
    _refuse_moved(row, seen)
    words = checked_words(note, "What to change")
    row.state = moved(DraftState(row.state), DraftAction.RETURN).value
    row.note, row.changed_at = words, now
    session.flush()
    _tell(session, actor, row, "returned", now, note=row.note)


def discard_draft(
    session: Session, actor: Actor, row: ClauseDraftRow, *, seen: int, now: datetime
) -> None:
    """Discard a draft for good."""
    _refuse_moved(row, seen)
    row.state = moved(DraftState(row.state), DraftAction.DISCARD).value
    row.closed_at, row.closed_by_id = now, actor.id
    session.flush()
    _tell(session, actor, row, "discarded", now)


def close_published(
    session: Session, actor: Actor, row: ClauseDraftRow, *, seen: int, now: datetime
) -> None:
    """Mark a draft as published.

    Raise RefusedError where the actor is its author, ConflictError where the draft, or what it
    changes, moved on.
    """
    _refuse_moved(row, seen)
    if row.author_id == actor.id:
        raise RefusedError.of(
            "own-draft", "Nobody publishes their own change.", remedy="Ask a second person."
        )
    last = find_last_publication(session, row.clause_id)
    if (last.sha256 if last else None) != row.base_sha256:
        raise ConflictError.of(
            "clause-moved",
            f"Another version of {row.clause_id} was published, or the one that this changes was"
            " taken back, after this draft was started.",
            remedy="Start a new draft from what is published.",
        )
    row.state = moved(DraftState(row.state), DraftAction.PUBLISH).value
    row.closed_at, row.closed_by_id = now, actor.id
    session.flush()
    _tell(session, actor, row, "published", now)


def _refuse_moved(row: ClauseDraftRow, seen: int) -> None:
    if row.revision != seen:
        raise ConflictError.of(
            "draft-moved",
            "The draft was changed after you opened it.",
            remedy="Read it again; what you typed is still in your page.",
        )


def _checked(files: Mapping[str, str]) -> dict[str, str]:
    for name, text in files.items():
        if len(text) > LONGEST_FILE:
            raise DraftError.of(
                "too-long",
                f"{name} is longer than {LONGEST_FILE:,} characters.",
                remedy="Split it.",
            )
    return {name: text.replace("\r\n", "\n").replace("\r", "\n") for name, text in files.items()}


def checked_words(text: str, what: str) -> str:
    """Return words without space around them. Raise DraftError where they are none or too many."""
    words = text.strip()
    if not words:
        raise DraftError.of("missing", f"{what} is missing.", remedy="Write a sentence.")
    if len(words) > LONGEST_REASON:
        raise DraftError.of("too-long", f"{what} has more than {LONGEST_REASON:,} characters.")
    return words


def _tell(
    session: Session,
    actor: Actor,
    row: ClauseDraftRow,
    verb: str,
    now: datetime,
    **names: str,
) -> None:
    facts: dict[str, Json] = {"draft": row.id, "clause": row.clause_id, "state": row.state}
    record(session, actor, STREAM, f"clauses:draft:{verb}", facts, names=names, now=now)
