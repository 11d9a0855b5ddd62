"""Reads of rounds, their changes, decisions, remarks and notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.deals.models import DealRow
from dealdesk.deals.queries import visible
from dealdesk.documents.docx.places import Place
from dealdesk.identity.actors import Actor
from dealdesk.identity.models import UserRow
from dealdesk.kernel.errors import NotFoundError
from dealdesk.negotiation.lifecycle import RoundState
from dealdesk.negotiation.model import Answer, Item, Verdict
from dealdesk.negotiation.models import (
    ChangeDecisionRow,
    ChangeRow,
    NoteRow,
    RemarkRow,
    RoundRow,
)
from dealdesk.terms.values import ValueRef


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision on a change, by whom and when; `ordinal` counts those on the same change."""

    ordinal: int
    answer: Answer
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """One note on a change, by whom and when."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A change with everything that was decided and noted on it, the last first."""

    id: int
    item: Item
    decisions: tuple[Decided, ...] = ()
    notes: tuple[Noted, ...] = ()

    @property
    def answer(self) -> Answer | None:
        """What holds, None where nothing was decided yet."""
        return self.decisions[0].answer if self.decisions else None

    @property
    def seen(self) -> int:
        """How many decisions there are: what a form says that it has seen."""
        return self.decisions[0].ordinal if self.decisions else 0

    @property
    def is_waiting(self) -> bool:
        """Tell whether somebody still has to decide on it."""
        return self.item.is_open_to_us and not self.decisions


def list_rounds(session: Session, deal_id: int) -> Sequence[RoundRow]:
    """Return a deal's rounds, the latest first."""
    return session.scalars(
        select(RoundRow).where(RoundRow.deal_id == deal_id).order_by(RoundRow.number.desc())
    ).all()


def get_round(session: Session, deal_id: int, number: int) -> RoundRow:
    """Return a deal's round. Raise NotFoundError where it has none of that number."""
    row = session.scalar(
        select(RoundRow).where(RoundRow.deal_id == deal_id, RoundRow.number == number)
    )
    if row is None:
        raise NotFoundError.of("no-such-round", f"The deal has no round {number}.")
    return row


def find_open_round(session: Session, deal_id: int) -> RoundRow | None:
    """Return the round that is not answered yet, or None."""
    return session.scalar(
        select(RoundRow).where(RoundRow.deal_id == deal_id, RoundRow.state == RoundState.OPEN.value)
    )


@dataclass(frozen=True, slots=True)
class WaitingRound:
    """A round that waits for an answer, with the deal that it is of."""

    round: RoundRow
    deal: DealRow


def list_waiting(session: Session, actor: Actor, permission: str) -> Sequence[WaitingRound]:
    """Return the rounds that wait, the oldest first, on deals where the actor may do that."""
    rows = session.execute(
        select(RoundRow, DealRow)
        .join(DealRow, DealRow.id == RoundRow.deal_id)
        .where(RoundRow.state == RoundState.OPEN.value, visible(actor), visible(actor, permission))
        .order_by(RoundRow.received_at, RoundRow.id)
    )
    return [WaitingRound(row, deal) for row, deal in rows]


def find_answer(session: Session, version_id: int) -> RoundRow | None:
    """Return the round that a version answers, or None."""
    return session.scalar(select(RoundRow).where(RoundRow.answer_version_id == version_id))


def list_reviewed(session: Session, round_id: int) -> list[Reviewed]:
    """Return a round's changes with their decisions and notes, in the agreement's order."""
    changes = session.scalars(
        select(ChangeRow).where(ChangeRow.round_id == round_id).order_by(ChangeRow.position)
    ).all()
    decisions, notes = _decisions(session, round_id), _notes(session, round_id)
    return [
        Reviewed(
            row.id, item_of(row), tuple(decisions.get(row.id, ())), tuple(notes.get(row.id, ()))
        )
        for row in changes
    ]


def get_change(session: Session, round_id: int, change: int) -> Reviewed:
    """Return a round's change. Raise NotFoundError where it has none with that id."""
    found = next((one for one in list_reviewed(session, round_id) if one.id == change), None)
    if found is None:
        raise NotFoundError.of("no-such-change", f"The round has no change {change}.")
    return found


def list_remarks(session: Session, round_id: int) -> Sequence[RemarkRow]:
    """Return the comments that stand in a round's file, in its order."""
    return session.scalars(
        select(RemarkRow).where(RemarkRow.round_id == round_id).order_by(RemarkRow.position)
    ).all()


def answers_of(reviewed: Sequence[Reviewed]) -> dict[str, Answer]:
    """Return what holds on each change that was decided on, by its key."""
    return {one.item.key: one.answer for one in reviewed if one.answer is not None}


def item_of(row: ChangeRow) -> Item:
    """Return the change that a row holds."""
    return Item(
        key=row.key,
        kind=row.kind,
        is_tracked=row.is_tracked,
        is_open_to_us=row.is_open_to_us,
        place=place_of(row.place),
        old=row.old,
        new=row.new,
        author=row.author,
        date=row.date,
        at=row.at,
        inside=row.inside,
        move=row.move,
    )


def place_of(stored: Mapping[str, str | int | bool]) -> Place:
    """Return the place that stored data says."""
    instance, slash, name = str(stored.get("value", "")).partition("/")
    value = ValueRef(instance, name) if slash else None
    rest = {key: one for key, one in stored.items() if key != "value"}
    return Place(**rest, value=value)  # type: ignore[arg-type] # written by `place_data` alone


def _decisions(session: Session, round_id: int) -> Mapping[int, list[Decided]]:
    found: dict[int, list[Decided]] = {}
    rows = session.execute(
        select(ChangeDecisionRow, UserRow.name)
        .join(ChangeRow, ChangeRow.id == ChangeDecisionRow.change_id)
        .outerjoin(UserRow, UserRow.id == ChangeDecisionRow.decided_by)
        .where(ChangeRow.round_id == round_id)
        .order_by(ChangeDecisionRow.ordinal.desc())
    )
    for row, name in rows:
        by = name or "DealDesk"
        answer = Answer(Verdict(row.verdict), row.words, by, row.block_id, row.run)
        found.setdefault(row.change_id, []).append(
            Decided(row.ordinal, answer, row.reason, by, row.at)
        )
    return found


def _notes(session: Session, round_id: int) -> Mapping[int, list[Noted]]:
    found: dict[int, list[Noted]] = {}
    rows = session.execute(
        select(NoteRow, UserRow.name)
        .join(ChangeRow, ChangeRow.id == NoteRow.change_id)
        .outerjoin(UserRow, UserRow.id == NoteRow.written_by)
        .where(ChangeRow.round_id == round_id)
        .order_by(NoteRow.id.desc())
    )
    for row, name in rows:
        found.setdefault(row.change_id, []).append(Noted(row.text, name or "DealDesk", row.at))
    return found
