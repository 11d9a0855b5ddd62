"""Compare the insurance that a contract would promise with the programme that is placed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dealdesk.approvals.facts import InsuranceAsk
from dealdesk.approvals.policy import Cover, Programme
from dealdesk.deals.order import FxRates
from dealdesk.terms.formatting import format_money
from dealdesk.terms.locales import locale_of
from dealdesk.terms.money import Money


@dataclass(frozen=True, slots=True)
class InsuranceFault:
    """A limit that is asked and not placed; `asked` and `placed` are words."""

    ask: InsuranceAsk
    asked: str
    placed: str
    message: str


def insurance_faults(
    asks: Sequence[InsuranceAsk], programme: Programme, fx: FxRates, dated_on: date | None = None
) -> Iterator[InsuranceFault]:
    """Yield each ask that the programme on file does not meet.

    Coverages of one cover share its limits, so what is asked of them together has to fit. An
    umbrella adds to the cover that it stands over. Limits in another currency are compared at
    the policy's dated rate; without a rate they count as not met. A programme that ended before
    the deal's date meets nothing.
    """
    if dated_on is not None and programme.expires_on < dated_on:
        ended = f"ended on {programme.expires_on.isoformat()}"
        for ask in asks:
            words = f"{ask.title}: the programme on file {ended}."
            yield InsuranceFault(ask, _shown(ask.per_claim), ended, words)
        return
    for ask in asks:
        cover = _cover_of(ask.coverage, programme)
        if cover is None:
            words = f"{ask.title} is not on file."
            yield InsuranceFault(ask, _shown(ask.per_claim), "not on file", words)
        elif not cover.is_statutory:
            yield from _limit_faults(ask, cover, asks, programme, fx)


def _limit_faults(
    ask: InsuranceAsk, cover: Cover, asks: Sequence[InsuranceAsk], programme: Programme, fx: FxRates
) -> Iterator[InsuranceFault]:
    shared = [other for other in asks if other.coverage in cover.coverages]
    umbrellas = _umbrellas(cover, ask.coverage, programme)
    for limit_of in (_per_claim, _aggregate):
        limit = limit_of(ask)
        placed = _sum([limit_of(one) for one in (cover, *umbrellas)], fx)
        together = _sum([limit_of(other) for other in shared], fx)
        if limit is None or placed is None or (together is not None and together <= placed):
            continue
        yield InsuranceFault(
            ask,
            _shown(limit),
            f"{_shown(placed)} placed",
            _fault_words(ask, limit, placed, len(shared)),
        )
        return


def _per_claim(one: InsuranceAsk | Cover) -> Money | None:
    return one.per_claim


def _aggregate(one: InsuranceAsk | Cover) -> Money | None:
    return one.aggregate


def _fault_words(ask: InsuranceAsk, limit: Money, placed: Money, sharing: int) -> str:
    together = " together with what shares its limit" if sharing > 1 else ""
    return f"{ask.title} of {_shown(limit)}{together} is above the {_shown(placed)} that is placed."


def _cover_of(coverage: str, programme: Programme) -> Cover | None:
    found = (c for c in programme.covers if coverage in c.coverages and not c.over)
    return next(found, None)


def _umbrellas(cover: Cover, coverage: str, programme: Programme) -> list[Cover]:
    return [c for c in programme.covers if c.over == cover.id and coverage in c.coverages]


def _sum(limits: Sequence[Money | None], fx: FxRates) -> Money | None:
    """Return the sum in the programme's currency; None when a known limit has no rate."""
    given = [limit for limit in limits if limit is not None]
    converted = [fx.converted(limit) for limit in given]
    known = [limit for limit in converted if limit is not None]
    if not known or len(known) < len(given):
        return None
    return sum(known[1:], known[0])


def _shown(limit: Money | None) -> str:
    return format_money(limit, locale_of("en")) if limit else "what the law asks"
