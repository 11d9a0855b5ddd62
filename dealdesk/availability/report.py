"""A contract's availability in a period: seconds, exact share, verdict, credit, deadline, right.

The report is a function of terms, history as of an observation time, and period; its worksheet is
in whole seconds, so that another program can recompute it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from dealdesk.availability.history import History, Impact
from dealdesk.availability.maintenance import allowed_maintenance
from dealdesk.kernel.errors import DomainError
from dealdesk.sla.availability_terms import Availability
from dealdesk.sla.model import SlaTerms
from dealdesk.terms.budget import downtime_budget
from dealdesk.terms.chronic import chronic_since
from dealdesk.terms.credits import CreditTier, credit_of, tier_of
from dealdesk.terms.money import Money
from dealdesk.terms.periods import (
    MONTHS,
    MeasuredPeriod,
    Span,
    midnight,
    period_name,
    previous_period,
    read_period,
)
from dealdesk.terms.uptime import Uptime, Weighted, measure, total, union

DEFAULT_WEIGHTS = {"major_outage": Fraction(1), "partial_outage": Fraction(1)}
_DAYS = 86_400


class PeriodNotCoveredError(DomainError):
    """The history does not reach over the period; what is not known is never 100 %."""


class NoObjectiveError(DomainError):
    """The terms state no availability objective."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the worksheet: a span that counted or did not, and why."""

    kind: str
    start: int
    end: int
    weight: Fraction
    note: str


@dataclass(frozen=True, slots=True)
class PeriodResult:
    """One period measured."""

    period: MeasuredPeriod
    uptime: Uptime
    budget: Fraction
    is_met: bool
    tier: CreditTier | None


@dataclass(frozen=True, slots=True)
class Report:
    """A period's result with its worksheet, credit, claim deadline and the chronic right."""

    terms: SlaTerms
    result: PeriodResult
    observed: int
    steps: tuple[Step, ...]
    credit: Money | None
    claim_until: date | None
    chronic_since: str | None

    @property
    def objective(self) -> Decimal:
        """The promised share in percent."""
        return self.terms.availability.objective if self.terms.availability else Decimal(0)


def report(
    terms: SlaTerms, history: History, period: str, observed: int, fee: Money | None = None
) -> Report:
    """Return the report of a named period ("2028-02", "2028-Q1", "2028").

    `fee` is the fee of the period that credits are shares of. Raise PeriodNotCoveredError where
    the history has a gap, NoObjectiveError without an objective.
    """
    availability = terms.availability
    if availability is None:
        raise NoObjectiveError.of("no-objective", "The terms state no availability objective.")
    measured = _named_period(period, availability)
    result, steps = measure_period(terms, availability, history, measured, observed)
    credits_ = terms.credits
    tier = result.tier
    return Report(
        terms=terms,
        result=result,
        observed=observed,
        steps=steps,
        credit=credit_of(fee, tier, credits_.cap_percent) if fee and credits_ else None,
        claim_until=(
            measured.after - timedelta(days=1) + timedelta(days=credits_.claim_days)
            if tier and credits_ and credits_.claim_days is not None
            else None
        ),
        chronic_since=_chronic(terms, availability, history, measured, observed),
    )


def _named_period(name: str, availability: Availability) -> MeasuredPeriod:
    measured = read_period(name, availability.timezone)
    months = (measured.after.year - measured.first.year) * 12 + (
        measured.after.month - measured.first.month
    )
    if months != MONTHS[availability.period]:
        words = availability.period.value.replace("_", " ")
        raise DomainError.of(
            "other-period",
            f"“{name}” is not a {words}, over which this contract measures.",
            remedy=f"Use {period_name(measured.first, MONTHS[availability.period])}.",
        )
    return measured


