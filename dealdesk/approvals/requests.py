"""Writes of submissions and requests: each move with its event, in the caller's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.approvals.asks import Ask, digest, reasons_json
from dealdesk.approvals.deadlines import due_from, resumed
from dealdesk.approvals.lifecycle import LIVE, RequestAction, RequestState, moved
from dealdesk.approvals.policy import Policy
from dealdesk.approvals.request_models import (
    LONGEST_WHY,
    MessageKind,
    MessageRow,
    RequestRow,
    SubmissionRow,
)
from dealdesk.audit.operations import record
from dealdesk.identity.actors import Actor
from dealdesk.kernel.characters import hidden_words
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.hashing import Json

LONGEST_WORDS = 4000


class WordsError(DomainError):
    """What somebody wrote is missing or too long."""


def checked_words(text: str, what: str, *, required: bool = True) -> str:
    """Return words without space around them. Raise WordsError where they are none or too many."""
    words = text.strip()
    if required and not words:
        raise WordsError.of("no-words", f"{what} is missing.", remedy="Write it in a sentence.")
    if len(words) > LONGEST_WORDS:
        raise WordsError.of(
            "too-long",
            f"{what} has {len(words):,} characters; {LONGEST_WORDS:,} are the most.",
            remedy="Say it in fewer words.",
        )
    # Lines and tabs are words' own; what can't be seen may turn a condition round.
    hidden = hidden_words(what, words.replace("\r", ""))
    if hidden:
        raise WordsError.of(
            "hidden-character", hidden, remedy="Delete it and type the words again."
        )
    return words


def record_submission(  # noqa: PLR0913 - a submission is what, under what, by whom, when, and why
    session: Session,
    actor: Actor,
    *,
    deal_id: int,
    version_id: int,
    policy_version_id: int,
    note: str,
    now: datetime,
) -> SubmissionRow:
    """Record that somebody asks for approval of a version, and return it."""
    if actor.id is None:
        raise WordsError.of("nobody", "A deal is submitted by a person.")
    row = SubmissionRow(
        deal_id=deal_id,
        version_id=version_id,
        policy_version_id=policy_version_id,
        submitter_id=actor.id,
        note=note,
        at=now,
    )
    session.add(row)
    session.flush()
    facts: dict[str, Json] = {
        "submission": row.id,
        "version": version_id,
        "policy_version": policy_version_id,
    }
    names = {"note": note} if note else None
    record(session, actor, deal_id, "approvals:deal:submitted", facts, names=names, now=now)
    return row


def open_request(
    session: Session, actor: Actor, submission: SubmissionRow, ask: Ask, now: datetime
) -> RequestRow:
    """Ask a role; it waits until `call_next` finds that its stage's turn has come."""
    row = RequestRow(
        submission_id=submission.id,
        deal_id=submission.deal_id,
        version_id=submission.version_id,
        role=ask.role,
        kind=ask.kind.value,
        stage=ask.stage,
        reasons=reasons_json(ask.reasons),
        state=RequestState.WAITING.value,
        created_at=now,
    )
    session.add(row)
    session.flush()
    facts: dict[str, Json] = {
        "role": ask.role,
        "kind": ask.kind.value,
        "stage": ask.stage,
        "reasons_sha256": digest(ask.reasons),
    }
    _tell(session, actor, row, "opened", facts, now=now)
    return row


def call_next(  # noqa: PLR0913 - who calls whom on which deal by which policy, when, up to where
    session: Session, actor: Actor, deal_id: int, policy: Policy, *, turn: int, now: datetime
) -> Sequence[RequestRow]:
    """Ask every waiting role up to the stage whose turn it is, and return those requests."""
    called = session.scalars(
        select(RequestRow)
        .where(
            RequestRow.deal_id == deal_id,
            RequestRow.state == RequestState.WAITING.value,
            RequestRow.stage <= turn,
        )
        .order_by(RequestRow.id)
        .with_for_update()
    ).all()
    for row in called:
        _move(row, RequestAction.CALL)
        row.asked_at, row.due_at = now, due_from(now, row.role, policy)
        session.flush()
        _tell(session, actor, row, "called", {"due_at": row.due_at.isoformat()}, now=now)
    return called


def live_requests(session: Session, deal_id: int) -> Sequence[RequestRow]:
    """Return the requests of a deal that are not settled, held against others where locks are."""
    return session.scalars(
        select(RequestRow)
        .where(RequestRow.deal_id == deal_id, RequestRow.state.in_(sorted(LIVE)))
        .order_by(RequestRow.id)
        .with_for_update()
    ).all()


