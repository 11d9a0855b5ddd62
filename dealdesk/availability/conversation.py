"""A ticket's life as promises: first and next responses, updates, workaround, resolution.

Reply clocks start anew with each message that waits for an answer, from the oldest one unanswered;
the clocks of workaround and resolution run from the report and stop while the customer is awaited.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dealdesk.availability.responses import ResponseEvent
from dealdesk.terms.intervals import Interval


class Moment(StrEnum):
    """What happened to a ticket: only a qualified person's public answer is a response."""

    RECEIVED = "received"
    CUSTOMER_MESSAGE = "customer_message"
    RESPONSE = "response"
    WAITING = "waiting_on_customer"
    RESUMED = "resumed"
    WORKAROUND = "workaround"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket and its moments, in order; the first is when it was received."""

    id: str
    customer: str
    severity: str
    moments: tuple[tuple[int, Moment], ...]
    category: str = ""


def promises_of(ticket: Ticket) -> Iterator[ResponseEvent]:
    """Yield every promise that a ticket's life has called for, kept or still open."""
    received = ticket.moments[0][0]
    answers = [at for at, moment in ticket.moments if moment is Moment.RESPONSE]
    first = min(answers, default=None)
    yield _event(ticket, "first_response", received, first)
    if first is not None:
        yield from _next_responses(ticket, first)
        yield from _updates(ticket, answers)
    pauses = tuple(_pauses(ticket.moments))
    solved = _first(ticket, Moment.RESOLVED)
    eased = _first(ticket, Moment.WORKAROUND)
    # What is resolved needs no workaround any more.
    yield _event(ticket, "workaround", received, eased if eased is not None else solved, pauses)
    yield _event(ticket, "resolution", received, solved, pauses)


def _event(
    ticket: Ticket, metric: str, start: int, done: int | None, pauses: tuple[Interval, ...] = ()
) -> ResponseEvent:
    return ResponseEvent(
        ticket.id, ticket.customer, ticket.severity, start, done, metric, ticket.category, pauses
    )


def _first(ticket: Ticket, wanted: Moment) -> int | None:
    return next((at for at, moment in ticket.moments if moment is wanted), None)


def _next_responses(ticket: Ticket, first: int) -> Iterator[ResponseEvent]:
    waiting: int | None = None
    for at, moment in ticket.moments:
        if at < first:
            continue
        if moment is Moment.CUSTOMER_MESSAGE and waiting is None:
            waiting = at
        elif moment in {Moment.RESPONSE, Moment.RESOLVED} and waiting is not None:
            yield _event(ticket, "next_response", waiting, at)
            waiting = None
    if waiting is not None:
        yield _event(ticket, "next_response", waiting, None)


def _updates(ticket: Ticket, answers: Sequence[int]) -> Iterator[ResponseEvent]:
    """Yield the time from each public answer to the next, until the ticket is resolved."""
    solved = _first(ticket, Moment.RESOLVED)
    pauses = tuple(_pauses(ticket.moments))
    told = [*answers, *([solved] if solved is not None else [])]
    for number, at in enumerate(answers):
        if solved is not None and at >= solved:
            break
        done = told[number + 1] if number + 1 < len(told) else None
        yield _event(ticket, "update", at, done, pauses)


def _pauses(moments: Sequence[tuple[int, Moment]]) -> Iterator[Interval]:
    """Yield the times in which the customer was awaited; one that goes on ends with the last."""
    begin: int | None = None
    for at, moment in moments:
        if moment is Moment.WAITING and begin is None:
            begin = at
        elif moment in {Moment.RESUMED, Moment.CUSTOMER_MESSAGE, Moment.RESOLVED}:
            if begin is not None:
                yield begin, at
            begin = None
    if begin is not None:
        yield begin, moments[-1][0]
