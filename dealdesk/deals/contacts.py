"""People at an account, and who of them signs."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dealdesk.audit.operations import record
from dealdesk.deals.accounts import get_account, without_blanks
from dealdesk.deals.deal_file import SIGNER_KEYS, read_signer
from dealdesk.deals.models import AccountRow, ContactRow
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import DomainError, NotFoundError
from dealdesk.kernel.fields import Fields
from dealdesk.kernel.located_yaml import Data, Located

MOST_CONTACTS = 200


def list_contacts(session: Session, account: AccountRow) -> Sequence[ContactRow]:
    """Return an account's contacts, who signs first, then by name."""
    return session.scalars(
        select(ContactRow)
        .where(ContactRow.account_id == account.id)
        .order_by(ContactRow.is_signer.desc(), func.lower(ContactRow.name), ContactRow.id)
    ).all()


def add_contact(  # noqa: PLR0913 - who adds whom to what, as what, when
    session: Session,
    actor: Actor,
    account_number: int,
    details: Mapping[str, str],
    *,
    is_signer: bool,
    now: datetime,
) -> ContactRow:
    """Add a person at an account; the same person again is the one who is there.

    Raise DomainError with every fault, and where there are too many.
    """
    account = get_account(session, account_number, actor=actor)
    person = _signer(details)
    contacts = list_contacts(session, account)
    for known in contacts:
        if (known.name, known.title, known.email) == person:
            known.is_signer = known.is_signer or is_signer
            return known
    if len(contacts) >= MOST_CONTACTS:
        raise DomainError.of("too-many-contacts", f"{MOST_CONTACTS} contacts are the most.")
    row = ContactRow(
        account_id=account.id, name=person[0], title=person[1], email=person[2], is_signer=is_signer
    )
    session.add(row)
    session.flush()
    _note(session, actor, row, "deals:contact:added", now)
    return row


def drop_contact(
    session: Session, actor: Actor, account_number: int, number: int, now: datetime
) -> None:
    """Take a person off an account; deals keep what they copied."""
    account = get_account(session, account_number, actor=actor)
    row = session.scalar(
        select(ContactRow).where(ContactRow.id == number, ContactRow.account_id == account.id)
    )
    if row is None:
        raise NotFoundError.of("no-such-contact", "There is no such contact.")
    session.delete(row)
    session.flush()
    _note(session, actor, row, "deals:contact:dropped", now)


def _signer(details: Mapping[str, str]) -> tuple[str, str, str]:
    given: dict[str, Data] = {key: details.get(key, "").strip() for key in SIGNER_KEYS}
    fields = Fields.root(Located("", without_blanks(given), {}), SIGNER_KEYS)
    signer = read_signer(fields)
    fields.raise_problems()
    return signer.name, signer.title, signer.email


def _note(session: Session, actor: Actor, row: ContactRow, event: str, now: datetime) -> None:
    facts = {"account": row.account_id, "contact": row.id}
    record(session, actor, f"account:{row.account_id}", event, facts, now=now)