def measure_period(
    terms: SlaTerms,
    availability: Availability,
    history: History,
    period: MeasuredPeriod,
    observed: int,
) -> tuple[PeriodResult, tuple[Step, ...]]:
    """Return one period's result and worksheet. Raise PeriodNotCoveredError for a gap."""
    contracted = contracted_span(terms, availability, period)
    _refuse_gap(contracted, history, observed, period)
    impacts = list(_impacts(availability, history, contracted, observed))
    allowed, refused = allowed_maintenance(availability, history.maintenance, contracted)
    weighted = [Weighted(Span(i.start, i.end), i.weight) for i in impacts]
    weighted += [Weighted(span) for span, _ in refused]
    uptime = measure([contracted], weighted, allowed, availability.maintenance.basis)
    percent = uptime.percent
    is_met = percent >= Fraction(availability.objective)
    tiers = terms.credits.tiers if terms.credits else ()
    result = PeriodResult(
        period=period,
        uptime=uptime,
        budget=downtime_budget(availability.objective, uptime.base),
        is_met=is_met,
        tier=None if is_met else tier_of(percent, tiers),
    )
    basis = availability.maintenance.basis.value.replace("_", " ")
    works = [Step("maintenance", s.start, s.end, Fraction(0), basis) for s in union(allowed)]
    late = [Step("maintenance", s.start, s.end, Fraction(1), why) for s, why in refused]
    return result, tuple(sorted([*impacts, *works, *late], key=lambda s: (s.start, s.end, s.kind)))


def contracted_span(terms: SlaTerms, availability: Availability, period: MeasuredPeriod) -> Span:
    """Return the part of a period in which the contract is in force."""
    start = midnight(terms.effective_from, availability.timezone)
    end = midnight(terms.effective_until + timedelta(days=1), availability.timezone)
    return period.span.overlap(Span(start, end))


def _refuse_gap(contracted: Span, history: History, observed: int, period: MeasuredPeriod) -> None:
    until = min(history.covered_until, observed)
    if contracted.seconds == 0:
        raise PeriodNotCoveredError.of(
            "not-in-force", f"The contract is not in force in {period.name}."
        )
    if history.covered_from > contracted.start or until < contracted.end:
        since, known = (_instant(t) for t in (history.covered_from, until))
        raise PeriodNotCoveredError.of(
            "not-covered",
            f"The history covers {since} to {known}, not all of {period.name}.",
            remedy="Report the period again when its history is complete.",
        )


def _instant(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _impacts(
    availability: Availability, history: History, contracted: Span, observed: int
) -> Iterator[Step]:
    weights = {s: Fraction(w) for s, w in availability.weights.items()} or DEFAULT_WEIGHTS
    for impact in history.as_of(observed):
        span = Span(impact.start, impact.end if impact.end is not None else observed)
        weight = weights.get(impact.status, Fraction(0))
        inside = contracted.overlap(span)
        if inside.seconds == 0:
            continue
        note = impact.status.replace("_", " ") + (" (goes on)" if impact.end is None else "")
        if span.seconds < availability.min_incident_seconds:
            weight, note = Fraction(0), f"{note}, shorter than the contract counts"
        yield Step(_component(impact), inside.start, inside.end, weight, note)


def _component(impact: Impact) -> str:
    return f"impact {impact.id} ({impact.component})"


def _chronic(
    terms: SlaTerms,
    availability: Availability,
    history: History,
    last: MeasuredPeriod,
    observed: int,
) -> str | None:
    """Return the period at whose end the chronic-failure right arose, within the history known."""
    if terms.chronic is None:
        return None
    periods = [last]
    while len(periods) < terms.chronic.window + terms.chronic.missed:
        before = previous_period(periods[0], availability.timezone)
        span = contracted_span(terms, availability, before)
        if span.seconds == 0 or history.covered_from > span.start:
            break
        periods.insert(0, before)
    missed = [
        not measure_period(terms, availability, history, period, observed)[0].is_met
        for period in periods
    ]
    index = chronic_since(terms.chronic, missed)
    return periods[index].name if index is not None else None


def downtime_seconds(result: Report) -> int:
    """Return the seconds of the spans that counted, unweighted, overlaps once."""
    return total(Span(step.start, step.end) for step in result.steps if step.weight)
