"""Reads of links: by token, by deal, with what each gives and what was done with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dealdesk.identity.tokens import token_sha256
from dealdesk.kernel.errors import NotFoundError
from dealdesk.sharing.models import ShareItemRow, ShareLinkRow, ShareVisitRow

READING = "agreement.html"
NO_LINK = "This link leads nowhere: it is mistyped, has run out, or was taken back."


@dataclass(frozen=True, slots=True)
class Shared:
    """A link with what was done with it, the last first."""

    link: ShareLinkRow
    visits: Sequence[ShareVisitRow]
    now: datetime

    @property
    def is_live(self) -> bool:
        """Whether the link holds."""
        return self.link.revoked_at is None and self.link.expires_at > self.now


def get_link(session: Session, token: str, now: datetime) -> ShareLinkRow:
    """Return the link of a token.

    Raise NotFoundError, always the same, for one that was guessed, has expired or was revoked.
    """
    row = session.scalar(live_links(now).where(ShareLinkRow.token_sha256 == token_sha256(token)))
    if row is None:
        raise NotFoundError.of("no-such-link", NO_LINK, remedy="Ask whoever sent it for another.")
    return row


def find_link(session: Session, deal_id: int, token: str, now: datetime) -> ShareLinkRow | None:
    """Return a deal's link of a token where it holds, or None."""
    return session.scalar(
        live_links(now).where(
            ShareLinkRow.deal_id == deal_id, ShareLinkRow.token_sha256 == token_sha256(token)
        )
    )


def list_items(session: Session, link: ShareLinkRow) -> Sequence[ShareItemRow]:
    """Return what a link gives now: the executed documents, else the files sent last."""
    rows = session.scalars(
        select(ShareItemRow)
        .where(ShareItemRow.link_id == link.id)
        .order_by(ShareItemRow.shared_at.desc(), ShareItemRow.name)
    ).all()
    executed = [row for row in rows if row.is_executed]
    if executed:
        return executed
    return [row for row in rows if row.version_id == rows[0].version_id]


def find_reading(session: Session, link: ShareLinkRow) -> ShareItemRow | None:
    """Return the agreement to read on the screen, as it was sent last, or None."""
    return session.scalar(
        select(ShareItemRow)
        .where(ShareItemRow.link_id == link.id, ShareItemRow.name == READING)
        .order_by(ShareItemRow.shared_at.desc(), ShareItemRow.id.desc())
        .limit(1)
    )


def list_links(session: Session, deal_id: int, now: datetime) -> Sequence[Shared]:
    """Return a deal's links, the last made first, in two statements."""
    links = session.scalars(
        select(ShareLinkRow).where(ShareLinkRow.deal_id == deal_id).order_by(ShareLinkRow.id.desc())
    ).all()
    if not links:
        return []
    visits: dict[int, list[ShareVisitRow]] = {}
    found = select(ShareVisitRow).where(ShareVisitRow.link_id.in_([one.id for one in links]))
    for visit in session.scalars(found.order_by(ShareVisitRow.last_at.desc())):
        visits.setdefault(visit.link_id, []).append(visit)
    return [Shared(one, visits.get(one.id, []), now) for one in links]


def is_version_shared(session: Session, version_id: int) -> bool:
    """Tell whether a version was sent to anybody."""
    wanted = select(ShareItemRow.id).where(ShareItemRow.version_id == version_id).limit(1)
    return session.scalar(wanted) is not None


def is_just_shared(
    session: Session, deal_id: int, version_id: int, email: str, since: datetime
) -> bool:
    """Tell whether a link to that version was made for an address since then, and holds."""
    found = (
        select(ShareLinkRow.id)
        .join(ShareItemRow, ShareItemRow.link_id == ShareLinkRow.id)
        .where(
            ShareLinkRow.deal_id == deal_id,
            ShareItemRow.version_id == version_id,
            func.lower(ShareLinkRow.email) == email.strip().lower(),
            ShareLinkRow.created_at > since,
            ShareLinkRow.revoked_at.is_(None),
        )
        .limit(1)
    )
    return session.scalar(found) is not None


def live_links(now: datetime) -> Select[ShareLinkRow]:
    """Return the links that hold."""
    return select(ShareLinkRow).where(
        ShareLinkRow.revoked_at.is_(None), ShareLinkRow.expires_at > now
    )


def find_sent_file(session: Session, version_id: int, name: str) -> ShareItemRow | None:
    """Return a file of a version as it was sent last, or None where it was not sent."""
    return session.scalar(
        select(ShareItemRow)
        .where(ShareItemRow.version_id == version_id, ShareItemRow.name == name)
        .order_by(ShareItemRow.shared_at.desc(), ShareItemRow.id.desc())
        .limit(1)
    )
