"""The list of deals: dense, searched and filtered by its address."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from dealdesk.clauses.model import Library
from dealdesk.terms.money import Money
from dealdesk.web.access import requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session
from dealdesk.web.navigation import navigation
from dealdesk.web.standing import (
    BLOCKED,
    OPEN,
    READY,
    UNREADABLE,
    Status,
    deviating,
    since,
    status_of,
    waits_on,
)
from dealdesk.web.visitors import current_actor
from dealdesk.workflows.stored_deals import StoredDeal, UnreadableDeal, list_stored_deals

blueprint = Blueprint("deals", __name__)

FILTERS = {"all": "All", "blocked": BLOCKED.word, "open": OPEN.word, "ready": READY.word}
_STATUS = {"blocked": BLOCKED, "open": OPEN, "ready": READY}


@dataclass(frozen=True, slots=True)
class DealLine:
    """One line of the list; figures are None where the deal can't be read."""

    number: str
    title: str
    customer: str
    owner: str
    status: Status
    tcv: Money | None = None
    discount: Decimal | None = None
    off_standard: int = 0
    waits_on: tuple[str, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter: its key in the address, its words, and how many deals it leaves."""

    key: str
    words: str
    count: int


@blueprint.get("/")
@requires("web:page:read")
def home() -> AnyResponse:
    """Lead to where the person's work is."""
    first = next(iter(navigation()), None)
    return redirect(first.address if first else url_for("account.show"))


@blueprint.get("/deals")
@requires("deals:deal:read")
def list_page() -> str | Response:
    """Show the deals that the search and the filter in the address leave."""
    wanted = request.args.get("q", "").strip()[:100]
    chosen = request.args.get("status", "all")
    library = desk().rules.library
    found = [
        line
        for line in _lines(
            list_stored_deals(session(), desk().rules, actor=current_actor()), library
        )
        if _matches(line, wanted)
    ]
    context = {
        "lines": [line for line in found if _passes(line, chosen)],
        "chips": [Chip(key, words, _count(found, key)) for key, words in FILTERS.items()],
        "wanted": wanted,
        "chosen": chosen if chosen in FILTERS else "all",
    }
    if request.headers.get("HX-Request"):
        return render_template("deals/results.html", **context)
    return page("deals/list.html", "Deals", **context)


def _lines(found: Iterable[StoredDeal | UnreadableDeal], library: Library) -> Iterator[DealLine]:
    for one in found:
        row = one.row
        if isinstance(one, UnreadableDeal):
            yield DealLine(row.number, row.title, row.customer, row.owner, UNREADABLE)
            continue
        quote = one.quote
        yield DealLine(
            number=row.number,
            title=row.title,
            customer=row.customer,
            owner=row.owner,
            status=status_of(quote),
            tcv=quote.priced.main.tcv,
            discount=quote.priced.main.discount_highest,
            off_standard=len(deviating(quote, library)),
            waits_on=tuple(role.title for role in waits_on(quote)),
            since=since(one),
        )


def _matches(line: DealLine, wanted: str) -> bool:
    text = f"{line.number} {line.title} {line.customer} {line.owner}".casefold()
    return all(word in text for word in wanted.casefold().split())


def _passes(line: DealLine, key: str) -> bool:
    return key not in _STATUS or line.status == _STATUS[key]


def _count(lines: list[DealLine], key: str) -> int:
    return sum(_passes(line, key) for line in lines)
