"""Reads of decisions."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.approvals.models import DecisionRow
from dealdesk.deals.deal import Decision, SeenReason, Verdict


def list_decisions(session: Session, deal_id: int) -> tuple[Decision, ...]:
    """Return a deal's decisions in the order in which they were made."""
    rows = session.scalars(
        select(DecisionRow)
        .where(DecisionRow.deal_id == deal_id)
        .order_by(DecisionRow.at, DecisionRow.id)
    )
    return tuple(_decision(row) for row in rows)


def list_all_decisions(
    session: Session, deal_ids: Collection[int] | None = None
) -> dict[int, tuple[Decision, ...]]:
    """Return every deal's decisions, or the named ones', as they were made, by the deal's id."""
    wanted = select(DecisionRow).order_by(DecisionRow.at, DecisionRow.id)
    if deal_ids is not None:
        wanted = wanted.where(DecisionRow.deal_id.in_(deal_ids))
    rows = session.scalars(wanted)
    found: dict[int, tuple[Decision, ...]] = {}
    for row in rows:
        found[row.deal_id] = (*found.get(row.deal_id, ()), _decision(row))
    return found


def _decision(row: DecisionRow) -> Decision:
    return Decision(
        role=row.role,
        person=row.person,
        verdict=Verdict(row.verdict),
        at=row.at,
        policy=row.policy,
        seen=tuple(SeenReason(**seen) for seen in row.seen),
        conditions=row.conditions,
        expires_at=row.expires_at,
        person_id=row.user_id,
    )
