"""Seed a believable company: accounts, deals and decisions by the product's own operations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.approvals.lifecycle import Kind, RequestState
from dealdesk.approvals.request_models import RequestRow
from dealdesk.approvals.request_queries import list_requests
from dealdesk.deals.accounts import add_account, party_data
from dealdesk.deals.contacts import add_contact, list_contacts
from dealdesk.deals.deal import Verdict
from dealdesk.deals.editing import DealData, choose_position
from dealdesk.deals.lifecycle import Readiness, StageAction
from dealdesk.deals.models import AccountRow
from dealdesk.deals.moving import move_deal
from dealdesk.deals.new_deal import FirstOrder, new_deal
from dealdesk.deals.seller import load_seller
from dealdesk.identity.queries import Person, list_people
from dealdesk.kernel.errors import RefusedError
from dealdesk.outbox.operations import drop_promised
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.company_file import read_company
from dealdesk.workflows.company_plan import Outcome, PlannedDeal, plan_deals
from dealdesk.workflows.deal_rulebook import Rules
from dealdesk.workflows.request_checks import Seen
from dealdesk.workflows.request_deciding import Said, decide
from dealdesk.workflows.starting import Beginning, start_deal
from dealdesk.workflows.stored_deals import StoredDeal, load_stored_deal
from dealdesk.workflows.submitting import submit_deal

_STAGES: Mapping[Outcome, tuple[StageAction, ...]] = {
    Outcome.NEGOTIATION: (StageAction.SEND,),
    Outcome.SIGNATURE: (StageAction.SEND, StageAction.PREPARE),
    Outcome.SIGNED: (StageAction.SEND, StageAction.PREPARE, StageAction.SEAL),
    Outcome.LOST: (StageAction.SEND, StageAction.LOSE),
}
_WHY = "Part of the demo's history; its documents are made when somebody asks for them."
_WORDS = (
    "",
    "",
    "",
    "Fine for this customer.",
    "Only for the first term.",
    "As agreed on the call.",
)
_NO = "Too far from what we can carry; come back with a shorter term."


@dataclass(frozen=True, slots=True)
class Company:
    """What was seeded: how many accounts and deals."""

    accounts: int
    deals: int


def seed_company(session: Session, rules: Rules, path: Path, now: datetime) -> Company:
    """Seed the accounts of a file and sixty deals over eighteen months, once.

    Everything goes through the operations that people use, by people of the demo, at past times.
    Nobody is told of it, and files that a version promises are dropped: nobody waits for them.
    """
    # People of the demo alone: nobody real is to have decided anything that they never saw.
    people = [one for one in list_people(session) if one.is_persona]
    sellers = [one for one in people if "account_executive" in one.roles]
    if not sellers or session.scalar(select(AccountRow.id).limit(1)) is not None:
        return Company(0, 0)
    accounts = _seed_accounts(session, sellers, path, now - timedelta(days=560))
    names = [account.name for account, _ in accounts]
    count = 0
    for index, planned in enumerate(plan_deals(names, now)):
        account, owner = accounts[planned.account]
        act = Act(session, rules, owner.actor, planned.at, is_history=True)
        count += _seed_deal(act, planned, account, people, f"demo-{index}", until=now)
    drop_promised(session)
    return Company(len(accounts), count)


def _seed_accounts(
    session: Session, sellers: Sequence[Person], path: Path, at: datetime
) -> list[tuple[AccountRow, Person]]:
    found = []
    for index, one in enumerate(read_company(path)):
        owner = sellers[index % len(sellers)]
        row = add_account(session, owner.actor, one.details, f"demo-{index}", at)
        add_contact(session, owner.actor, row.id, one.contact, is_signer=True, now=at)
        found.append((row, owner))
    return found


def _seed_deal(  # noqa: PLR0913, PLR0917 - whose deal, of what plan, for whom, decided by whom, until when
    act: Act,
    planned: PlannedDeal,
    account: AccountRow,
    people: Sequence[Person],
    key: str,
    until: datetime,
) -> int:
    """Start a deal, ask for approval, decide and move it, as far as the plan says."""
    beginning = Beginning("Started from a plan", key, account.id)
    row = start_deal(act, _data(act, planned, account), beginning)
    if planned.outcome is Outcome.DRAFT:
        return 1
    stored = load_stored_deal(act.session, row, act.rules, act.now)
    act = replace(act, now=min(act.now + timedelta(hours=2 + planned.pace), until))
    if not stored.quote.standing.is_clear:
        stored = _decided(act, stored, planned, people, until)
    if stored.quote.standing.is_clear:
        _move(act, stored, planned, until)
    return 1


def _data(act: Act, planned: PlannedDeal, account: AccountRow) -> DealData:
    customer = party_data(account, list_contacts(act.session, account))
    start = (planned.at + timedelta(days=40)).date().replace(day=1)
    order = FirstOrder(
        start=start.isoformat(),
        months=planned.months,
        currency="USD",
        lines=planned.lines,
        payment_days=planned.payment_days,
    )
    seller = load_seller(act.rules.folder / "seller.yaml")
    data = {**new_deal(planned.title, seller, customer, "enterprise", order), "tier": planned.tier}
    for instance, position in planned.deviations:
        data = choose_position(data, instance, position, {})
    return data


def _decided(
    act: Act,
    stored: StoredDeal,
    planned: PlannedDeal,
    people: Sequence[Person],
    until: datetime,
) -> StoredDeal:
    """Submit a deal and have those decide who may, until the plan says stop."""
    try:
        submitted = submit_deal(act, stored, "", seen_version=stored.version_row.number)
    except RefusedError:
        return stored  # a walk-away position: the demo shows one that nobody excepted
    if planned.outcome is Outcome.ASKED:
        return submitted.stored
    found, at, turn = act.reload(stored), act.now, 0
    while (row := _open_request(act, found)) is not None:
        decider = _decider(people, row.role, found)
        if decider is None:
            return found
        turn += 1
        at = min(at + timedelta(hours=planned.pace * (1 + turn % 3)), until)
        verdict, words = Verdict.APPROVED, _WORDS[(turn + found.row.id) % len(_WORDS)]
        if planned.outcome is Outcome.REJECTED:
            verdict, words = Verdict.REJECTED, _NO
        step = replace(act, actor=decider.actor, now=at)
        seen = Seen(row.revision, found.version_row.number)
        found = decide(step, found, row, Said(verdict, words), seen)
        if planned.outcome in {Outcome.PARTLY, Outcome.REJECTED}:
            return found
    return found


def _open_request(act: Act, stored: StoredDeal) -> RequestRow | None:
    return next(
        (
            row
            for row in list_requests(act.session, stored.row.id)
            if row.state == RequestState.OPEN.value and row.kind == Kind.APPROVAL.value
        ),
        None,
    )


def _decider(people: Sequence[Person], role: str, stored: StoredDeal) -> Person | None:
    """Return a person of the demo who holds the role and may decide on this seller's deals."""
    owner = next((one for one in people if one.id == stored.row.owner_id), None)
    holders = [one for one in people if role in one.roles and one.id != stored.row.owner_id]
    team = owner.team if owner else None
    same = [one for one in holders if one.team == team]
    return next(iter(same or holders), None)


def _move(act: Act, stored: StoredDeal, planned: PlannedDeal, until: datetime) -> None:
    """Move a decided deal through its stages; the files come at first view."""
    at = max((one.at for one in stored.quote.deal.decisions), default=act.now)
    for step, action in enumerate(_STAGES.get(planned.outcome, ()), start=1):
        at = min(at + timedelta(days=step * (1 + planned.pace / 2)), until)
        move_deal(act.session, act.actor, stored.row, action, Readiness({}), now=at, reason=_WHY)
