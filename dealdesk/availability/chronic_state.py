"""Where an agreement stands on repeated failure: which misses count, how many more give a right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Protocol

from dealdesk.terms.chronic import ChronicRule, chronic_since, recent_misses
from dealdesk.terms.periods import MeasuredPeriod
from dealdesk.terms.uptime import Uptime


class Measured(Protocol):
    """A period that was measured."""

    @property
    def period(self) -> MeasuredPeriod:
        """The period."""

    @property
    def uptime(self) -> Uptime:
        """Its seconds."""

    @property
    def is_met(self) -> bool:
        """Whether the objective was met."""


@dataclass(frozen=True, slots=True)
class ChronicState:
    """The misses that count together at the end of the last period, and the right they give.

    `since` names the period at whose end the right arose, `use_until` the last day to use it,
    `more` how many further misses would give it, `looked_back_to` the first period known.
    """

    misses: tuple[str, ...]
    more: int
    since: str | None
    use_until: date | None
    looked_back_to: str


def chronic_state(rule: ChronicRule, results: Sequence[Measured]) -> ChronicState:
    """Return the state at the end of the last of consecutive periods."""
    missed = [is_missed(rule, result) for result in results]
    years = [(result.period.after - timedelta(days=1)).year for result in results]
    last = recent_misses(rule, missed, len(missed) - 1, years)
    index = chronic_since(rule, missed, years)
    until = None
    if index is not None and rule.notice_days is not None:
        newest = max(i for i in range(index, len(missed)) if missed[i])
        until = results[newest].period.after + timedelta(days=rule.notice_days - 1)
    return ChronicState(
        misses=tuple(results[i].period.name for i in last),
        more=max(0, rule.missed - len(last)),
        since=results[index].period.name if index is not None else None,
        use_until=until,
        looked_back_to=results[0].period.name,
    )


def is_missed(rule: ChronicRule, result: Measured) -> bool:
    """Tell whether a period counts as missed: below the objective, or below the rule's own mark."""
    if rule.below is not None:
        return result.uptime.percent < Fraction(rule.below)
    return not result.is_met
