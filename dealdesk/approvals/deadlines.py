"""When a role has to have decided, when it is reminded, and when those above are told."""

from datetime import datetime

from dealdesk.approvals.lifecycle import RequestAction
from dealdesk.approvals.policy import Policy
from dealdesk.terms.clock import BusinessTime, due, elapsed

HOUR = 3600


def due_from(asked_at: datetime, role: str, policy: Policy) -> datetime:
    """Return when a role that is asked now has to have decided, in business time."""
    return due(asked_at, BusinessTime(policy.limit_of(role).hours * HOUR), policy.calendar)


def escalation_of(due_at: datetime, role: str, policy: Policy) -> datetime:
    """Return when those above are told of a request that is due then."""
    seconds = policy.limit_of(role).escalate_hours * HOUR
    return due(due_at, BusinessTime(seconds), policy.calendar)


def resumed(due_at: datetime, paused_at: datetime, now: datetime, policy: Policy) -> datetime:
    """Return the new due time after the clock stood still from `paused_at` until now."""
    if paused_at >= due_at:
        return due_at
    left = elapsed(paused_at, due_at, policy.calendar)
    return due(now, BusinessTime(left), policy.calendar)


def action_due(  # noqa: PLR0913 - a request is due when, whose, by what, and was told how far
    due_at: datetime,
    role: str,
    policy: Policy,
    now: datetime,
    *,
    is_reminded: bool,
    is_escalated: bool,
) -> RequestAction | None:
    """Return what a request's timer has to do now: remind first, then escalate, or nothing."""
    if not is_reminded:
        return RequestAction.REMIND if now >= due_at else None
    if is_escalated or not policy.limit_of(role).escalate_to:
        return None
    return RequestAction.ESCALATE if now >= escalation_of(due_at, role, policy) else None
