"""Time limits kept by a timer: who is late is reminded, then those above are told."""

import logging
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.approvals.deadlines import action_due
from dealdesk.approvals.lifecycle import RequestAction, RequestState
from dealdesk.approvals.policy_models import PolicyVersionRow
from dealdesk.approvals.request_models import RequestRow, SubmissionRow
from dealdesk.approvals.requests import mark_timed
from dealdesk.deals.lifecycle import CLOSED
from dealdesk.deals.models import DealRow
from dealdesk.identity.actors import SYSTEM
from dealdesk.kernel.errors import DomainError
from dealdesk.workflows.approval_mail import tell_late, told_of
from dealdesk.workflows.approval_routing import above
from dealdesk.workflows.approval_work import Act, Desk, load_desk
from dealdesk.workflows.deal_rulebook import Rules, with_policy
from dealdesk.workflows.stored_deals import StoredDeal, load_stored_deal

MOST_AT_ONCE = 200
_log = logging.getLogger(__name__)


def keep_limits(session: Session, rules: Rules, now: datetime, address: str = "") -> int:
    """Remind and escalate what is late by now, each once, and return how many were.

    Only what has something due now is locked and its deal read: most of what is late was reminded
    and waits to be escalated, or has nobody above. A deal that can't be read is left for the next
    time; the others don't wait for it.
    """
    due = [*_due_now(session, rules, now)]
    if not due:
        return 0
    act, desk, done = Act(session, rules, SYSTEM, now, address), load_desk(session, now), 0
    for number in due:
        if done >= MOST_AT_ONCE:
            break
        found = session.execute(
            select(RequestRow, DealRow)
            .join(DealRow, DealRow.id == RequestRow.deal_id)
            .where(RequestRow.id == number, RequestRow.state == RequestState.OPEN.value)
            .with_for_update(of=RequestRow, skip_locked=True)
        ).one_or_none()
        if found is None:
            continue
        row, deal = found
        try:
            stored = load_stored_deal(session, deal, rules, now)
        except DomainError as error:
            _log.warning("Nobody is told of request %s on %s: %s", row.id, deal.number, error)
            continue
        done += _keep(act, desk, stored, row)
    return done


def _due_now(session: Session, rules: Rules, now: datetime) -> Iterator[int]:
    """Yield the requests whose timer has something to do, told from when they are due alone."""
    late = session.execute(
        select(
            RequestRow.id,
            RequestRow.role,
            RequestRow.due_at,
            RequestRow.reminded_at,
            SubmissionRow.policy_version_id,
        )
        .join(DealRow, DealRow.id == RequestRow.deal_id)
        .join(SubmissionRow, SubmissionRow.id == RequestRow.submission_id)
        .where(
            RequestRow.state == RequestState.OPEN.value,
            RequestRow.due_at <= now,
            RequestRow.escalated_at.is_(None),
            DealRow.stage.not_in(sorted(CLOSED)),
        )
        # Those who were not reminded yet come first, whoever else waits to be escalated.
        .order_by(RequestRow.reminded_at.is_not(None), RequestRow.due_at)
    ).all()
    texts = session.execute(
        select(PolicyVersionRow.id, PolicyVersionRow.text).where(
            PolicyVersionRow.id.in_({row.policy_version_id for row in late})
        )
    )
    policies = {number: with_policy(rules, text).policy for number, text in texts}
    for row in late:
        action = row.due_at and action_due(
            row.due_at,
            row.role,
            policies[row.policy_version_id],
            now,
            is_reminded=row.reminded_at is not None,
            is_escalated=False,
        )
        if action is not None:
            yield row.id


def _keep(act: Act, desk: Desk, stored: StoredDeal, row: RequestRow) -> bool:
    if row.due_at is None:
        return False
    action = action_due(
        row.due_at,
        row.role,
        stored.quote.policy,
        act.now,
        is_reminded=row.reminded_at is not None,
        is_escalated=row.escalated_at is not None,
    )
    if action is None:
        return False
    people = (
        told_of(desk, stored, row)
        if action is RequestAction.REMIND
        else above(desk, stored.quote.policy, row.role)
    )
    told = [person.id for person in people]
    mark_timed(act.session, act.actor, row, action, now=act.now, told=told)
    tell_late(act, stored, row, people, is_escalated=action is RequestAction.ESCALATE)
    return True
