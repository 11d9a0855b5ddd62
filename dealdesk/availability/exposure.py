"""What an outage that begins at an instant would cost in an agreement: a forecast."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from dealdesk.availability.credit_sheet import HUNDRED, credit_sheet
from dealdesk.availability.history import History, Impact
from dealdesk.availability.in_force import period_of
from dealdesk.availability.measured_periods import PeriodResult, measure_period
from dealdesk.sla.availability_terms import MeasureKind
from dealdesk.sla.model import SlaTerms
from dealdesk.terms.credits import rounded
from dealdesk.terms.money import Money
from dealdesk.terms.periods import period_holding

_EVER = 2**40


@dataclass(frozen=True, slots=True)
class Exposed:
    """What an outage would cost in one agreement, beyond what its period has brought already."""

    agreement: str
    period: str
    percent_before: Fraction
    percent_after: Fraction
    is_met_after: bool
    credit_percent: Fraction
    credit: Money | None


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage of everything that begins at an instant, with what is known of the period so far.

    `fees` are the fees of a period by agreement.
    """

    at: datetime
    seconds: int
    history: History | None = None
    fees: Mapping[str, Money] | None = None


def exposed_to(terms: SlaTerms, outage: Outage) -> Exposed:
    """Return what the outage adds to the period in which it begins.

    What is not known of the period is taken as up, and agreements that count requests are taken
    by the second: this is a forecast, not a report.
    """
    if terms.availability is None:  # the caller asks only for agreements that promise it
        msg = f"{terms.id} promises no availability"
        raise ValueError(msg)
    own = replace(terms.availability, measure=MeasureKind.SECONDS_DOWN)
    terms = replace(terms, availability=own)
    name = period_holding(own.period, outage.at, own.timezone, own.billing_day)
    period = period_of((terms,), name)
    begin = int(outage.at.timestamp())
    names = [one.id for one in own.components] or [""]
    added = tuple(
        Impact(f"outage {c}", c, "major_outage", begin, begin + outage.seconds, begin)
        for c in names
    )
    base = _as_if_known(outage)
    after = replace(base, impacts=(*base.impacts, *added))
    results = [measure_period((terms,), one, period, _EVER) for one in (base, after)]
    shares = [_credit(result, HUNDRED) for result in results]
    fee = (outage.fees or {}).get(terms.id)
    due = [rounded(_credit(result, fee), fee.currency).amount for result in results] if fee else []
    return Exposed(
        agreement=terms.id,
        period=name,
        percent_before=results[0].uptime.percent,
        percent_after=results[1].uptime.percent,
        is_met_after=results[1].is_met,
        credit_percent=shares[1] - shares[0],
        credit=Money(due[1] - due[0], fee.currency) if fee else None,
    )


def _as_if_known(outage: Outage) -> History:
    """Return what is known as if nothing else were to be known; what goes on ends with the outage.

    A forecast has to assume something of the time that nobody has seen.
    """
    if outage.history is None:
        return History(0, _EVER, (), ())
    begin = int(outage.at.timestamp())
    known = outage.history.known_at(max(begin, outage.history.covered_until))
    impacts = tuple(
        replace(one, end=max(one.start, begin + outage.seconds)) if one.end is None else one
        for one in known.impacts
    )
    return History(0, _EVER, impacts, known.works)


def _credit(result: PeriodResult, fee: Money) -> Fraction:
    sheet = credit_sheet(result.parts, fee, None)
    return sheet.exact if sheet else Fraction(0)
