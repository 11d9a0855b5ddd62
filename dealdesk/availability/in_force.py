"""Which revision of an agreement's terms is in force at each second of a period."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

from dealdesk.kernel.errors import DomainError
from dealdesk.sla.availability_terms import Availability
from dealdesk.sla.model import SlaTerms
from dealdesk.terms.periods import MeasuredPeriod, Span, measured_period, midnight


class NoObjectiveError(DomainError):
    """The terms state no availability objective."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A span of a period and the revision in force in it."""

    terms: SlaTerms
    availability: Availability
    span: Span


def governing(revisions: Sequence[SlaTerms]) -> SlaTerms:
    """Return the latest revision that promises availability. Raise NoObjectiveError without one."""
    promised = [terms for terms in revisions if terms.availability is not None]
    if not promised:
        raise NoObjectiveError.of("no-objective", "The terms state no availability objective.")
    ids = sorted({terms.id for terms in revisions})
    if len(ids) > 1:
        raise DomainError.of(
            "several-agreements",
            f"These are terms of {len(ids)} agreements: {', '.join(ids)}.",
            remedy="Give the revisions of one agreement.",
        )
    numbers = [terms.revision for terms in revisions]
    twice = [number for number in numbers if numbers.count(number) > 1]
    if twice:
        raise DomainError.of(
            "revision-twice",
            f"Revision {twice[0]} of {ids[0]} is given twice.",
            remedy="Give each revision once.",
        )
    return max(promised, key=lambda terms: terms.revision)


def period_of(revisions: Sequence[SlaTerms], name: str) -> MeasuredPeriod:
    """Return the named period by the kind and zone of the revision in force at its end."""
    promised = governing(revisions).availability
    for terms in sorted(revisions, key=lambda t: -t.revision):
        own = terms.availability
        if own is not None:
            period = measured_period(own.period, name, own.timezone, own.billing_day)
            if period.span.overlap(_span(terms, own)).seconds:
                return period
    if promised is None:
        raise NoObjectiveError.of("no-objective", "The terms state no availability objective.")
    return measured_period(promised.period, name, promised.timezone, promised.billing_day)


def in_force(revisions: Sequence[SlaTerms], period: MeasuredPeriod) -> tuple[InForce, ...]:
    """Return the parts of a period in which each revision is in force, in order.

    At each second the highest revision whose time has come counts. Neighbours that promise the
    same about availability are one part, so that other amendments don't divide a period.
    """
    if len(revisions) == 1:
        terms, own = revisions[0], revisions[0].availability
        if own is None:
            return ()
        span = period.span.overlap(_span(terms, own))
        return (InForce(terms, own, span),) if span.seconds else ()
    return tuple(_merged(_parts(revisions, period)))


def _span(terms: SlaTerms, own: Availability) -> Span:
    """Return when a revision is in force, in the zone of its availability."""
    return Span(
        midnight(terms.effective_from, own.timezone),
        midnight(terms.effective_until + timedelta(days=1), own.timezone),
    )


def _parts(revisions: Sequence[SlaTerms], period: MeasuredPeriod) -> list[InForce]:
    spans = [
        InForce(terms, own, period.span.overlap(_span(terms, own)))
        for terms in sorted(revisions, key=lambda t: -t.revision)
        if (own := terms.availability) is not None
    ]
    edges = sorted({edge for one in spans for edge in (one.span.start, one.span.end)})
    parts: list[InForce] = []
    for start, end in pairwise(edges):
        best = next((o for o in spans if o.span.start <= start and end <= o.span.end), None)
        if best is not None and start < end:
            parts.append(replace(best, span=Span(start, end)))
    return parts


def _merged(parts: list[InForce]) -> list[InForce]:
    merged: list[InForce] = []
    for part in parts:
        last = merged[-1] if merged else None
        if (
            last is not None
            and last.span.end == part.span.start
            and (last.availability, last.terms.credits) == (part.availability, part.terms.credits)
        ):
            merged[-1] = InForce(
                part.terms, part.availability, Span(last.span.start, part.span.end)
            )
        else:
            merged.append(part)
    return merged
