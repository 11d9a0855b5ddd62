"""Move a deal from stage to stage, with its event, or say everything that is in the way."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from dealdesk.audit.operations import record
from dealdesk.deals.lifecycle import TRANSITIONS, Readiness, StageAction, obstacles
from dealdesk.deals.models import DealRow, Stage
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import DomainError, RefusedError

LONGEST_REASON = 1000


def move_deal(  # noqa: PLR0913 - who moves which deal how, knowing what, when, and why
    session: Session,
    actor: Actor,
    deal: DealRow,
    action: StageAction,
    readiness: Readiness,
    *,
    now: datetime,
    reason: str = "",
) -> None:
    """Move a deal. Raise RefusedError with every obstacle, DomainError for a reason too long."""
    if len(reason) > LONGEST_REASON:
        raise DomainError.of("reason", f"A reason has up to {LONGEST_REASON:,} characters.")
    # Held until the end: of two that move a deal at once, the second sees what the first did.
    session.refresh(deal, with_for_update=True)
    before = Stage(deal.stage)
    found = obstacles(before, action, readiness)
    if found:
        raise RefusedError(found)
    after = TRANSITIONS[before, action]
    deal.stage = after.value
    session.flush()
    facts = {"action": action.value, "from": before.value, "to": after.value}
    names: Mapping[str, str] = {"reason": reason} if reason else {}
    record(session, actor, deal.id, "deals:stage:moved", facts, names=names, now=now)
