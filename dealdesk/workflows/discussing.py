"""Questions behind a link and their answers: kept, and told by mail to whoever waits for them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.agreements.comparison import PassageChange
from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.agreements.queries import get_latest_version
from dealdesk.deals.models import DealRow
from dealdesk.kernel.errors import NotFoundError
from dealdesk.outbox.operations import enqueue_mail
from dealdesk.sharing.comments import (
    Draft,
    answer_comment,
    read_before,
    write_comment,
)
from dealdesk.sharing.models import ShareItemRow, ShareLinkRow
from dealdesk.sharing.queries import live_links
from dealdesk.workflows.comparing import compare_versions
from dealdesk.workflows.deal_rulebook import Rules
from dealdesk.workflows.link_mail import tell_people_of_link
from dealdesk.workflows.sending import Step


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """A clause whose words changed since its reader saw it."""

    title: str
    change: PassageChange


@dataclass(frozen=True, slots=True)
class SinceRead:
    """What changed since the person behind a link read another version."""

    version: int
    parts: tuple[ChangedPart, ...]


def ask_behind_link(
    step: Step, link: ShareLinkRow, version_id: int, draft: Draft, address: str
) -> None:
    """Keep what the person behind a link says, and mail it to the deal's people."""
    row = write_comment(step.session, link, version_id, draft, step.now)
    if row is None:
        return
    said: dict[str, object] = {"heading": row.heading, "words": row.text}
    key = f"comment:{row.id}"
    tell_people_of_link(step, link, "customer-asked", said, key=key, address=address)


def answer_behind_link(step: Step, deal: DealRow, link_id: int, draft: Draft) -> None:
    """Keep an answer to the person behind a link, and mail it to them.

    Raise NotFoundError where the deal has no such link that holds.
    """
    link = step.session.scalar(
        live_links(step.now).where(ShareLinkRow.id == link_id, ShareLinkRow.deal_id == deal.id)
    )
    if link is None:
        raise NotFoundError.of("no-such-link", f"This deal has no link {link_id} that holds.")
    version = step.session.scalar(
        select(ShareItemRow.version_id)
        .where(ShareItemRow.link_id == link.id)
        .order_by(ShareItemRow.shared_at.desc(), ShareItemRow.id.desc())
        .limit(1)
    )
    version_id = version or get_latest_version(step.session, deal.id).id
    row = answer_comment(step.session, step.actor, link, version_id, draft, now=step.now)
    if row is None:
        return
    context = {"name": link.name, "who": step.actor.name, "words": row.text}
    key = f"comment:{row.id}:link"
    enqueue_mail(step.session, link.email, "question-answered", context, key=key, now=step.now)


def since_read(
    session: Session, rules: Rules, link: ShareLinkRow, version_id: int
) -> SinceRead | None:
    """Return what changed against the version that the person behind a link read before.

    None where this is the first that they read, or where a text can't be read any more.
    """
    before = read_before(link, version_id)
    if before is None:
        return None
    old, new = (session.get_one(AgreementVersionRow, one) for one in (before, version_id))
    deal = session.get_one(DealRow, link.deal_id)
    found = compare_versions(session, rules, deal, old.number, new.number)
    if found.unread:
        return None
    parts = (
        ChangedPart(
            found.titles.get(one.instance, one.instance.replace("-", " ").capitalize()), one
        )
        for one in found.passages
    )
    return SinceRead(old.number, tuple(parts))
