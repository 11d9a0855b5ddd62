"""Writes of decisions."""

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.approvals.models import DecisionRow
from dealdesk.deals.deal import Decision
from dealdesk.kernel.hashing import Json, sha256_json


def record_decision(session: Session, deal_id: int, decision: Decision) -> None:
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
            content_sha256=sha256,
        )
    )
    session.flush()
