"""A contract's availability in a period: seconds, exact share, verdict, credit, deadline, right.

The report is a function of the agreement's revisions, the history as of an observation time, and
the period; its worksheet is in whole seconds, so that another program can recompute it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from dealdesk.availability.chronic_state import ChronicState, chronic_state
from dealdesk.availability.credit_sheet import CreditSheet, credit_sheet
from dealdesk.availability.history import History
from dealdesk.availability.in_force import InForce, governing, in_force, period_of
from dealdesk.availability.measuring import Part, Step, measure_part, steps_of
from dealdesk.availability.responses import Compliance, ResponseEvent, compliance
from dealdesk.kernel.errors import DomainError
from dealdesk.sla.availability_terms import MeasureKind
from dealdesk.sla.model import SlaTerms
from dealdesk.terms.budget import downtime_budget
from dealdesk.terms.calendars import outside_frozen
from dealdesk.terms.credits import CreditTier
from dealdesk.terms.intervals import seconds_in
from dealdesk.terms.money import Money
from dealdesk.terms.periods import MeasuredPeriod, PeriodKind, Span, earlier_period
from dealdesk.terms.uptime import Uptime, union


class PeriodNotCoveredError(DomainError):
    """The history does not reach over the period; what is not known is never 100 %."""


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


@dataclass(frozen=True, slots=True)
class Report:
    """A period's result with its worksheet, credit, claim deadline and the chronic right."""

    terms: SlaTerms
    result: PeriodResult
    observed: int
    sheet: CreditSheet | None
    chronic: ChronicState | None
    compliance: Compliance | None
    warnings: tuple[str, ...]

    @property
    def objective(self) -> Decimal:
        """The promised share in percent, by the latest revision."""
        return self.terms.availability.objective if self.terms.availability else Decimal(0)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The worksheet's lines over all parts."""
        return tuple(step for part in self.result.parts for step in steps_of(part))

    @property
    def credit(self) -> Money | None:
        """The credit due, rounded to the currency; None where no fee or no credit is agreed."""
        return self.sheet.due if self.sheet else None

    @property
    def chronic_since(self) -> str | None:
        """The period at whose end the chronic-failure right arose, within the history known."""
        return self.chronic.since if self.chronic else None

    @property
    def claim_until(self) -> date | None:
        """The last day for a claim, where the period brings a credit and a deadline is agreed."""
        credits_ = self.result.parts[-1].in_force.terms.credits
        missed_response = self.compliance is not None and not self.compliance.is_met
        if credits_ is None or credits_.claim_days is None:
            return None
        if self.result.tier is None and not (missed_response and credits_.response):
            return None
        return self.result.period.after + timedelta(days=credits_.claim_days - 1)


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is asked: a named period as of an observation time, and what goes with it.

    `fee` is the fee of the period that credits are shares of, `responses` the support events
    where response times are to be judged too. With `to_date` a period that is not over is measured
    as far as it is known.
    """

    period: str
    observed: int
    fee: Money | None = None
    responses: Sequence[ResponseEvent] | None = None
    to_date: bool = False


def report(
    terms: SlaTerms, history: History, period: str, observed: int, fee: Money | None = None
) -> Report:
    """Return the report of a named period ("2028-02", "2028-Q1", "2028") by one revision."""
    return report_on((terms,), history, Question(period, observed, fee))


def report_on(revisions: Sequence[SlaTerms], history: History, question: Question) -> Report:
    """Return the report of a named period by all revisions of an agreement.

    Raise PeriodNotCoveredError where the history has a gap, NoObjectiveError without an objective.
    """
    latest, observed = governing(revisions), question.observed
    measured = period_of(revisions, question.period)
    result = measure_period(revisions, history, measured, observed, to_date=question.to_date)
    own = result.parts[-1].in_force.terms
    kept = (
        compliance(own, question.responses, measured.span, observed)
        if question.responses is not None
        else None
    )
    yearly = bool(question.fee and own.credits and own.credits.cap_per_year_percent is not None)
    back = (
        _looking_back(revisions, history, result, observed) if own.chronic or yearly else [result]
    )
    earlier = same_year(own, back, measured) if yearly else []
    return Report(
        terms=latest,
        result=result,
        observed=observed,
        sheet=credit_sheet(result.parts, question.fee, kept, earlier),
        chronic=_chronic(own, back),
        compliance=kept,
        warnings=(*warnings_on(result, history), *_frozen(own, question.responses, result)),
    )


def _chronic(terms: SlaTerms, results: Sequence[PeriodResult]) -> ChronicState | None:
    """Return the state at the end of the last period that is over: the rest is not decided."""
    over = [result for result in results if result.is_complete]
    return chronic_state(terms.chronic, over) if terms.chronic and over else None


def _frozen(
    terms: SlaTerms, responses: Sequence[ResponseEvent] | None, result: PeriodResult
) -> list[str]:
    """Return where responses were judged by calendars whose closed dates are not known."""
    if responses is None:
        return []
    names = {target.calendar for target in terms.targets}
    first, last = result.period.first.year, (result.period.after - timedelta(days=1)).year
    return [
        sentence
        for name in sorted(names)
        for sentence in outside_frozen(terms.calendars[name], first, last)
    ]


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
    _refuse_gap(found, history, observed, period)
    since = _first_in_force(revisions)
    parts = tuple(measure_part(one, history, observed, since) for one in found)
    to_come = whole - sum(one.span.seconds for one in found)
    return PeriodResult(period, parts, is_complete, to_come)


def _first_in_force(revisions: Sequence[SlaTerms]) -> int:
    first = min(terms.effective_from for terms in revisions)
    return int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())


def _refuse_gap(
    found: Sequence[InForce], history: History, observed: int, period: MeasuredPeriod
) -> None:
    holes = [
        hole for one in found for hole in history.uncovered(one.span.start, one.span.end, observed)
    ]
    if found and not holes:
        _refuse_uncounted(found, history, period)
        return
    since, known = (
        _instant(t) for t in (history.covered_from, min(history.covered_until, observed))
    )
    message = f"The history covers {since} to {known}, not all of {period.name}."
    inner = [hole for hole in holes if hole in history.gaps]
    if inner:
        spans = ", ".join(f"{_instant(a)} to {_instant(b)}" for a, b in inner)
        message = f"The history does not cover {spans}, so not all of {period.name}."
    raise PeriodNotCoveredError.of(
        "not-covered", message, remedy="Report the period again when its history is complete."
    )


def _refuse_uncounted(found: Sequence[InForce], history: History, period: MeasuredPeriod) -> None:
    """Refuse a contract that counts requests where the history has counted none."""
    missing = [
        hole
        for one in found
        if one.availability.measure is not MeasureKind.SECONDS_DOWN
        for hole in history.uncounted(one.span.start, one.span.end)
    ]
    if missing:
        start, end = missing[0]
        raise PeriodNotCoveredError.of(
            "not-counted",
            f"The contract counts requests, but from {_instant(start)} to {_instant(end)} none "
            f"were counted, so {period.name} can't be measured.",
            remedy="Import request counts for the whole period.",
        )


def _instant(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _looking_back(
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


def downtime_seconds(result: Report) -> int:
    """Return the seconds of the spans that counted, unweighted, overlaps once."""
    spans = union(Span(step.start, step.end) for step in result.steps if step.weight)
    return seconds_in((span.start, span.end) for span in spans)
