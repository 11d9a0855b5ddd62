"""Many agreements at once: what is promised to whom, who has to be there when, what is at stake."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from dealdesk.availability.credit_sheet import HUNDRED, credit_sheet
from dealdesk.availability.history import History, Impact
from dealdesk.availability.in_force import period_of
from dealdesk.availability.report import PeriodResult, measure_period
from dealdesk.sla.availability_terms import MeasureKind
from dealdesk.sla.lint import seconds_at_most
from dealdesk.sla.model import SlaTerms, Target
from dealdesk.terms.calendars import Calendar
from dealdesk.terms.credits import rounded
from dealdesk.terms.intervals import Intervals, clipped, joined, seconds_in
from dealdesk.terms.money import Money
from dealdesk.terms.opening import instant, opening_of
from dealdesk.terms.periods import midnight, period_holding

_WEEK = 7
_EVER = 2**40


@dataclass(frozen=True, slots=True)
class Level:
    """An availability objective, and the agreements that promise it."""

    objective: Decimal
    agreements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Strictest:
    """The shortest promise for a severity and metric, and all who were promised anything."""

    severity: str
    metric: str
    target: Target
    seconds: int
    agreements: tuple[str, ...]
    promised_to: int


@dataclass(frozen=True, slots=True)
class Staffing:
    """When somebody has to be there for a severity: hours of one week, in a zone.

    `calendar` is None for day and night; else it is open while any agreement's calendar is.
    """

    severity: str
    calendar: Calendar | None
    week: Intervals
    hours: Fraction


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
class Portfolio:
    """Promises by level, the strictest of each kind, the staffing that follows, and exposure."""

    agreements: tuple[str, ...]
    levels: tuple[Level, ...]
    strictest: tuple[Strictest, ...]
    staffing: tuple[Staffing, ...]
    exposure: tuple[Exposed, ...]

    def credits(self) -> tuple[Money, ...]:
        """Return the credits at stake, a sum for each currency."""
        sums: dict[str, Decimal] = {}
        for one in self.exposure:
            if one.credit:
                sums[one.credit.currency] = (
                    sums.get(one.credit.currency, Decimal()) + one.credit.amount
                )
        return tuple(Money(amount, currency) for currency, amount in sorted(sums.items()))


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage of everything that begins at an instant, with what is known of the period so far.

    `fees` are the fees of a period by agreement.
    """

    at: datetime
    seconds: int
    history: History | None = None
    fees: Mapping[str, Money] | None = None


def in_force_on(terms: Sequence[SlaTerms], day: date) -> tuple[SlaTerms, ...]:
    """Return the revision of each agreement that is in force on a day, by agreement."""
    current: dict[str, SlaTerms] = {}
    for one in sorted(terms, key=lambda t: t.revision):
        if one.effective_from <= day <= one.effective_until:
            current[one.id] = one
    return tuple(current[id_] for id_ in sorted(current))


def portfolio(terms: Sequence[SlaTerms], outage: Outage, zone: str = "UTC") -> Portfolio:
    """Return the view over the agreements that are in force when the outage would begin."""
    day = outage.at.astimezone(ZoneInfo(zone)).date()
    current = in_force_on(terms, day)
    return Portfolio(
        agreements=tuple(one.id for one in current),
        levels=_levels(current),
        strictest=tuple(_strictest(current)),
        staffing=tuple(_staffing(current, day, zone)),
        exposure=tuple(_exposed(one, outage) for one in current if one.availability is not None),
    )


def _levels(terms: Sequence[SlaTerms]) -> tuple[Level, ...]:
    by_objective: dict[Decimal, list[str]] = {}
    for one in terms:
        if one.availability is not None:
            by_objective.setdefault(one.availability.objective, []).append(one.id)
    return tuple(
        Level(objective, tuple(by_objective[objective]))
        for objective in sorted(by_objective, reverse=True)
    )


def _promised(
    terms: Sequence[SlaTerms],
) -> dict[tuple[int, str, str], list[tuple[SlaTerms, Target]]]:
    """Return every promise by rank, severity and metric; severities meet by their rank's name."""
    found: dict[tuple[int, str, str], list[tuple[SlaTerms, Target]]] = {}
    for one in terms:
        ranks = {severity.id: severity.rank for severity in one.severities}
        for target in one.targets:
            key = (ranks[target.severity], target.severity, target.metric)
            found.setdefault(key, []).append((one, target))
    return found


def _strictest(terms: Sequence[SlaTerms]) -> Iterator[Strictest]:
    for (_, severity, metric), promised in sorted(_promised(terms).items()):
        # Of two equal times the one that runs day and night is the stricter.
        def strictness(pair: tuple[SlaTerms, Target]) -> tuple[int, bool]:
            own, target = pair
            return seconds_at_most(target, own), not own.calendars[target.calendar].always_open

        least = min(map(strictness, promised))
        shortest = [pair for pair in promised if strictness(pair) == least]
        yield Strictest(
            severity=severity,
            metric=metric,
            target=shortest[0][1],
            seconds=least[0],
            agreements=tuple(own.id for own, _ in shortest),
            promised_to=len(promised),
        )


def _staffing(terms: Sequence[SlaTerms], day: date, zone: str) -> Iterator[Staffing]:
    monday = day - timedelta(days=day.weekday())
    first, last = midnight(monday, zone), midnight(monday + timedelta(days=_WEEK), zone)
    calendars: dict[tuple[int, str], dict[Calendar, None]] = {}
    for (rank, severity, _), promised in _promised(terms).items():
        own = calendars.setdefault((rank, severity), {})
        own.update(dict.fromkeys(one.calendars[target.calendar] for one, target in promised))
    for (_, severity), found in sorted(calendars.items()):
        if any(calendar.always_open for calendar in found):
            week: Intervals = ((first, last),)
            yield Staffing(severity, None, week, Fraction(last - first, 3600))
            continue
        parts = tuple(part for one in found for part in (one.parts or (one,)))
        union = Calendar(f"{severity} staffing", zone, (), parts=parts)
        days = (monday + timedelta(days=n) for n in range(-1, _WEEK + 1))
        spans = joined(span for one in days for span in opening_of(union).spans(one))
        week = clipped(spans, first, last)
        yield Staffing(severity, union, week, Fraction(seconds_in(week), 3600))


def _exposed(terms: SlaTerms, outage: Outage) -> Exposed:
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


def week_text(staffing: Staffing, zone: str) -> Iterator[str]:
    """Yield the hours of a week, one stretch each: "Mon 09:00 to 18:00"."""
    local = ZoneInfo(zone)
    for start, end in staffing.week:
        a, b = (instant(at).astimezone(local) for at in (start, end))
        until = f"{b:%H:%M}" if a.date() == b.date() else f"{b:%a %H:%M}"
        yield f"{a:%a %H:%M} to {until}"
