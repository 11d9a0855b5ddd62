"""Where a deal stands, in the words and shapes that every page uses."""

from collections.abc import Iterator
from dataclasses import dataclass

from dealdesk.agreements.deviations import Deviation
from dealdesk.clauses.model import Rank
from dealdesk.deals.models import Standing
from dealdesk.kernel.languages import gettext_noop
from dealdesk.web.languages import gettext, ngettext
from dealdesk.workflows.deal_standing import deviating, standing_of, waits_on
from dealdesk.workflows.quoting import Quote


@dataclass(frozen=True, slots=True)
class Status:
    """A word with its kind: ok, wait, stop, info or quiet; each kind has a colour and a shape.

    A word of a table is marked there and translated when the component prints it; one that is put
    together at a request comes from `gettext`.
    """

    kind: str
    word: str


BLOCKED = Status("stop", gettext_noop("Blocked"))
OPEN = Status("wait", gettext_noop("Approvals open"))
READY = Status("ok", gettext_noop("Ready to sign"))
CAN_BE_SENT = Status("ok", gettext_noop("Can be sent"))
FINAL = Status("ok", gettext_noop("Final"))
UNREADABLE = Status("stop", gettext_noop("Can't be read"))
STANDINGS = {
    Standing.BLOCKED: BLOCKED,
    Standing.OPEN: OPEN,
    Standing.READY: READY,
    Standing.UNREADABLE: UNREADABLE,
}
_CHIPS = {
    Rank.STANDARD: ("quiet", gettext_noop("Standard")),
    Rank.FALLBACK: ("info", ""),
    Rank.NONSTANDARD: ("wait", gettext_noop("Nonstandard")),
    Rank.WALK_AWAY: ("stop", gettext_noop("Walk-away")),
}


def status_of(quote: Quote) -> Status:
    """Return where a deal stands."""
    return STANDINGS[standing_of(quote)]


def position_chip(deviation: Deviation) -> Status:
    """Return the chip of a chosen position: what it is called, own words and bounds included."""
    if deviation.choice.override is not None:
        return Status("wait", gettext_noop("Own words"))
    if deviation.position.rank is Rank.STANDARD and deviation.out_of_bounds:
        return Status("wait", gettext_noop("Out of bounds"))
    return rank_chip(deviation.position.rank, deviation.position.order)


def rank_chip(rank: Rank, order: int) -> Status:
    """Return the chip of a rank; fallbacks are numbered."""
    kind, word = _CHIPS[rank]
    if rank is Rank.FALLBACK:
        return Status(kind, gettext("Fallback %(number)d", number=order))
    return Status(kind, word)


@dataclass(frozen=True, slots=True)
class NextAction:
    """The one thing to do next: what the link says, where it leads, and why."""

    words: str
    endpoint: str
    why: str


def next_action(quote: Quote, *, is_submitted: bool = False) -> NextAction:
    """Return the deal's next action; who is asked already has to be waited for."""
    standing = quote.standing
    if standing.blocked:
        return NextAction(
            gettext_noop("Settle what blocks"),
            "deal.approvals",
            ngettext(
                "%(num)d position to counter, or to except by decision.",
                "%(num)d positions to counter, or to except by decision.",
                len(standing.blocked),
            ),
        )
    if standing.open:
        roles = ", ".join(gettext(one.title) for one in waits_on(quote))
        if is_submitted:
            why = gettext("%(roles)s to decide.", roles=roles)
            return NextAction(gettext_noop("See who decides"), "deal.approvals", why)
        why = gettext("%(roles)s to decide first.", roles=roles)
        return NextAction(gettext_noop("Ask for decisions"), "deal.approvals", why)
    return NextAction(
        gettext_noop("Send it on"),
        "customer.show",
        gettext_noop("Nothing is open: the agreement can go to the customer."),
    )


def section_marks(quote: Quote) -> Iterator[tuple[str, str, Status]]:
    """Yield each section of a deal: endpoint, name, and the mark that says how it stands."""
    changed = len(deviating(quote))
    waiting = len(quote.standing.open)
    errors = len(quote.findings)
    yield "deal.order_form", gettext("Order form"), Status("ok", gettext_noop("Priced"))
    mark = Status("ok", gettext_noop("Standard"))
    if changed:
        mark = Status("info", gettext("%(count)d off standard", count=changed))
    yield "deal.clauses", gettext("Clauses"), mark
    version = gettext("Version %(number)d", number=quote.version.number)
    yield "deal.agreement", gettext("Agreement"), Status("quiet", version)
    yield "deal.approvals", gettext("Approvals"), _decided(quote, waiting)
    mark = Status("ok", gettext_noop("Sound"))
    if errors:
        mark = Status("wait", ngettext("%(num)d finding", "%(num)d findings", errors))
    yield "deal.sla", gettext("SLA"), mark
    draft = not quote.standing.is_clear
    mark = Status("quiet", gettext_noop("Not yet")) if draft else CAN_BE_SENT
    yield "customer.show", gettext("Customer"), mark
    mark = Status("quiet", gettext_noop("No round open"))
    yield "negotiation.show", gettext("Negotiation"), mark
    yield "contract.show", gettext("Contract"), Status("quiet", gettext_noop("Of record"))
    mark = Status("quiet", gettext_noop("Draft")) if draft else FINAL
    yield "deal.downloads", gettext("Downloads"), mark
    yield "versions.list_page", gettext("Versions"), Status("quiet", str(quote.version.number))
    yield "audit.activity", gettext("Activity"), Status("quiet", gettext_noop("Recorded"))


def _decided(quote: Quote, waiting: int) -> Status:
    if quote.standing.blocked:
        return BLOCKED
    if waiting:
        return Status("wait", gettext("%(count)d open", count=waiting))
    return Status("ok", gettext_noop("Decided"))
