"""Reads of submissions, requests, what was said on them, and absences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, false, func, or_, select, text, true
from sqlalchemy.orm import Session

from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.approvals.lifecycle import LIVE, RequestState
from dealdesk.approvals.models import DecisionRow
from dealdesk.approvals.policy import Policy
from dealdesk.approvals.policy_models import PolicyVersionRow
from dealdesk.approvals.request_models import (
    IS_ASKED,
    AbsenceRow,
    MessageRow,
    RequestRow,
    SubmissionRow,
)
from dealdesk.approvals.routing import DECIDE, Absence, covered_for, in_role
from dealdesk.deals.lifecycle import CLOSED
from dealdesk.deals.models import DealRow
from dealdesk.deals.queries import READ, visible
from dealdesk.identity.actors import Actor
from dealdesk.identity.models import UserRoleRow, UserRow
from dealdesk.identity.permissions import Owned, Scope, scope_of
from dealdesk.kernel.errors import NotFoundError

MOST_LISTED = 100
_IS_ASKED = text(f"approval_request.{IS_ASKED}")
# Row by row: a join would have the database walk through all deals first.
_ON_OPEN_DEALS = (
    select(DealRow.id)
    .where(DealRow.id == RequestRow.deal_id, DealRow.stage.not_in(sorted(CLOSED)))
    .exists()
)


@dataclass(frozen=True, slots=True)
class Submission:
    """The submission that stands: who asks for what under which policy, since when."""

    id: int
    deal_id: int
    version_id: int
    submitter_id: int
    submitter: str
    note: str
    at: datetime
    policy_key: str
    policy_text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A question or an answer, and who said it."""

    request_id: int
    kind: str
    person: str
    text: str
    at: datetime


def find_submission(session: Session, deal_id: int) -> Submission | None:
    """Return a deal's last submission, or None where there is none or it was withdrawn."""
    return find_submissions(session, [deal_id]).get(deal_id)


def find_submissions(session: Session, deal_ids: Sequence[int] | None) -> dict[int, Submission]:
    """Return the last submission of each deal that has one that stands, in one statement."""
    wanted = (
        select(SubmissionRow, UserRow.name, PolicyVersionRow.key, PolicyVersionRow.text)
        .join(UserRow, UserRow.id == SubmissionRow.submitter_id)
        .join(PolicyVersionRow, PolicyVersionRow.id == SubmissionRow.policy_version_id)
        .order_by(SubmissionRow.id)
    )
    if deal_ids is not None:
        wanted = wanted.where(SubmissionRow.deal_id.in_(deal_ids))
    found: dict[int, Submission] = {}
    for row, submitter, key, policy in session.execute(wanted):
        if row.withdrawn_at is not None:
            found.pop(row.deal_id, None)
            continue
        found[row.deal_id] = Submission(
            id=row.id,
            deal_id=row.deal_id,
            version_id=row.version_id,
            submitter_id=row.submitter_id,
            submitter=submitter,
            note=row.note,
            at=row.at,
            policy_key=key,
            policy_text=policy,
        )
    return found


def get_submission(session: Session, number: int) -> SubmissionRow:
    """Return a submission. Raise NotFoundError where there is none."""
    row = session.get(SubmissionRow, number)
    if row is None:
        raise NotFoundError.of("no-such-submission", f"There is no submission {number}.")
    return row


def list_requests(session: Session, deal_id: int) -> Sequence[RequestRow]:
    """Return a deal's requests in the order in which they were made."""
    return session.scalars(
        select(RequestRow).where(RequestRow.deal_id == deal_id).order_by(RequestRow.id)
    ).all()