def close(  # noqa: PLR0913 - who closes what how, when, and what the event says of it
    session: Session,
    actor: Actor,
    row: RequestRow,
    action: RequestAction,
    *,
    now: datetime,
    facts: Mapping[str, Json] | None = None,
) -> None:
    """Settle a request. Raise ConflictError where it is settled already.

    A decision has its own event; a withdrawal or a superseding has the request's.
    """
    _move(row, action)
    row.closed_at, row.closed_by_id = now, actor.id
    session.flush()
    if action in {RequestAction.WITHDRAW, RequestAction.SUPERSEDE}:
        _tell(session, actor, row, row.state, facts or {}, now=now)


def say(  # noqa: PLR0913 - who says what of which kind on which request, when
    session: Session, actor: Actor, row: RequestRow, kind: MessageKind, text: str, *, now: datetime
) -> MessageRow:
    """Record a question or an answer on a request and return it.

    Raise WordsError for the words, ConflictError where the request takes none now.
    """
    words = checked_words(text, f"The {kind.value}")
    is_question = kind is MessageKind.QUESTION
    if not (is_question and row.state == RequestState.QUESTIONED.value):
        _move(row, RequestAction.ASK if is_question else RequestAction.ANSWER)
    if actor.id is None:
        raise WordsError.of("nobody", "Questions are asked and answered by people.")
    message = MessageRow(request_id=row.id, kind=kind.value, person_id=actor.id, text=words, at=now)
    session.add(message)
    session.flush()
    event = f"approvals:{kind.value}:{'asked' if is_question else 'given'}"
    facts: dict[str, Json] = {"request": row.id, "message": message.id}
    record(session, actor, row.deal_id, event, facts, names={"words": words}, now=now)
    return message


def pause(row: RequestRow, now: datetime) -> None:
    """Stop the request's clock, unless it stands already."""
    row.questioned_at = row.questioned_at or now


def resume(row: RequestRow, policy: Policy, now: datetime) -> None:
    """Let the request's clock run on: it is due later by as long as the clock stood."""
    if row.questioned_at is not None and row.due_at is not None:
        row.due_at = resumed(row.due_at, row.questioned_at, now, policy)
    row.questioned_at = None


def hand_over(  # noqa: PLR0913 - who gives which request to whom, when, and why
    session: Session,
    actor: Actor,
    row: RequestRow,
    to: int | None,
    now: datetime,
    *,
    why: str = "",
) -> None:
    """Give a request to somebody, or with None back to its role.

    `why` is what the program says for doing so. Raise ConflictError where it is settled already.
    """
    _move(row, RequestAction.DELEGATE)
    before, row.delegate_id = row.delegate_id, to
    row.delegate_why = why[:LONGEST_WHY] or None
    session.flush()
    facts: dict[str, Json] = {"to": to, "before": before}
    _tell(session, actor, row, "delegated", facts, now=now, names={"why": why} if why else None)


def mark_timed(  # noqa: PLR0913 - what a timer did on which request, when, and whom it told
    session: Session,
    actor: Actor,
    row: RequestRow,
    action: RequestAction,
    *,
    now: datetime,
    told: Sequence[int],
) -> None:
    """Record that a request's timer reminded, or told those above, and whom."""
    _move(row, action)
    if action is RequestAction.REMIND:
        row.reminded_at = now
    else:
        row.escalated_at = now
    session.flush()
    event = "reminded" if action is RequestAction.REMIND else "escalated"
    _tell(session, actor, row, event, {"to": list(told)}, now=now)


def withdraw_submission(
    session: Session, actor: Actor, submission: SubmissionRow, now: datetime
) -> Sequence[RequestRow]:
    """Take a submission back with every request that is not settled, and return those."""
    submission.withdrawn_at = now
    rows = live_requests(session, submission.deal_id)
    for row in rows:
        close(session, actor, row, RequestAction.WITHDRAW, now=now)
    session.flush()
    facts: dict[str, Json] = {"submission": submission.id, "requests": [row.id for row in rows]}
    record(session, actor, submission.deal_id, "approvals:deal:withdrawn", facts, now=now)
    return rows


def _move(row: RequestRow, action: RequestAction) -> None:
    row.state = moved(RequestState(row.state), action).value


def _tell(  # noqa: PLR0913 - who did what to which, when, with which facts
    session: Session,
    actor: Actor,
    row: RequestRow,
    event: str,
    facts: Mapping[str, Json],
    *,
    now: datetime,
    names: Mapping[str, str] | None = None,
) -> None:
    said: dict[str, Json] = {"request": row.id, "role": row.role, **facts}
    record(session, actor, row.deal_id, f"approvals:request:{event}", said, names=names, now=now)
