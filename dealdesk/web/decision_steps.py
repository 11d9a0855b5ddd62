"""What the buttons of a decision do."""

from collections.abc import Callable
from datetime import UTC, datetime, time

from flask import request

from dealdesk.approvals.request_models import RequestRow
from dealdesk.deals.deal import Verdict
from dealdesk.identity.queries import get_actor
from dealdesk.kernel.errors import DomainError
from dealdesk.web.edge import session
from dealdesk.web.steps import sent_number
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.request_checks import Seen
from dealdesk.workflows.request_deciding import (
    Said,
    ask,
    decide,
    delegate,
)
from dealdesk.workflows.stored_deals import StoredDeal

Step = Callable[[Act, StoredDeal, RequestRow, Seen, str], object]


def seen_version() -> Seen:
    """Return what the screen showed from which the form comes."""
    return Seen(sent_number("revision"), sent_number("version"))


def _verdict(verdict: Verdict) -> Step:
    def step(on: Act, stored: StoredDeal, row: RequestRow, seen: Seen, words: str) -> object:
        said = Said(verdict, words, _expiry() if verdict is Verdict.EXCEPTION else None)
        return decide(on, stored, row, said, seen)

    return step


def _with_condition(on: Act, stored: StoredDeal, row: RequestRow, seen: Seen, words: str) -> object:
    if not words.strip():
        raise DomainError.of(
            "no-words", "The condition is missing.", remedy="Write it, or approve without one."
        )
    return decide(on, stored, row, Said(Verdict.APPROVED, words), seen)


def _ask(on: Act, stored: StoredDeal, row: RequestRow, seen: Seen, words: str) -> None:
    ask(on, stored, row, words, seen)


def _delegate(on: Act, stored: StoredDeal, row: RequestRow, seen: Seen, words: str) -> None:
    del words
    to = sent_number("to")
    if not to:
        raise DomainError.of("nobody", "Choose to whom you give it.")
    delegate(on, stored, row, get_actor(session(), to), seen)


def _expiry() -> datetime | None:
    """Return the end of the day that was given, or None where none can be read."""
    try:
        day = datetime.strptime(request.form.get("until", ""), "%Y-%m-%d")  # noqa: DTZ007 - a day
    except ValueError:
        return None
    return datetime.combine(day.date(), time(23, 59, 59), UTC)


STEPS: dict[str, Step] = {
    "approve": _verdict(Verdict.APPROVED),
    "condition": _with_condition,
    "except": _verdict(Verdict.EXCEPTION),
    "reject": _verdict(Verdict.REJECTED),
    "ask": _ask,
    "delegate": _delegate,
}
