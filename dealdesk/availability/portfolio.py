"""Many agreements at once: what is promised to whom, who has to be there when, what is at stake."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from dealdesk.availability.exposure import Exposed, Outage, exposed_to
from dealdesk.availability.staffing import Staffing, promised_by, staffing_of
from dealdesk.sla.lint import seconds_at_most
from dealdesk.sla.model import SlaTerms, Target
from dealdesk.terms.money import Money


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
        staffing=tuple(staffing_of(current, day, zone)),
        exposure=tuple(exposed_to(one, outage) for one in current if one.availability is not None),
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


def _strictest(terms: Sequence[SlaTerms]) -> Iterator[Strictest]:
    for (_, severity, metric), promised in sorted(promised_by(terms).items()):
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
