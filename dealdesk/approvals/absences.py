"""Writes and reads of one's own absences: a period, and who decides meanwhile."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.approvals.policy import Policy
from dealdesk.approvals.request_models import AbsenceRow
from dealdesk.approvals.routing import may_stand_in
from dealdesk.audit.operations import record
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import DomainError, NotFoundError, Problem
from dealdesk.kernel.hashing import Json

STREAM = "approvals"
LONGEST = timedelta(days=366)
FARTHEST = timedelta(days=2 * 366)


class AbsenceError(DomainError):
    """An absence can't be as it was asked for; every reason is named."""


def refuse_far_days(days: Collection[date], now: datetime) -> None:
    """Raise AbsenceError where a day is too far ahead to be meant; no time can follow the last."""
    if any(day > now.date() + FARTHEST for day in days):
        raise AbsenceError.of(
            "too-far",
            "An absence begins and ends within the next two years.",
            remedy="Check the year.",
        )


def record_absence(  # noqa: PLR0913 - who is away from when to when, and who covers
    session: Session,
    actor: Actor,
    delegate: Actor | None,
    policy: Policy,
    *,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> AbsenceRow:
    """Record that the actor is away and who covers, if anybody.

    Without a cover, requests go on to the others of the role, or to who stands in by the policy.
    Raise AbsenceError with all that is wrong. The same absence told twice is recorded once.
    """
    by = delegate.id if delegate else None
    known = [row for row in list_absences(session, actor, now) if row.ends_at > starts_at]
    for row in known:
        if (row.starts_at, row.ends_at, row.delegate_id) == (starts_at, ends_at, by):
            return row
    problems = [*_period_problems(starts_at, ends_at, now)]
    problems += delegate_problems(actor, delegate, policy) if delegate else []
    problems += [
        Problem(
            "overlaps",
            f"You are away from {row.starts_at:%d %b %Y} to {row.ends_at:%d %b %Y} already.",
            remedy="End that absence first.",
        )
        for row in known
        if row.starts_at < ends_at
    ]
    if problems:
        raise AbsenceError(problems)
    row = AbsenceRow(
        user_id=actor.id,
        delegate_id=by,
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=now,
    )
    session.add(row)
    session.flush()
    facts: dict[str, Json] = {
        "absence": row.id,
        "delegate": by,
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
    }
    record(session, actor, STREAM, "approvals:absence:recorded", facts, now=now)
    return row


def end_absence(session: Session, actor: Actor, number: int, now: datetime) -> None:
    """End one's absence. Raise NotFoundError where it is over, or another person's."""
    row = next((one for one in list_absences(session, actor, now) if one.id == number), None)
    if row is None:
        raise NotFoundError.of("no-such-absence", "You have no such absence.")
    row.ended_at = now
    session.flush()
    record(session, actor, STREAM, "approvals:absence:ended", {"absence": number}, now=now)


def list_absences(session: Session, actor: Actor, now: datetime) -> Sequence[AbsenceRow]:
    """Return the actor's absences that are on or to come."""
    return session.scalars(
        select(AbsenceRow)
        .where(
            AbsenceRow.user_id == actor.id,
            AbsenceRow.ended_at.is_(None),
            AbsenceRow.ends_at > now,
        )
        .order_by(AbsenceRow.starts_at)
    ).all()


def delegate_problems(actor: Actor, delegate: Actor, policy: Policy) -> list[Problem]:
    """Return what keeps somebody from covering for all the actor's roles that decide."""
    if delegate.id == actor.id:
        return [Problem("oneself", "Nobody covers for themself.", remedy="Choose another person.")]
    return [
        Problem(
            "not-the-role",
            f"{delegate.name} does not hold {policy.title_of(role)}, and the policy lets"
            f" {_allowed(role, policy)} stand in for it.",
            remedy="Choose another person.",
        )
        for role in sorted(actor.roles)
        if role in policy.roles and not may_stand_in(delegate.roles, role, policy)
    ]


def _allowed(role: str, policy: Policy) -> str:
    titles = [policy.title_of(one) for one in policy.stand_ins.get(role, ())]
    return " or ".join(titles) if titles else "nobody else"


def _period_problems(starts_at: datetime, ends_at: datetime, now: datetime) -> list[Problem]:
    if ends_at <= starts_at:
        return [Problem("period", "The last day is before the first.", remedy="Turn them round.")]
    if ends_at <= now:
        return [Problem("period", "That time is over.", remedy="Give days to come.")]
    if ends_at - starts_at > LONGEST:
        return [Problem("period", "An absence lasts a year at most.", remedy="Give fewer days.")]
    return []
