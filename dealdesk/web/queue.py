"""What waits on a person's decision, by deadline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint

from dealdesk.approvals.asks import reasons_of
from dealdesk.approvals.policy import Policy
from dealdesk.approvals.request_queries import (
    MOST_LISTED,
    Asked,
    find_first_asked,
    list_asked,
    list_away,
    list_escalated,
)
from dealdesk.approvals.routing import Absence, Capacity, capacity
from dealdesk.web.access import requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session
from dealdesk.web.request_cards import request_status
from dealdesk.web.standing import Status
from dealdesk.web.steps import rules_now
from dealdesk.web.visitors import current_actor

blueprint = Blueprint("queue", __name__, url_prefix="/queue")
DECIDE = "approvals:decision:record"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the queue."""

    asked: Asked
    role: str
    as_what: str
    status: Status
    reasons: tuple[str, ...]
    is_late: bool


@blueprint.get("")
@requires(DECIDE)
def list_page() -> str:
    """Show what waits on the person who asks, the first due first."""
    now, actor = desk().clock.now(), current_actor()
    policy = rules_now().policy
    away = list_away(session(), now)
    mine = list_asked(session(), actor=actor, policy=policy, away=away)
    above = list_escalated(session(), actor=actor, policy=policy)
    return page(
        "queue/list.html",
        "Queue",
        lines=[_line(one, policy, away, now) for one in mine],
        escalated=[_line(one, policy, away, now) for one in above],
        away=[one for one in away if one.user == actor.id],
        most=MOST_LISTED,
    )


def first_lines(count: int) -> tuple[list[Line], int]:
    """Return the first so many of what waits on the person who asks, and how much waits in all."""
    now, actor = desk().clock.now(), current_actor()
    policy = rules_now().policy
    away = list_away(session(), now)
    found, total = find_first_asked(session(), count, actor=actor, policy=policy, away=away)
    return [_line(one, policy, away, now) for one in found], total


def _line(one: Asked, policy: Policy, away: Sequence[Absence], now: datetime) -> Line:
    row = one.request
    return Line(
        asked=one,
        role=policy.title_of(row.role),
        as_what=_as_what(one, policy, away),
        status=request_status(row, now),
        reasons=tuple(reason.message for reason in reasons_of(row.reasons)),
        is_late=row.due_at is not None and row.due_at <= now,
    )


def _as_what(one: Asked, policy: Policy, away: Sequence[Absence]) -> str:
    actor, row = current_actor(), one.request
    match capacity(actor, row.role, policy, of=one.owned, delegate=row.delegate_id, away=away):
        case Capacity.DELEGATE:
            return "given to you"
        case Capacity.COVER:
            absent = [
                gone.name for gone in away if gone.delegate == actor.id and row.role in gone.roles
            ]
            return f"for {', '.join(absent)}, who is away"
        case Capacity.HOLDER if row.delegate_id not in {None, actor.id}:
            return "given to somebody else"
        case _:
            return ""