def get_deal_request(session: Session, deal_id: int, number: int) -> RequestRow:
    """Return a request of a deal, held against others. Raise NotFoundError where it has none."""
    row = session.scalar(
        select(RequestRow)
        .where(RequestRow.id == number, RequestRow.deal_id == deal_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFoundError.of("no-such-request", f"There is no request {number} here.")
    return row


def successor_of(row: RequestRow, rows: Sequence[RequestRow]) -> RequestRow | None:
    """Return the request in which a superseded one's role is asked now, of a deal's; or None."""
    if row.state != RequestState.SUPERSEDED.value:
        return None
    found = (one for one in reversed(rows) if (one.role, one.kind) == (row.role, row.kind))
    last = next(found, row)
    return last if RequestState(last.state) in LIVE else None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with its deal, and the team of the deal's owner."""

    request: RequestRow
    deal: DealRow
    team: int | None = None

    @property
    def owned(self) -> Owned:
        """Whose the deal is."""
        return Owned(self.deal.owner_id, self.team)


def get_request(  # noqa: PLR0913 - who loads what under which policy, when, and to write or not
    session: Session,
    number: int,
    *,
    actor: Actor,
    policy: Policy,
    away: Sequence[Absence],
    writes: bool = False,
) -> Asked:
    """Return a request that the actor may read as one who decides.

    Raise NotFoundError where there is none, or none for the actor: the two look alike.
    """
    wanted = (
        select(RequestRow, DealRow, UserRow.team_id)
        .join(DealRow, DealRow.id == RequestRow.deal_id)
        .outerjoin(UserRow, UserRow.id == DealRow.owner_id)
        .where(RequestRow.id == number, _readable(actor, policy, away))
    )
    if writes:
        wanted = wanted.with_for_update(of=RequestRow).execution_options(populate_existing=True)
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotFoundError.of("no-such-request", f"There is no request {number}.")
    return Asked(*found)


def list_asked(
    session: Session, *, actor: Actor, policy: Policy, away: Sequence[Absence]
) -> Sequence[Asked]:
    """Return what waits on the actor or on those they cover for, the first due first.

    More than `MOST_LISTED` are cut off: who has so many decides on the first ones first.
    """
    return _asked(session, _waits_on(actor, policy, away))


def find_first_asked(
    session: Session, count: int, *, actor: Actor, policy: Policy, away: Sequence[Absence]
) -> tuple[Sequence[Asked], int]:
    """Return the first so many of what waits on the actor, and how much waits in all."""
    mine = _waits_on(actor, policy, away)
    total = (
        session.scalar(select(func.count(RequestRow.id)).where(_IS_ASKED, mine, _ON_OPEN_DEALS))
        or 0
    )
    return _asked(session, mine, count) if total else (), total


def _waits_on(actor: Actor, policy: Policy, away: Sequence[Absence]) -> ColumnElement[bool]:
    return or_(_held(actor), _handed(actor, policy, away))


def _held(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for what is asked in the actor's own roles, where each decides."""
    wide: list[str] = []
    narrow: list[str] = []
    for role in sorted(actor.roles):
        is_wide = scope_of(in_role(actor, role), DECIDE) is Scope.ALL
        (wide if is_wide else narrow).append(role)
    return or_(RequestRow.role.in_(wide), *(_in_role(actor, role) for role in narrow))


def _in_role(actor: Actor, role: str) -> ColumnElement[bool]:
    one = in_role(actor, role)
    if scope_of(one, DECIDE) is None:
        return false()
    return (RequestRow.role == role) & _on_deals(one, DECIDE)


def list_escalated(session: Session, *, actor: Actor, policy: Policy) -> Sequence[Asked]:
    """Return what others let run over and what the actor, as one above them, was told of."""
    above = [role for role in policy.roles if actor.has(*policy.limit_of(role).escalate_to)]
    below = sorted(set(above) - actor.roles)
    if not below:
        return []
    return _asked(
        session,
        RequestRow.escalated_at.is_not(None) & RequestRow.role.in_(below) & _on_deals(actor, READ),
    )


def _asked(
    session: Session, condition: ColumnElement[bool], count: int = MOST_LISTED
) -> Sequence[Asked]:
    """Return requests that are asked now with their deals, in two statements.

    In one, SQLite would walk through all deals to their requests, the settled ones included.
    """
    rows = session.scalars(
        select(RequestRow)
        .where(_IS_ASKED, condition, _ON_OPEN_DEALS)
        .order_by(RequestRow.due_at, RequestRow.id)
        .limit(count)
    ).all()
    ids = {row.deal_id for row in rows}
    found = session.execute(
        select(DealRow, UserRow.team_id)
        .outerjoin(UserRow, UserRow.id == DealRow.owner_id)
        .where(DealRow.id.in_(ids))
    )
    deals = {deal.id: (deal, team) for deal, team in found}
    return [Asked(row, *deals[row.deal_id]) for row in rows]


def _on_deals(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Return the condition that leaves requests on deals where the actor has the permission."""
    if scope_of(actor, permission) is Scope.ALL:
        return true()
    return RequestRow.deal_id.in_(select(DealRow.id).where(visible(actor, permission)))


def _readable(actor: Actor, policy: Policy, away: Sequence[Absence]) -> ColumnElement[bool]:
    return or_(visible(actor, DECIDE), _handed(actor, policy, away))


def _handed(actor: Actor, policy: Policy, away: Sequence[Absence]) -> ColumnElement[bool]:
    """Return the condition for what others gave the actor, and what those away would decide on."""
    covered = (_in_role(absent, role) for absent, role in covered_for(actor, policy, away))
    return or_(RequestRow.delegate_id == actor.id, *covered)


@dataclass(frozen=True, slots=True)
class LastWord:
    """The last decision of a person, or else of a role, and the version that it was about."""

    person: str
    verdict: str
    at: datetime
    is_own: bool
    version: AgreementVersionRow


def find_last_word(session: Session, deal_id: int, role: str, actor: Actor) -> LastWord | None:
    """Return the actor's last decision on the deal, else the role's, or None."""
    is_own = DecisionRow.user_id == actor.id
    found = session.execute(
        select(DecisionRow, AgreementVersionRow)
        .join(RequestRow, RequestRow.id == DecisionRow.request_id)
        .join(AgreementVersionRow, AgreementVersionRow.id == RequestRow.version_id)
        .where(DecisionRow.deal_id == deal_id, or_(is_own, DecisionRow.role == role))
        .order_by(case((is_own, 0), else_=1), DecisionRow.at.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    decision, version = found
    return LastWord(
        decision.person,
        decision.verdict,
        decision.at,
        decision.user_id == actor.id,
        version,
    )


def list_said(session: Session, requests: Sequence[int]) -> Mapping[int, Sequence[Said]]:
    """Return what was said on requests, by request, in the order in which it was said."""
    found: dict[int, list[Said]] = {}
    if not requests:
        return found
    rows = session.execute(
        select(MessageRow, UserRow.name)
        .join(UserRow, UserRow.id == MessageRow.person_id)
        .where(MessageRow.request_id.in_(requests))
        .order_by(MessageRow.id)
    )
    for row, name in rows:
        said = Said(row.request_id, row.kind, name, row.text, row.at)
        found.setdefault(row.request_id, []).append(said)
    return found


def list_away(session: Session, now: datetime) -> tuple[Absence, ...]:
    """Return who is away now and who covers for them, in one statement."""
    return _absences(
        session,
        AbsenceRow.ended_at.is_(None) & (AbsenceRow.starts_at <= now) & (AbsenceRow.ends_at > now),
    )


def _absences(session: Session, condition: ColumnElement[bool]) -> tuple[Absence, ...]:
    cover = UserRow.__table__.alias("cover")
    rows = session.execute(
        select(
            AbsenceRow, UserRow.name, UserRow.team_id, cover.c.id, cover.c.name, UserRoleRow.role
        )
        .join(UserRow, UserRow.id == AbsenceRow.user_id)
        # Somebody who left covers no more.
        .outerjoin(cover, (cover.c.id == AbsenceRow.delegate_id) & cover.c.deactivated_at.is_(None))
        .outerjoin(UserRoleRow, UserRoleRow.user_id == AbsenceRow.user_id)
        .where(condition)
        .order_by(AbsenceRow.starts_at, AbsenceRow.id)
    ).all()
    roles: dict[int, set[str]] = {}
    for row, *_, role in rows:
        roles.setdefault(row.id, set()).update([role] if role else [])
    kept = {row.id: (row, name, team, by, by_name) for row, name, team, by, by_name, _ in rows}
    return tuple(
        Absence(
            user=row.user_id,
            name=name,
            roles=frozenset(roles[row.id]),
            delegate=by,
            delegate_name=by_name or "",
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            team=team,
        )
        for row, name, team, by, by_name in kept.values()
    )
