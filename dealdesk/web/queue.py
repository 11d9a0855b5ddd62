"""What waits on a person's decision, by deadline."""

from collections.abc import Mapping, Sequence
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
from dealdesk.identity.queries import names_by_id
from dealdesk.web.access import requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session
from dealdesk.web.languages import gettext
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
        gettext("Queue"),
        lines=_lines(mine, policy, away, now),
        escalated=_lines(above, policy, away, now),
        away=[one for one in away if one.user == actor.id],
        most=MOST_LISTED,
    )


def first_lines(count: int) -> tuple[list[Line], int]:
    """Return the first so many of what waits on the person who asks, and how much waits in all."""
    now, actor = desk().clock.now(), current_actor()
    policy = rules_now().policy
    away = list_away(session(), now)
    found, total = find_first_asked(session(), count, actor=actor, policy=policy, away=away)
    return _lines(found, policy, away, now), total


def _lines(
    found: Sequence[Asked], policy: Policy, away: Sequence[Absence], now: datetime
) -> list[Line]:
    given = {one.request.delegate_id for one in found if one.request.delegate_id is not None}
    names = names_by_id(session(), given) if given else {}
    return [_line(one, policy, away, names, now) for one in found]


def _line(
    one: Asked,
    policy: Policy,
    away: Sequence[Absence],
    names: Mapping[int | None, str],
    now: datetime,
) -> Line:
    row = one.request
    return Line(
        asked=one,
        role=policy.title_of(row.role),
        as_what=_as_what(one, policy, away, names),
        status=request_status(row, now),
        reasons=tuple(reason.message for reason in reasons_of(row.reasons)),
        is_late=row.due_at is not None and row.due_at <= now,
    )


def _as_what(
    one: Asked, policy: Policy, away: Sequence[Absence], names: Mapping[int | None, str]
) -> str:
    """Return as what the person who asks has a request, and who else has it, and why."""
    actor, row = current_actor(), one.request
    why = f" {row.delegate_why}" if row.delegate_why else ""
    match capacity(actor, row.role, policy, of=one.owned, delegate=row.delegate_id, away=away):
        case Capacity.DELEGATE:
            return gettext("given to you.") + why
        case Capacity.COVER:
            absent = [
                gone.name for gone in away if gone.delegate == actor.id and row.role in gone.roles
            ]
            return gettext("for %(names)s, who is away", names=", ".join(absent))
        case _ if row.delegate_id not in {None, actor.id}:
            name = names.get(row.delegate_id, "")
            return gettext("given to %(name)s.", name=name) + why
        case _:
            return ""
