"""Periods measured part by part: whole or so far, never over a gap; and those before them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from dealdesk.availability.cover import PeriodNotCoveredError, refuse_gap
from dealdesk.availability.history import History
from dealdesk.availability.in_force import InForce, in_force
from dealdesk.availability.measuring import Part, measure_part
from dealdesk.sla.model import SlaTerms
from dealdesk.terms.budget import downtime_budget
from dealdesk.terms.credits import CreditTier
from dealdesk.terms.periods import MeasuredPeriod, PeriodKind, Span, earlier_period
from dealdesk.terms.uptime import Uptime


@dataclass(frozen=True, slots=True)
class PeriodResult:
    """One period measured: its parts by revision, and all of them together.

    Each part is judged by its own revision; the period is met when every part is. `is_complete` is
    false for a report to date: the verdict is then the one so far, and `to_come` are the seconds
    of the period that are not known yet.
    """

    period: MeasuredPeriod
    parts: tuple[Part, ...]
    is_complete: bool = True
    to_come: int = 0

    @property
    def uptime(self) -> Uptime:
        """The seconds of all parts."""
        if len(self.parts) == 1:
            return self.parts[0].uptime
        sums = [part.uptime for part in self.parts]
        return Uptime(
            sum(one.contracted for one in sums),
            sum(one.removed for one in sums),
            sum((one.down for one in sums), Fraction(0)),
        )

    @property
    def budget(self) -> Fraction:
        """The seconds of downtime that all parts allow."""
        return sum((part.budget for part in self.parts), Fraction(0))

    @property
    def left(self) -> Fraction:
        """The downtime that the whole period still has, should the rest be judged as the last."""
        objective = self.parts[-1].in_force.availability.objective
        return self.budget + downtime_budget(objective, self.to_come) - self.uptime.down

    @property
    def is_met(self) -> bool:
        """Whether every part met its objective."""
        return all(part.is_met for part in self.parts)

    @property
    def tier(self) -> CreditTier | None:
        """The tier of the part that fared worst, or None."""
        reached = [part.tier for part in self.parts if part.tier]
        return max(reached, key=lambda tier: tier.credit, default=None)


def measure_period(
    revisions: Sequence[SlaTerms],
    history: History,
    period: MeasuredPeriod,
    observed: int,
    *,
    to_date: bool = False,
) -> PeriodResult:
    """Return one period's result. Raise PeriodNotCoveredError for a gap."""
    found = in_force(revisions, period)
    if not found:
        raise PeriodNotCoveredError.of(
            "not-in-force", f"The contract is not in force in {period.name}."
        )
    known_until = min(history.covered_until, observed)
    is_complete = found[-1].span.end <= known_until
    whole = sum(one.span.seconds for one in found)
    if to_date and not is_complete:
        cut = Span(0, known_until)
        found = tuple(
            InForce(one.terms, one.availability, one.span.overlap(cut))
            for one in found
            if one.span.overlap(cut).seconds
        )
    refuse_gap(found, history, observed, period)
    since = _first_in_force(revisions)
    parts = tuple(measure_part(one, history, observed, since) for one in found)
    to_come = whole - sum(one.span.seconds for one in found)
    return PeriodResult(period, parts, is_complete, to_come)


def _first_in_force(revisions: Sequence[SlaTerms]) -> int:
    first = min(terms.effective_from for terms in revisions)
    return int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())


def looking_back(
    revisions: Sequence[SlaTerms], history: History, last: PeriodResult, observed: int
) -> list[PeriodResult]:
    """Return the periods up to the last one, as far back as they matter and are known."""
    terms = last.parts[-1].in_force.terms
    own = last.parts[-1].in_force.availability
    rule = terms.chronic
    wanted = max((rule.window + rule.missed) if rule else 1, _PERIODS_A_YEAR[own.period])
    results = [last]
    while len(results) < wanted:
        first = results[0].period
        before = earlier_period(own.period, first.name, own.timezone, own.billing_day)
        try:
            results.insert(0, measure_period(revisions, history, before, observed))
        except PeriodNotCoveredError:
            break
    return results


_PERIODS_A_YEAR = {
    PeriodKind.CALENDAR_MONTH: 12,
    PeriodKind.BILLING_MONTH: 12,
    PeriodKind.ROLLING_12_MONTHS: 12,
    PeriodKind.CALENDAR_QUARTER: 4,
    PeriodKind.CALENDAR_YEAR: 1,
}


def same_year(
    terms: SlaTerms, results: Sequence[PeriodResult], last: MeasuredPeriod
) -> list[tuple[Part, ...]]:
    """Return the parts of the earlier periods that end in the same contract year as the last."""
    start = terms.effective_from
    year = _contract_year(start, last.after - timedelta(days=1))
    return [
        result.parts
        for result in results[:-1]
        if _contract_year(start, result.period.after - timedelta(days=1)) == year
    ]


def _contract_year(start: date, day: date) -> int:
    return day.year - start.year - ((day.month, day.day) < (start.month, start.day))


def warnings_on(result: PeriodResult, history: History) -> list[str]:
    """Return what a reader should know: samples that are coarser than the downtime allowed."""
    warnings = []
    for part in result.parts:
        budget = downtime_budget(part.in_force.availability.objective, part.uptime.base)
        if history.resolution and budget < history.resolution:
            warnings.append(
                f"The history is sampled every {history.resolution} s, but "
                f"{part.in_force.availability.objective} % allows only {float(budget):.2f} s: one "
                "bad sample is a miss."
            )
    if any(impact.end is None for part in result.parts for impact, _, _ in part.impacts):
        warnings.append("An incident goes on; it counts up to the observation.")
    if not result.is_complete:
        warnings.append(
            "The period is not over; the verdict is the one so far. "
            f"{max(0, int(result.left)):,} s of downtime are left for all of it."
        )
    return warnings
