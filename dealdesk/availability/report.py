"""A contract's availability in a period: seconds, exact share, verdict, credit, deadline, right.

The report is a function of the agreement's revisions, the history as of an observation time, and
the period; its worksheet is in whole seconds, so that another program can recompute it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dealdesk.availability.chronic_state import ChronicState, chronic_state
from dealdesk.availability.credit_sheet import CreditSheet, credit_sheet
from dealdesk.availability.history import History
from dealdesk.availability.in_force import governing, period_of
from dealdesk.availability.measured_periods import (
    PeriodResult,
    looking_back,
    measure_period,
    same_year,
    warnings_on,
)
from dealdesk.availability.responses import Compliance, ResponseEvent, compliance
from dealdesk.availability.steps import Step, steps_of
from dealdesk.sla.model import SlaTerms
from dealdesk.terms.calendars import outside_frozen
from dealdesk.terms.intervals import seconds_in
from dealdesk.terms.money import Money
from dealdesk.terms.periods import Span
from dealdesk.terms.uptime import union


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
    back = looking_back(revisions, history, result, observed) if own.chronic or yearly else [result]
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


def downtime_seconds(result: Report) -> int:
    """Return the seconds of the spans that counted, unweighted, overlaps once."""
    spans = union(Span(step.start, step.end) for step in result.steps if step.weight)
    return seconds_in((span.start, span.end) for span in spans)
