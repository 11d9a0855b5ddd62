"""Writes of rounds: open one, decide on a change, note, close it; each with its event."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dealdesk.audit.operations import record
from dealdesk.documents.docx.comments import Comment
from dealdesk.documents.docx.places import Place
from dealdesk.identity.actors import Actor
from dealdesk.kernel.characters import hidden_words
from dealdesk.kernel.errors import ConflictError, DomainError, Problem
from dealdesk.kernel.errors import Place as Where
from dealdesk.kernel.hashing import Json
from dealdesk.negotiation.lifecycle import RoundAction, RoundState, moved
from dealdesk.negotiation.model import Answer, Item, Verdict
from dealdesk.negotiation.models import (
    LONGEST_NAME,
    ChangeDecisionRow,
    ChangeRow,
    NoteRow,
    RemarkRow,
    RoundRow,
)
from dealdesk.negotiation.queries import Reviewed
from dealdesk.negotiation.taking import can_be_countered, hindrance

LONGEST_REASON = 2000
LONGEST_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came back: on which version, in answer to which file, and what it is called.

    `behind` names the person behind a link who sent it, "" where one of us took it in.
    """

    deal_id: int
    base_version_id: int
    sent_sha256: str
    received_sha256: str
    file_name: str
    is_foreign: bool
    behind: str = ""


