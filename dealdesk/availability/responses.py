"""Response compliance: support events held against the promised times of an agreement."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.sla.model import SlaTerms, Target
from dealdesk.terms.clock import due
from dealdesk.terms.intervals import Interval
from dealdesk.terms.opening import instant
from dealdesk.terms.periods import Span

SECURITY = "security_vulnerability"
METRICS = ("first_response", "next_response", "update", "workaround", "resolution")


class ResponseError(DomainError):
    """Support events that can't be judged; every fault is listed."""


@dataclass(frozen=True, slots=True)
class ResponseEvent:
    """One promise of one ticket: when its time began and, if it was, when it was kept.

    `category` "security_vulnerability" raises a ticket to the severity that includes it. Pauses
    stop the clocks that the terms name.
    """

    ticket: str
    customer: str
    severity: str
    received: int
    done: int | None
    metric: str = "first_response"
    category: str = ""
    pauses: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """An event with the time until which it was promised; `kept` None means not due yet."""

    event: ResponseEvent
    severity: str
    due: int
    kept: bool | None


@dataclass(frozen=True, slots=True)
class Compliance:
    """The promises that fell due in a period, and the share of them that was kept."""

    judged: tuple[Judged, ...]
    target_percent: Fraction | None

    @property
    def counted(self) -> tuple[Judged, ...]:
        """The promises on which there is a verdict."""
        return tuple(one for one in self.judged if one.kept is not None)

    @property
    def missed(self) -> tuple[Judged, ...]:
        """The promises that were not kept."""
        return tuple(one for one in self.judged if one.kept is False)

    @property
    def percent(self) -> Fraction:
        """The share kept in percent, exactly; 100 where nothing fell due."""
        counted = len(self.counted)
        return Fraction(100 * (counted - len(self.missed)), counted) if counted else Fraction(100)

    @property
    def is_met(self) -> bool:
        """Whether the agreed share was kept; without one, every promise has to be."""
        wanted = self.target_percent if self.target_percent is not None else Fraction(100)
        return self.percent >= wanted


def raised(terms: SlaTerms, severity: str, category: str = "") -> str:
    """Return a ticket's severity, raised to the one that includes its category, never lowered.

    Raise ResponseError for a severity that the terms don't know.
    """
    ranks = {one.id: one.rank for one in terms.severities}
    if severity not in ranks:
        raise ResponseError.of(
            "severity-unknown",
            f"The terms know no severity “{severity}”.",
            remedy=f"Use one of {', '.join(ranks)}, or map it.",
        )
    including = [one.id for one in terms.severities if category and category in one.includes]
    return min([severity, *including], key=lambda name: ranks[name])


def compliance(
    terms: SlaTerms, events: Sequence[ResponseEvent], period: Span, observed: int
) -> Compliance:
    """Return which promises that fell due in a period were kept.

    Events of other customers are left out. Raise ResponseError listing every severity unknown.
    """
    agreed = terms.credits.response if terms.credits else None
    own = [e for e in events if e.customer in {"", terms.customer, terms.id}]
    problems = list(_problems(terms, own))
    if problems:
        raise ResponseError(problems)
    judged = (one for event in own for one in _judge(terms, event, observed))
    inside = tuple(one for one in judged if period.start <= one.due < period.end)
    counted = agreed.metrics if agreed else None
    return Compliance(
        tuple(one for one in inside if counted is None or one.event.metric in counted),
        Fraction(agreed.target_percent) if agreed else None,
    )


def _problems(terms: SlaTerms, events: Sequence[ResponseEvent]) -> Iterator[Problem]:
    known = {one.id for one in terms.severities}
    for severity in sorted({event.severity for event in events} - known):
        yield Problem(
            "severity-unknown",
            f"The terms know no severity “{severity}”.",
            remedy=f"Map it to one of {', '.join(sorted(known))}.",
        )


def _judge(terms: SlaTerms, event: ResponseEvent, observed: int) -> Iterator[Judged]:
    severity = raised(terms, event.severity, event.category)
    target = terms.target(severity, event.metric)
    if target is None:
        return
    until = due_of(terms, target, event.received, event.pauses)
    if event.done is not None and event.done <= observed:
        yield Judged(event, severity, until, event.done <= until)
    else:
        yield Judged(event, severity, until, False if observed > until else None)


def due_of(terms: SlaTerms, target: Target, received: int, pauses: Sequence[Interval] = ()) -> int:
    """Return until when a target has to be kept, in epoch seconds.

    Pauses move only the clocks that the terms let them stop: reply clocks start anew instead.
    """
    stopped = [(instant(a), instant(b)) for a, b in pauses] if pauses else []
    if target.metric not in terms.pauses_stop:
        stopped = []
    end = due(instant(received), target.amount, terms.calendars[target.calendar], stopped)
    return int(end.timestamp())
