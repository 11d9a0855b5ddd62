"""Can we keep it? Past months under proposed terms: what would have been missed, and what due."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from dealdesk.availability.chronic_state import chronic_state
from dealdesk.availability.cover import PeriodNotCoveredError
from dealdesk.availability.credit_sheet import HUNDRED, credit_sheet
from dealdesk.availability.history import History
from dealdesk.availability.in_force import governing
from dealdesk.availability.measured_periods import (
    PeriodResult,
    measure_period,
    same_year,
    warnings_on,
)
from dealdesk.sla.availability_terms import Availability
from dealdesk.sla.model import SlaTerms
from dealdesk.terms.money import Money
from dealdesk.terms.opening import instant
from dealdesk.terms.periods import (
    MONTHS,
    MeasuredPeriod,
    PeriodKind,
    earlier_period,
    measured_period,
    period_holding,
)

_FEBRUARY, _LEAP_DAY = 2, 29
# Proposed terms are laid over the past: long enough before and after any history.
_FIRST_YEAR, _LAST = 1971, date(9000, 12, 31)


@dataclass(frozen=True, slots=True)
class KeptPeriod:
    """One past period under the proposed terms; `percent` None means that it is not covered."""

    name: str
    percent: Fraction | None
    is_met: bool | None
    down: Fraction | None
    budget: Fraction | None
    credit_percent: Fraction
    credit: Money | None
    note: str


@dataclass(frozen=True, slots=True)
class Keep:
    """The answer: the periods, oldest first, and what follows from them.

    `lowest` is the worst availability, the most that could have been promised and kept throughout;
    `chronic_since` the period at whose end a right to end the agreement would have arisen.
    """

    terms: SlaTerms
    periods: tuple[KeptPeriod, ...]
    lowest: Fraction | None
    chronic_since: str | None
    warnings: tuple[str, ...]

    @property
    def missed(self) -> tuple[KeptPeriod, ...]:
        """The periods that would have been missed."""
        return tuple(one for one in self.periods if one.is_met is False)

    @property
    def not_covered(self) -> tuple[KeptPeriod, ...]:
        """The periods of which not enough is known."""
        return tuple(one for one in self.periods if one.is_met is None)

    @property
    def credit_percent(self) -> Fraction:
        """The credits of all periods, in percent of one period's fee."""
        return sum((one.credit_percent for one in self.periods), Fraction(0))

    @property
    def is_kept(self) -> bool:
        """Whether every period is known and would have been met."""
        return bool(self.periods) and all(one.is_met for one in self.periods)


def can_we_keep(
    terms: SlaTerms,
    history: History,
    months: int = 12,
    fee: Money | None = None,
    observed: int | None = None,
) -> Keep:
    """Return how the last whole periods of so many months would have fared under proposed terms.

    The terms need not be in force yet: they are laid over the past. `fee` is the fee of one
    period, the same for all. Raise NoObjectiveError for terms without an objective.
    """
    seen = observed if observed is not None else history.covered_until
    own = governing((terms,)).availability
    if own is None:  # governing refuses it; this tells the type checker
        return Keep(terms, (), None, None, ())
    laid = _laid_over_the_past(terms)
    names = _last_periods(own, min(seen, history.covered_until), months)
    results = [_measured(laid, history, period, seen) for period in names]
    known = [one for one in results if isinstance(one, PeriodResult)]
    rule = terms.chronic
    return Keep(
        terms=terms,
        periods=tuple(
            _kept(laid, period, one, fee, results[:index])
            for index, (period, one) in enumerate(zip(names, results, strict=True))
        ),
        lowest=min((one.uptime.percent for one in known), default=None),
        chronic_since=chronic_state(rule, known).since if rule and known else None,
        warnings=tuple(dict.fromkeys(w for one in known for w in warnings_on(one, history))),
    )


def _laid_over_the_past(terms: SlaTerms) -> SlaTerms:
    """Return terms in force at all times, their contract years beginning on the same day."""
    month, day = terms.effective_from.month, terms.effective_from.day
    if (month, day) == (_FEBRUARY, _LEAP_DAY):
        day = _LEAP_DAY - 1
    return replace(terms, effective_from=date(_FIRST_YEAR, month, day), effective_until=_LAST)


def _last_periods(own: Availability, until: int, months: int) -> list[MeasuredPeriod]:
    """Return the periods of so many months that ended by an instant, oldest first."""
    step = 1 if own.period is PeriodKind.ROLLING_12_MONTHS else MONTHS[own.period]
    name = period_holding(own.period, instant(until), own.timezone, own.billing_day)
    last = measured_period(own.period, name, own.timezone, own.billing_day)
    periods: list[MeasuredPeriod] = [last] if last.span.end <= until else []
    while len(periods) < max(1, months // step):
        before = periods[0].name if periods else name
        periods.insert(0, earlier_period(own.period, before, own.timezone, own.billing_day))
    return periods


def _measured(
    terms: SlaTerms, history: History, period: MeasuredPeriod, observed: int
) -> PeriodResult | str:
    """Return a period's result, or why it has none."""
    try:
        return measure_period((terms,), history, period, observed)
    except PeriodNotCoveredError as error:
        return error.problems[0].message


def _kept(
    terms: SlaTerms,
    period: MeasuredPeriod,
    result: PeriodResult | str,
    fee: Money | None,
    earlier: list[PeriodResult | str],
) -> KeptPeriod:
    if isinstance(result, str):
        return KeptPeriod(period.name, None, None, None, None, Fraction(0), None, result)
    known = [one for one in earlier if isinstance(one, PeriodResult)]
    year = same_year(terms, [*known, result], period)
    share = credit_sheet(result.parts, HUNDRED, None, year)
    sheet = credit_sheet(result.parts, fee, None, year)
    return KeptPeriod(
        name=period.name,
        percent=result.uptime.percent,
        is_met=result.is_met,
        down=result.uptime.down,
        budget=result.budget,
        credit_percent=share.exact if share else Fraction(0),
        credit=sheet.due if sheet else None,
        note="",
    )