def open_round(  # noqa: PLR0913 - who received what, what stands in it, when
    session: Session,
    actor: Actor,
    received: Received,
    items: Sequence[Item],
    *,
    comments: Sequence[Comment],
    now: datetime,
) -> RoundRow:
    """Record a file that came back as a deal's next round and return it.

    Raise ConflictError where another round was opened meanwhile.
    """
    last = session.scalar(
        select(func.max(RoundRow.number)).where(RoundRow.deal_id == received.deal_id)
    )
    row = RoundRow(
        deal_id=received.deal_id,
        number=(last or 0) + 1,
        base_version_id=received.base_version_id,
        sent_sha256=received.sent_sha256,
        received_sha256=received.received_sha256,
        file_name=received.file_name[-LONGEST_NAME:],
        is_foreign=received.is_foreign,
        received_at=now,
        received_by=actor.id,
        state=RoundState.OPEN.value,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise ConflictError.of(
            "round-open",
            "Somebody else took a file of theirs in at the same moment.",
            remedy="Load the page again and look at it.",
        ) from error
    session.add_all(_change(row.id, at, item) for at, item in enumerate(items))
    session.add_all(_remark(row.id, at, one) for at, one in enumerate(comments))
    session.flush()
    facts: dict[str, Json] = {
        "round": row.number,
        "base": received.base_version_id,
        "file": received.received_sha256,
        "tracked": sum(one.is_tracked for one in items),
        "untracked": sum(one.is_open_to_us for one in items if not one.is_tracked),
    }
    names = {"file": row.file_name}
    if received.behind:
        names["sender"] = received.behind
    event = "negotiation:round:received"
    record(session, actor, received.deal_id, event, facts, names=names, now=now)
    return row


def decide_change(  # noqa: PLR0913 - who decides what on which change of which round, seen as what
    session: Session,
    actor: Actor,
    round_row: RoundRow,
    reviewed: Reviewed,
    answer: Answer,
    *,
    reason: str,
    seen: int,
    now: datetime,
) -> None:
    """Record a decision on a change.

    Raise ConflictError where somebody decided meanwhile or the round is closed, DomainError with
    everything that is wrong about the decision.
    """
    _require_open(round_row)
    if seen != reviewed.seen:
        raise _decided_meanwhile(reviewed)
    problems = decision_problems(reviewed.item, answer, reason)
    if problems:
        raise DomainError(problems)
    row = ChangeDecisionRow(
        change_id=reviewed.id,
        ordinal=seen + 1,
        verdict=answer.verdict.value,
        words=answer.words.strip() if answer.verdict is Verdict.COUNTERED else "",
        reason=reason.strip(),
        block_id=answer.block_id,
        run=answer.run,
        decided_by=actor.id,
        at=now,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise _decided_meanwhile(reviewed) from error
    facts: dict[str, Json] = {
        "round": round_row.number,
        "change": reviewed.id,
        "verdict": row.verdict,
        "ordinal": row.ordinal,
    }
    names = {key: text for key, text in (("words", row.words), ("reason", row.reason)) if text}
    event = "negotiation:change:decided"
    record(session, actor, round_row.deal_id, event, facts, names=names, now=now)


def decision_problems(item: Item, answer: Answer, reason: str) -> list[Problem]:
    """Return everything that is wrong with a decision on a change, each at its field."""
    found: list[Problem] = []
    is_counter = answer.verdict is Verdict.COUNTERED
    if not item.is_open_to_us:
        found.append(Problem("nothing-to-decide", "On this change nobody has to decide."))
    if answer.verdict is Verdict.ACCEPTED and (why := hindrance(item)):
        message = f"It can't be accepted as it stands. {why}"
        found.append(
            Problem(
                "not-as-it-stands", message, remedy="Reject it, counter it, or place it by hand."
            )
        )
    if is_counter and not answer.is_placed and not can_be_countered(item):
        message = "No words of ours can stand in its place."
        remedy = "Reject it, or place the words by hand."
        found.append(Problem("no-counter", message, remedy=remedy))
    words = answer.words.strip()
    if is_counter and not 0 < len(words) <= LONGEST_WORDS:
        message = f"Write our words, in 1 to {LONGEST_WORDS:,} characters."
        found.append(Problem("words", message, Where(path="words")))
    known = {item.old.strip(), item.new.strip()}
    if is_counter and words and not answer.is_placed and words in known:
        same = "accept" if words == item.new.strip() else "reject"
        whose = "theirs" if same == "accept" else "those that we sent"
        message = f"These are just {whose}."
        remedy = f"Write other words, or {same} the change."
        found.append(Problem("words", message, Where(path="words"), remedy))
    if is_counter:
        found += _unseen("words", "What you wrote", words)
    if answer.verdict is not Verdict.ACCEPTED and not reason.strip():
        message = "Say why; it stays with us."
        found.append(Problem("reason", message, Where(path="reason")))
    if len(reason) > LONGEST_REASON:
        message = f"A reason has up to {LONGEST_REASON:,} characters."
        found.append(Problem("reason", message, Where(path="reason")))
    return [*found, *_unseen("reason", "The reason", reason)]


def _unseen(field: str, what: str, text: str) -> list[Problem]:
    hidden = hidden_words(what, text)
    remedy = "Delete it and type it again."
    return [Problem("hidden-character", hidden, Where(path=field), remedy)] if hidden else []


def add_note(  # noqa: PLR0913 - who notes what on which change of which round, when
    session: Session,
    actor: Actor,
    round_row: RoundRow,
    reviewed: Reviewed,
    *,
    text: str,
    now: datetime,
) -> None:
    """Add a note to a change; it never leaves the house. Raise DomainError for none or too long."""
    words = text.strip()
    problems = _unseen("note", "The note", words)
    if not 0 < len(words) <= LONGEST_REASON:
        message = f"A note has 1 to {LONGEST_REASON:,} characters."
        problems.append(Problem("note", message, Where(path="note")))
    if problems:
        raise DomainError(problems)
    session.add(NoteRow(change_id=reviewed.id, text=words, written_by=actor.id, at=now))
    session.flush()
    facts: dict[str, Json] = {"round": round_row.number, "change": reviewed.id}
    event, names = "negotiation:note:added", {"note": words}
    record(session, actor, round_row.deal_id, event, facts, names=names, now=now)


def withdraw_round(
    session: Session, actor: Actor, row: RoundRow, reason: str, now: datetime
) -> None:
    """Set a round aside unanswered, so that another file can be taken in; its rows stay.

    Raise ConflictError where it is closed already, DomainError without a reason.
    """
    problems = _unseen("reason", "The reason", reason)
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        message = f"Say why, in 1 to {LONGEST_REASON:,} characters."
        problems.append(Problem("reason", message, Where(path="reason")))
    if problems:
        raise DomainError(problems)
    _close(session, actor, row, RoundAction.WITHDRAW, now)
    facts: dict[str, Json] = {"round": row.number}
    event, names = "negotiation:round:withdrawn", {"reason": reason.strip()}
    record(session, actor, row.deal_id, event, facts, names=names, now=now)


def record_answer(  # noqa: PLR0913 - who answers which round with what, when
    session: Session,
    actor: Actor,
    row: RoundRow,
    *,
    version_id: int,
    answer_sha256: str,
    now: datetime,
) -> None:
    """Record the version and the file that answer a round.

    Raise ConflictError where it is closed already.
    """
    row.answer_version_id, row.answer_sha256 = version_id, answer_sha256
    _close(session, actor, row, RoundAction.ANSWER, now)
    facts: dict[str, Json] = {"round": row.number, "version": version_id, "file": answer_sha256}
    record(session, actor, row.deal_id, "negotiation:round:answered", facts, now=now)


def _close(
    session: Session, actor: Actor, row: RoundRow, action: RoundAction, now: datetime
) -> None:
    row.state = moved(RoundState(row.state), action).value
    row.closed_at, row.closed_by = now, actor.id
    session.flush()


def _require_open(row: RoundRow) -> None:
    if row.state != RoundState.OPEN.value:
        raise ConflictError.of(
            "round-closed",
            f"Round {row.number} is {row.state}; nothing in it is decided any more.",
            remedy="Load the page again.",
        )


def _decided_meanwhile(reviewed: Reviewed) -> ConflictError:
    last = reviewed.decisions[0] if reviewed.decisions else None
    message = (
        f"{last.by} {last.answer.verdict.value} this change while you were looking at it."
        if last
        else "Somebody decided on this change at the same moment."
    )
    return ConflictError.of(
        "decided-meanwhile", message, remedy="Look at it, then decide again if yours still stands."
    )


def _change(round_id: int, position: int, item: Item) -> ChangeRow:
    return ChangeRow(
        round_id=round_id,
        position=position,
        key=item.key,
        kind=item.kind,
        is_tracked=item.is_tracked,
        is_open_to_us=item.is_open_to_us,
        instance=item.instance,
        place=place_data(item.place),
        old=item.old,
        new=item.new,
        author=item.author,
        date=item.date[:80],
        at=item.at,
        inside=item.inside,
        move=item.move,
    )


def place_data(place: Place) -> dict[str, str | int | bool]:
    """Return a place as stored data; `queries.place_of` reads it."""
    return {**asdict(place), "value": str(place.value) if place.value else ""}


def _remark(round_id: int, position: int, comment: Comment) -> RemarkRow:
    instance = next((place.instance for place in comment.places if place.instance), "")
    return RemarkRow(
        round_id=round_id,
        position=position,
        instance=instance,
        author=comment.author,
        date=comment.date[:80],
        quoted=comment.quoted,
        text=comment.text,
    )
