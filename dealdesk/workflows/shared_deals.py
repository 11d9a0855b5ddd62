"""What a link shows of a deal: nothing but what may leave the house."""

import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from sqlalchemy.orm import Session

from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.contracts.queries import find_contract
from dealdesk.deals.models import DealRow
from dealdesk.identity.models import UserRow
from dealdesk.kernel.errors import NotFoundError
from dealdesk.sharing.models import ShareLinkRow
from dealdesk.sharing.queries import NO_LINK, list_items

_OPENS, _TITLED, _CLOSES = "<main>\n", "</header>", "\n</main>"
_ENTRY, _TAG = re.compile(r'<a href="#([^"]+)">(.*?)</a>', re.DOTALL), re.compile(r"<[^>]*>")
_CONTENTS, _CONTENTS_END = '<nav class="contents"', "</nav>"


@dataclass(frozen=True, slots=True)
class Reading:
    """An agreement as it was sent, to be read on a screen; contents and text are HTML.

    `language` is the agreement's own, "" where the file names none.
    """

    title: str
    contents: str
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class SharedDeal:
    """A deal as the person with a link sees it; `executed_at` is None until it is sealed."""

    link: ShareLinkRow
    sender: str
    sender_email: str
    version: int
    version_id: int
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
        sender=sender.name if sender else "DealDesk",
        sender_email=sender.email if sender else "",
        version=version.number,
        version_id=version.id,
        shared_at=max(one.shared_at for one in items),
        executed_at=contract.sealed_at if contract else None,
        is_development=contract.is_development if contract else False,
    )


def read_agreement(stored: bytes) -> Reading:
    """Return the parts of a built HTML file: title, contents and text."""
    head, _, inner = stored.decode("utf-8").partition(_OPENS)
    text = inner.rpartition(_CLOSES)[0].partition(_TITLED)[2]
    before, start, rest = text.partition(_CONTENTS)
    contents, end, after = rest.partition(_CONTENTS_END)
    title, language = _between(head, "<title>", "</title>"), _between(head, '<html lang="', '"')
    if not end:
        return Reading(title, "", text, language)
    return Reading(title, start + contents + end, before + after, language)


def headings(reading: Reading) -> list[tuple[str, str]]:
    """Return the parts of an agreement that its contents name: where each is, and its words."""
    return [
        (unescape(target), " ".join(unescape(_TAG.sub("", words)).split()))
        for target, words in _ENTRY.findall(reading.contents)
    ]


def _between(text: str, start: str, end: str) -> str:
    return unescape(text.partition(start)[2].partition(end)[0])
