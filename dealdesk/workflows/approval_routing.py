"""A request that nobody of its role can decide goes on: to who stands in, else those above hear."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dealdesk.approvals.lifecycle import ASKED, RequestAction, RequestState
from dealdesk.approvals.policy import Policy
from dealdesk.approvals.request_models import RequestRow, SubmissionRow
from dealdesk.approvals.requests import hand_over, mark_timed
from dealdesk.approvals.routing import deciders, next_in_line, why_nobody
from dealdesk.deals.lifecycle import CLOSED
from dealdesk.deals.models import DealRow
from dealdesk.identity.actors import SYSTEM
from dealdesk.identity.permissions import Owned
from dealdesk.identity.queries import Person
from dealdesk.kernel.errors import DomainError
from dealdesk.workflows.approval_mail import tell_asked, tell_late
from dealdesk.workflows.approval_work import Act, Desk, load_desk, sellers
from dealdesk.workflows.deal_rulebook import Rules, rules_in_force
from dealdesk.workflows.request_checks import independence_faults
from dealdesk.workflows.stored_deals import StoredDeal, load_stored_deal

MOST_AT_ONCE = 50
_log = logging.getLogger(__name__)
ADMINISTRATOR = "administrator"


def keep_moving(act: Act, desk: Desk, stored: StoredDeal, rows: Iterable[RequestRow]) -> int:
    """Give each request that nobody can decide to who can, and return how many moved.

    The policy says who stands in for a role; where nobody is left, those above are told at once.
    Whoever holds the role decides as before when they are back.
    """
    return sum(_keep_moving(act, desk, stored, row) for row in rows)


def _keep_moving(act: Act, desk: Desk, stored: StoredDeal, row: RequestRow) -> bool:
    def may(person: Person) -> bool:
        return not independence_faults(person.actor, stored, row)

    policy, system = stored.quote.policy, SYSTEM
    if RequestState(row.state) not in ASKED:
        return False
    given = desk.person(row.delegate_id)
    if given is not None and _is_there(given, desk) and may(given):
        return False
    if any(may(one.person) for one in desk.deciders(stored, row.role)):
        if given is None:
            return False
        hand_over(act.session, system, row, None, act.now, why=f"{given.name} is not there.")
        return True
    why = why_nobody(row.role, policy, desk.people, desk.away, of=desk.owned(stored))
    line = next_in_line(row.role, policy, desk.people, desk.away)
    to = next((one for one in line if may(one)), None)
    if to is not None:
        hand_over(act.session, system, row, to.id, act.now, why=why)
        tell_asked(act, desk, stored, [row])
        return True
    return _tell_above(act, desk, stored, row)


def _is_there(person: Person, desk: Desk) -> bool:
    return person.deactivated_at is None and all(one.user != person.id for one in desk.away)


def _tell_above(act: Act, desk: Desk, stored: StoredDeal, row: RequestRow) -> bool:
    """Tell those above once that nobody can decide, whatever time is left; else administrators."""
    barred = sellers(stored)
    people = tuple(
        one for one in above(desk, stored.quote.policy, row.role) if one.id not in barred
    ) or tuple(one for one in desk.people if ADMINISTRATOR in one.roles)
    if row.escalated_at is not None or row.state != RequestState.OPEN.value or not people:
        return False
    told = [person.id for person in people]
    mark_timed(act.session, SYSTEM, row, RequestAction.ESCALATE, now=act.now, told=told)
    tell_late(act, stored, row, people, is_escalated=True)
    return True


def above(desk: Desk, policy: Policy, role: str) -> tuple[Person, ...]:
    """Return the active people whom the policy has told of what a role lets run over."""
    roles = set(policy.limit_of(role).escalate_to)
    return tuple(
        one for one in desk.people if one.deactivated_at is None and not roles.isdisjoint(one.roles)
    )


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What has to be known of a request before its deal is read."""

    number: int
    role: str
    delegate: int | None
    is_escalated: bool
    owner: int | None
    submitter: int


def keep_all_moving(session: Session, rules: Rules, now: datetime, address: str = "") -> int:
    """Give on what people who went away, or left, leave behind, and return how many moved.

    A deal is read only where something may have to move; one that can't be read is left for the
    next time.
    """
    desk, policy = load_desk(session, now), rules_in_force(session, rules, now).policy
    stuck = [one for one in _waiting(session, desk, policy) if _is_stuck(one, desk, policy)]
    moved = 0
    for one in stuck[:MOST_AT_ONCE]:
        found = session.execute(
            select(RequestRow, DealRow)
            .join(DealRow, DealRow.id == RequestRow.deal_id)
            .where(RequestRow.id == one.number, RequestRow.state.in_(sorted(ASKED)))
            .with_for_update(of=RequestRow, skip_locked=True)
        ).one_or_none()
        if found is None:
            continue
        try:
            stored = load_stored_deal(session, found[1], rules, now)
        except DomainError as error:
            _log.warning("Nobody is found for request %s: %s", one.number, error)
            continue
        act = Act(session, rules, SYSTEM, now, address, desk.away)
        moved += keep_moving(act, desk, stored, [found[0]])
    return moved


def _waiting(session: Session, desk: Desk, policy: Policy) -> Sequence[_Waiting]:
    """Return what is asked of roles that lack somebody now, or given to who is not there."""
    gone = {one.id for one in desk.people if not _is_there(one, desk)}
    there = [one for one in desk.people if one.id not in gone]
    short = {role for one in desk.people if one.id in gone for role in one.roles}
    short |= {role for role in policy.roles if not any(role in one.roles for one in there)}
    if not short:
        return []
    rows = session.execute(
        select(
            RequestRow.id,
            RequestRow.role,
            RequestRow.delegate_id,
            RequestRow.escalated_at.is_not(None),
            DealRow.owner_id,
            SubmissionRow.submitter_id,
        )
        .join(DealRow, DealRow.id == RequestRow.deal_id)
        .join(SubmissionRow, SubmissionRow.id == RequestRow.submission_id)
        .where(
            RequestRow.state.in_(sorted(ASKED)),
            DealRow.stage.not_in(sorted(CLOSED)),
            or_(RequestRow.role.in_(sorted(short)), RequestRow.delegate_id.in_(sorted(gone))),
        )
        .order_by(RequestRow.id)
    )
    return [_Waiting(*row) for row in rows]


def _is_stuck(one: _Waiting, desk: Desk, policy: Policy) -> bool:
    """Tell whether a request has nobody as far as can be said without its deal's text."""
    given = desk.person(one.delegate)
    if given is not None:
        return not _is_there(given, desk)
    barred = {one.submitter, *([one.owner] if one.owner is not None else [])}
    owner = desk.person(one.owner)
    of = Owned(one.owner, owner.team if owner else None)
    if any(deciders(one.role, policy, desk.people, desk.away, of=of, barred=barred)):
        return False
    return not one.is_escalated or any(_free(one, desk, policy, barred))


def _free(one: _Waiting, desk: Desk, policy: Policy, barred: set[int]) -> Iterator[Person]:
    line = next_in_line(one.role, policy, desk.people, desk.away)
    return (person for person in line if person.id not in barred)
