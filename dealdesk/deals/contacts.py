"""People at an account, and who of them signs."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from dealdesk.audit.operations import record
from dealdesk.deals.accounts import get_account, without_blanks
from dealdesk.deals.deal_file import SIGNER_KEYS, read_signer
from dealdesk.deals.models import AccountRow, ContactRow
from dealdesk.deals.party_checks import signer_problems
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import ConflictError, DomainError, NotFoundError
from dealdesk.kernel.fields import Fields
from dealdesk.kernel.located_yaml import Data, Located

MOST_CONTACTS = 200


def list_contacts(session: Session, account: AccountRow) -> Sequence[ContactRow]:
    """Return an account's contacts but the archived, who signs first, then by name."""
    return [one for one in _contacts(session, account) if one.archived_at is None]


def list_archived(session: Session, account: AccountRow) -> Sequence[ContactRow]:
    """Return an account's archived contacts by name."""
    return [one for one in _contacts(session, account) if one.archived_at is not None]


def get_contact(session: Session, actor: Actor, account_number: int, number: int) -> ContactRow:
    """Return a contact of an account of the actor's. Raise NotFoundError where there is none."""
    account = get_account(session, account_number, actor=actor)
    row = session.scalar(
        select(ContactRow).where(ContactRow.id == number, ContactRow.account_id == account.id)
    )
    if row is None:
        raise NotFoundError.of("no-such-contact", "There is no such contact.")
    return row


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
    contacts = _contacts(session, account)
    for known in contacts:
        if (known.name, known.title, known.email) == person:
            known.is_signer = known.is_signer or is_signer
            restore_contact(session, actor, known, now)
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


def change_contact(  # noqa: PLR0913 - who changes whom, into what, on the sight of what, when
    session: Session,
    actor: Actor,
    row: ContactRow,
    details: Mapping[str, str],
    *,
    is_signer: bool,
    seen: int,
    now: datetime,
) -> None:
    """Change a contact; deals keep what they copied.

    Raise ConflictError where somebody changed them since `seen`, DomainError with every fault.
    """
    row.name, row.title, row.email = _signer(details)
    row.is_signer = is_signer
    if not session.is_modified(row):
        return
    if row.revision != seen:
        raise _changed(row)
    _flush(session, row)
    _note(session, actor, row, "deals:contact:changed", now)


def archive_contact(session: Session, actor: Actor, row: ContactRow, now: datetime) -> None:
    """Archive a contact: they are offered nowhere any more. Twice is once."""
    if row.archived_at is None:
        row.archived_at = now
        _flush(session, row)
        _note(session, actor, row, "deals:contact:archived", now)


def restore_contact(session: Session, actor: Actor, row: ContactRow, now: datetime) -> None:
    """Take a contact back out of the archive. Twice is once."""
    if row.archived_at is not None:
        row.archived_at = None
        _flush(session, row)
        _note(session, actor, row, "deals:contact:restored", now)


def _contacts(session: Session, account: AccountRow) -> Sequence[ContactRow]:
    return session.scalars(
        select(ContactRow)
        .where(ContactRow.account_id == account.id)
        .order_by(ContactRow.is_signer.desc(), func.lower(ContactRow.name), ContactRow.id)
    ).all()


def _flush(session: Session, row: ContactRow) -> None:
    try:
        session.flush()
    except StaleDataError as error:
        raise _changed(row) from error


def _changed(row: ContactRow) -> ConflictError:
    return ConflictError.of(
        "contact-changed",
        f"Somebody changed “{row.name}” while you were changing them.",
        remedy="What you typed stands below; load the page to see theirs, or save again.",
    )


def _signer(details: Mapping[str, str]) -> tuple[str, str, str]:
    given: dict[str, Data] = {key: details.get(key, "").strip() for key in SIGNER_KEYS}
    fields = Fields.root(Located("", without_blanks(given), {}), SIGNER_KEYS)
    signer = read_signer(fields)
    fields.problems.extend(signer_problems(signer))
    fields.raise_problems()
    return signer.name, signer.title, signer.email


def _note(session: Session, actor: Actor, row: ContactRow, event: str, now: datetime) -> None:
    facts = {"account": row.account_id, "contact": row.id}
    record(session, actor, f"account:{row.account_id}", event, facts, now=now)
