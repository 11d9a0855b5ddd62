"""Writes of links: make one, add files, revoke, check a code, note what was done with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dealdesk.audit.operations import record
from dealdesk.identity.actors import Actor
from dealdesk.identity.passwords import is_password, password_hash
from dealdesk.identity.throttling import (
    PER_ACCOUNT,
    PER_ADDRESS,
    account_key,
    address_key,
    count_attempt,
    forget_attempts,
)
from dealdesk.identity.tokens import token_sha256
from dealdesk.kernel.errors import DomainError, NotFoundError, RefusedError
from dealdesk.kernel.hashing import Json
from dealdesk.sharing.models import ShareItemRow, ShareLinkRow, ShareVisitRow, Visited
from dealdesk.sharing.queries import live_links
from dealdesk.sharing.rules import LinkSecrets, Recipient, new_secrets, recipient_problems


class RecipientError(DomainError):
    """A link can't be made for that person."""


class TooManyTriesError(RefusedError):
    """Somebody behind a link does something too often."""


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A stored file that a link gives, by the name under which its reader gets it."""

    name: str
    sha256: str
    is_executed: bool = False


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link just made: token and code are known here and now alone."""

    row: ShareLinkRow
    token: str
    code: str | None


def make_link(  # noqa: PLR0913 - who makes what for whom, when, by which press
    session: Session,
    actor: Actor,
    deal_id: int,
    recipient: Recipient,
    now: datetime,
    *,
    secrets: LinkSecrets | None = None,
) -> NewLink:
    """Make a link of a deal's for a person and return it.

    `secrets` are what a press of a form makes; without them they are new. Raise RecipientError with
    all that is wrong about the person.
    """
    problems = tuple(recipient_problems(recipient))
    if problems:
        raise RecipientError(problems)
    made = secrets or new_secrets()
    token, code = made.token, made.code if recipient.has_code else None
    row = ShareLinkRow(
        token_sha256=token_sha256(token),
        deal_id=deal_id,
        name=" ".join(recipient.name.split()),
        email=recipient.email.strip(),
        code_hash=password_hash(code) if code else None,
        created_at=now,
        created_by=actor.id,
        expires_at=now + recipient.holds,
    )
    session.add(row)
    session.flush()
    facts = {"link": row.id, "days": recipient.days, "code": code is not None}
    names = {"name": row.name, "email": row.email}
    record(session, actor, deal_id, "sharing:link:made", facts, names=names, now=now)
    return NewLink(row, token, code)


def add_files(
    session: Session,
    link: ShareLinkRow,
    version_id: int,
    files: Iterable[SharedFile],
    now: datetime,
) -> None:
    """Let a link give these files of a version from now on; those that it gives already stay."""
    known = set(
        session.scalars(
            select(ShareItemRow.name).where(
                ShareItemRow.link_id == link.id, ShareItemRow.version_id == version_id
            )
        )
    )
    session.add_all(
        ShareItemRow(
            link_id=link.id,
            version_id=version_id,
            name=one.name,
            sha256=one.sha256,
            is_executed=one.is_executed,
            shared_at=now,
        )
        for one in files
        if one.name not in known
    )
    session.flush()


def share_with_all(
    session: Session, deal_id: int, version_id: int, files: Iterable[SharedFile], now: datetime
) -> tuple[ShareLinkRow, ...]:
    """Let every link of a deal's that holds give these files too, and return the links."""
    given = tuple(files)
    links = _links_of(session, deal_id, now)
    for link in links:
        add_files(session, link, version_id, given, now)
    return links


def _links_of(session: Session, deal_id: int, now: datetime) -> tuple[ShareLinkRow, ...]:
    found = live_links(now).where(ShareLinkRow.deal_id == deal_id).order_by(ShareLinkRow.id)
    return tuple(session.scalars(found))


def revoke_links(session: Session, actor: Actor, deal_id: int, now: datetime) -> int:
    """End every link of a deal's that holds, and return how many did."""
    links = _links_of(session, deal_id, now)
    for link in links:
        revoke_link(session, actor, deal_id, link.id, now)
    return len(links)


def revoke_link(session: Session, actor: Actor, deal_id: int, link: int, now: datetime) -> None:
    """End a link at once. Raise NotFoundError where the deal has none with that id that holds."""
    row = session.scalar(
        live_links(now).where(ShareLinkRow.id == link, ShareLinkRow.deal_id == deal_id)
    )
    if row is None:
        raise NotFoundError.of("no-such-link", f"This deal has no link {link} that holds.")
    row.revoked_at = now
    session.flush()
    record(session, actor, deal_id, "sharing:link:revoked", {"link": link}, now=now)


def count_code(session: Session, link: ShareLinkRow, address: str, now: datetime) -> bool:
    """Count a try at a link's code and tell whether there may be one; the caller commits.

    It counts whatever becomes of it, so it is committed before the code is looked at.
    """
    tries = count_attempt(session, _code_key(link), now)
    from_there = count_attempt(session, address_key(f"share {address}"), now)
    return tries <= PER_ACCOUNT and from_there <= PER_ADDRESS


def is_code(link: ShareLinkRow, code: str) -> bool:
    """Tell whether a code opens a link; it takes long: ask outside of what writes."""
    return is_password(link.code_hash, "".join(code.split()))


def forget_codes(session: Session, link: ShareLinkRow) -> None:
    """Start the count of tries again, once the code was given."""
    forget_attempts(session, _code_key(link))


def _code_key(link: ShareLinkRow) -> str:
    return account_key(f"share {link.id}")


def note_visit(
    session: Session, link: ShareLinkRow, what: Visited, name: str, now: datetime
) -> None:
    """Note that a link was opened, or a file of it downloaded; the first time is an event too."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"link_id": link.id, "what": what.value, "name": name}
    count = session.execute(
        make(ShareVisitRow)
        .values(**values, first_at=now, last_at=now, count=1)
        .on_conflict_do_update(
            index_elements=[ShareVisitRow.link_id, ShareVisitRow.what, ShareVisitRow.name],
            set_={"last_at": now, "count": ShareVisitRow.count + 1},
        )
        .returning(ShareVisitRow.count)
    ).scalar_one()
    if count == 1:
        noun = "link" if what is Visited.OPENED else "file"
        facts: dict[str, Json] = {"link": link.id, "file": name}
        # Whoever holds the link acts, without an account: the event names link and person.
        reader, names = Actor(None, link.name), {"reader": link.name}
        event = f"sharing:{noun}:{what.value}"
        record(session, reader, link.deal_id, event, facts, names=names, now=now)
