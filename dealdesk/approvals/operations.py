"""Writes of decisions."""

from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.approvals.models import DecisionRow
from dealdesk.deals.deal import Decision
from dealdesk.kernel.hashing import Json, sha256_json


@dataclass(frozen=True, slots=True)
class Source:
    """Where a decision was made: on which request, by which person."""

    request_id: int | None = None
    user_id: int | None = None


FROM_FILE = Source()


def record_decision(
    session: Session, deal_id: int, decision: Decision, source: Source = FROM_FILE
) -> None:
    """Record a decision; the same one is recorded once, however often it is told."""
    seen = [asdict(reason) for reason in decision.seen]
    content: dict[str, Json] = {
        "role": decision.role,
        "person": decision.person,
        "verdict": decision.verdict.value,
        "conditions": decision.conditions,
        "policy": decision.policy,
        "seen": seen,
        "at": decision.at.isoformat(),
    }
    if decision.expires_at is not None:
        content["expires_at"] = decision.expires_at.isoformat()
    sha256 = sha256_json(content)
    known = select(DecisionRow.id).where(
        DecisionRow.deal_id == deal_id, DecisionRow.content_sha256 == sha256
    )
    if session.scalar(known) is not None:
        return
    session.add(
        DecisionRow(
            deal_id=deal_id,
            role=decision.role,
            person=decision.person,
            verdict=decision.verdict.value,
            conditions=decision.conditions,
            policy=decision.policy,
            seen=seen,
            at=decision.at,
            expires_at=decision.expires_at,
            request_id=source.request_id,
            user_id=source.user_id,
            content_sha256=sha256,
        )
    )
    session.flush()
