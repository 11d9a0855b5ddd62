"""Where a deal stands, in the words and shapes that every page uses."""

from collections.abc import Iterator
from dataclasses import dataclass

from dealdesk.agreements.deviations import Deviation
from dealdesk.clauses.model import Rank
from dealdesk.deals.models import Standing
from dealdesk.web.wording import counted
from dealdesk.workflows.deal_standing import deviating, standing_of, waits_on
from dealdesk.workflows.quoting import Quote


@dataclass(frozen=True, slots=True)
class Status:
    """A word with its kind: ok, wait, stop, info or quiet; each kind has a colour and a shape."""

    kind: str
    word: str


BLOCKED = Status("stop", "Blocked")
OPEN = Status("wait", "Approvals open")
READY = Status("ok", "Ready to sign")
UNREADABLE = Status("stop", "Can't be read")
STANDINGS = {
    Standing.BLOCKED: BLOCKED,
    Standing.OPEN: OPEN,
    Standing.READY: READY,
    Standing.UNREADABLE: UNREADABLE,
}
_CHIPS = {
    Rank.STANDARD: ("quiet", "Standard"),
    Rank.FALLBACK: ("info", "Fallback"),
    Rank.NONSTANDARD: ("wait", "Nonstandard"),
    Rank.WALK_AWAY: ("stop", "Walk-away"),
}


def status_of(quote: Quote) -> Status:
    """Return where a deal stands."""
    return STANDINGS[standing_of(quote)]


def position_chip(deviation: Deviation) -> Status:
    """Return the chip of a chosen position: what it is called, own words and bounds included."""
    if deviation.choice.override is not None:
        return Status("wait", "Own words")
    if deviation.position.rank is Rank.STANDARD and deviation.out_of_bounds:
        return Status("wait", "Out of bounds")
    return rank_chip(deviation.position.rank, deviation.position.order)


def rank_chip(rank: Rank, order: int) -> Status:
    """Return the chip of a rank; fallbacks are numbered."""
    kind, word = _CHIPS[rank]
    return Status(kind, f"{word} {order}" if rank is Rank.FALLBACK else word)


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
            "Settle what blocks",
            "deal.approvals",
            f"{counted(len(standing.blocked), 'position')} to counter, or to except by decision.",
        )
    if standing.open:
        roles = ", ".join(one.title for one in waits_on(quote))
        if is_submitted:
            return NextAction("See who decides", "deal.approvals", f"{roles} to decide.")
        return NextAction("Ask for decisions", "deal.approvals", f"{roles} to decide first.")
    return NextAction(
        "Send it on", "customer.show", "Nothing is open: the agreement can go to the customer."
    )


def section_marks(quote: Quote) -> Iterator[tuple[str, str, Status]]:
    """Yield each section of a deal: endpoint, name, and the mark that says how it stands."""
    changed = len(deviating(quote))
    waiting = len(quote.standing.open)
    errors = len(quote.findings)
    yield "deal.order_form", "Order form", Status("ok", "Priced")
    yield (
        "deal.clauses",
        "Clauses",
        Status("info", f"{changed} off standard") if changed else Status("ok", "Standard"),
    )
    yield "deal.agreement", "Agreement", Status("quiet", f"Version {quote.version.number}")
    if quote.standing.blocked:
        yield "deal.approvals", "Approvals", BLOCKED
    else:
        mark = Status("wait", f"{waiting} open") if waiting else Status("ok", "Decided")
        yield "deal.approvals", "Approvals", mark
    yield (
        "deal.sla",
        "SLA",
        Status("wait", counted(errors, "finding")) if errors else Status("ok", "Sound"),
    )
    draft = not quote.standing.is_clear
    mark = Status("quiet", "Not yet") if draft else Status("ok", "Can be sent")
    yield "customer.show", "Customer", mark
    yield "contract.show", "Contract", Status("quiet", "Of record")
    yield (
        "deal.downloads",
        "Downloads",
        Status("quiet", "Draft") if draft else Status("ok", "Final"),
    )
    yield "versions.list_page", "Versions", Status("quiet", str(quote.version.number))
    yield "audit.activity", "Activity", Status("quiet", "Recorded")
