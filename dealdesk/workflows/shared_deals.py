"""What a link shows of a deal: nothing but what may leave the house."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.contracts.queries import find_contract
from dealdesk.deals.models import DealRow
from dealdesk.identity.models import UserRow
from dealdesk.kernel.errors import NotFoundError
from dealdesk.sharing.models import ShareLinkRow
from dealdesk.sharing.queries import NO_LINK, list_items

_OPENS, _TITLED, _CLOSES = "<main>\n", "</header>", "\n</main>"


@dataclass(frozen=True, slots=True)
class SharedDeal:
    """A deal as the person with a link sees it; `executed_at` is None until it is sealed."""

    link: ShareLinkRow
    title: str
    sender: str
    sender_email: str
    version: int
    shared_at: datetime
    executed_at: datetime | None
    is_development: bool


def shared_deal(session: Session, link: ShareLinkRow) -> SharedDeal:
    """Return what a link shows. Raise NotFoundError, as for any other, where it gives nothing."""
    items = list_items(session, link)
    if not items:
        raise NotFoundError.of("no-such-link", NO_LINK)
    deal = session.get_one(DealRow, link.deal_id)
    version = session.get_one(AgreementVersionRow, items[0].version_id)
    sender = session.get(UserRow, link.created_by) if link.created_by else None
    contract = find_contract(session, deal.id)
    return SharedDeal(
        link=link,
        title=deal.title,
        sender=sender.name if sender else "DealDesk",
        sender_email=sender.email if sender else "",
        version=version.number,
        shared_at=max(one.shared_at for one in items),
        executed_at=contract.sealed_at if contract else None,
        is_development=contract.is_development if contract else False,
    )


def reading_text(stored: bytes) -> str:
    """Return the agreement's text of a built HTML file, below its title, as HTML."""
    _, _, inner = stored.decode("utf-8").partition(_OPENS)
    text, _, _ = inner.rpartition(_CLOSES)
    return text.partition(_TITLED)[2]
