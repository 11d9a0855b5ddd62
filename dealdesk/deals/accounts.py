"""Accounts: the customers that deals are made with, each its owner's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from dealdesk.audit.operations import record
from dealdesk.deals.deal_file import PARTY_KEYS, read_party
from dealdesk.deals.models import AccountRow, ContactRow, DealRow
from dealdesk.deals.party_checks import party_problems
from dealdesk.deals.queries import CREATE, READ, owned, visible
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import ConflictError, NotFoundError
from dealdesk.kernel.fields import Fields
from dealdesk.kernel.located_yaml import Data, Located

PAGE = 50
DETAILS = ("name", "form", "address", "country", "registration", "tax_id")


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account as a list shows it, with how many deals it has that the reader may see."""

    id: int
    name: str
    country: str
    deals: int


def get_account(session: Session, number: int, *, actor: Actor) -> AccountRow:
    """Return an account. Raise NotFoundError where there is none, or none for the actor."""
    row = session.scalar(
        select(AccountRow).where(AccountRow.id == number, owned(AccountRow.owner_id, actor, CREATE))
    )
    if row is None:
        raise NotFoundError.of("no-such-account", f"There is no account {number}.")
    return row


def list_accounts(
    session: Session, *, actor: Actor, search: str = "", page: int = 1
) -> tuple[Sequence[AccountLine], int]:
    """Return a page of the actor's accounts by name, and how many there are in all."""
    mine = [owned(AccountRow.owner_id, actor, CREATE)]
    # SQLite lowers ASCII alone, so that other letters are looked for as they were typed too.
    mine += [
        or_(
            func.lower(AccountRow.name).contains(word.casefold(), autoescape=True),
            AccountRow.name.contains(word, autoescape=True),
        )
        for word in search.split()[:8]
    ]
    total = session.scalar(select(func.count()).select_from(AccountRow).where(*mine)) or 0
    count = (
        select(func.count())
        .where(DealRow.account_id == AccountRow.id, visible(actor, READ))
        .scalar_subquery()
    )
    rows = session.execute(
        select(AccountRow.id, AccountRow.name, AccountRow.country, count)
        .where(*mine)
        .order_by(func.lower(AccountRow.name), AccountRow.id)
        .limit(PAGE)
        .offset((max(page, 1) - 1) * PAGE)
    )
    return [AccountLine(*row) for row in rows], total


def list_account_deals(session: Session, account: AccountRow, *, actor: Actor) -> Sequence[DealRow]:
    """Return the account's deals that the actor may see, the newest first."""
    return session.scalars(
        select(DealRow)
        .where(DealRow.account_id == account.id, visible(actor, READ))
        .order_by(DealRow.created_at.desc(), DealRow.id.desc())
        .limit(PAGE)
    ).all()


def add_account(
    session: Session, actor: Actor, details: Mapping[str, str], form_key: str, now: datetime
) -> AccountRow:
    """Add an account of the actor's; the same form sent twice gives the same account.

    Raise DomainError with every fault, each at the field's name.
    """
    known = session.scalar(
        select(AccountRow).where(AccountRow.form_key == form_key, AccountRow.owner_id == actor.id)
    )
    if known is not None:
        return known
    row = AccountRow(owner_id=actor.id, created_at=now, form_key=form_key)
    _fill(row, details)
    session.add(row)
    session.flush()
    record(session, actor, f"account:{row.id}", "deals:account:added", {"account": row.id}, now=now)
    return row


def change_account(  # noqa: PLR0913 - who changes what, on the sight of what, when
    session: Session,
    actor: Actor,
    number: int,
    details: Mapping[str, str],
    *,
    seen: int,
    now: datetime,
) -> AccountRow:
    """Change an account's details; deals made before keep their copy.

    Raise ConflictError where somebody changed it since `seen`, DomainError with every fault.
    """
    row = get_account(session, number, actor=actor)
    _fill(row, details)
    if not session.is_modified(row):
        return row
    _check_seen(row, seen)
    _flush(session, row.name)
    record(
        session, actor, f"account:{row.id}", "deals:account:changed", {"account": row.id}, now=now
    )
    return row


def party_data(account: AccountRow, contacts: Sequence[ContactRow]) -> dict[str, Data]:
    """Return the customer of a new deal: the account's details and who signs for it."""
    data: dict[str, Data] = {key: getattr(account, key) for key in DETAILS}
    signer = next((one for one in contacts if one.is_signer), None)
    if signer is not None:
        data["signer"] = {"name": signer.name, "title": signer.title, "email": signer.email}
    return without_blanks(data)


def _fill(row: AccountRow, details: Mapping[str, str]) -> None:
    given: dict[str, Data] = {key: details.get(key, "").strip() for key in DETAILS}
    fields = Fields.root(Located("", without_blanks(given), {}), PARTY_KEYS)
    party = read_party(fields)
    fields.problems.extend(party_problems(party))
    fields.raise_problems()
    for key in DETAILS:
        setattr(row, key, getattr(party, key))


def without_blanks(data: Mapping[str, Data]) -> dict[str, Data]:
    """Return the details that say something."""
    return {key: value for key, value in data.items() if value}


def _check_seen(row: AccountRow, seen: int) -> None:
    if row.revision != seen:
        raise _changed(row.name)


def _flush(session: Session, name: str) -> None:
    try:
        session.flush()
    except StaleDataError as error:
        raise _changed(name) from error


def _changed(name: str) -> ConflictError:
    return ConflictError.of(
        "account-changed",
        f"Somebody changed “{name}” while you were changing it.",
        remedy="What you typed stands below; compare it with the account and save again.",
    )
