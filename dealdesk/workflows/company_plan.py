"""What the demo's company sells: sixty deals drawn from one seed, the same for the same day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from dealdesk.kernel.located_yaml import Data

DEALS = 60
_SEED = 20261126
_SPAN = timedelta(days=548)  # eighteen months


class Outcome(StrEnum):
    """How far a deal of the plan has come."""

    DRAFT = "draft"
    ASKED = "asked"
    PARTLY = "partly decided"
    REJECTED = "rejected"
    APPROVED = "approved"
    NEGOTIATION = "negotiation"
    SIGNATURE = "signature"
    SIGNED = "signed"
    LOST = "lost"


# How many deals of each outcome; those that are open are the younger ones.
_OUTCOMES: Mapping[Outcome, int] = {
    Outcome.SIGNED: 22,
    Outcome.LOST: 7,
    Outcome.NEGOTIATION: 7,
    Outcome.SIGNATURE: 3,
    Outcome.APPROVED: 4,
    Outcome.REJECTED: 2,
    Outcome.PARTLY: 4,
    Outcome.ASKED: 5,
    Outcome.DRAFT: 6,
}
_OPEN = frozenset({Outcome.DRAFT, Outcome.ASKED, Outcome.PARTLY, Outcome.APPROVED})
_PLANS = (("business", "BUSINESS"), ("enterprise", "ENTERPRISE"), ("strategic", "STRATEGIC"))
_DISCOUNTS = ("0", "5", "8", "10", "12", "15", "18", "22", "25", "28", "32", "38")
_DEVIATIONS = (
    ("uptime", "fallback-1"),
    ("uptime", "fallback-2"),
    ("severity", "fallback-1"),
    ("renewal", "fallback-1"),
    ("renewal", "fallback-2"),
    ("liability", "fallback-1"),
    ("liability", "fallback-2"),
    ("publicity", "fallback-1"),
    ("insurance", "fallback-1"),
)
_TITLES = ("Platform for {}", "{} seats for {}", "Roll-out at {}", "First order of {}")


@dataclass(frozen=True, slots=True)
class PlannedDeal:
    """One deal of the plan: whose, for which account, what is in it, and how far it comes."""

    account: int
    title: str
    at: datetime
    outcome: Outcome
    tier: str
    lines: tuple[Mapping[str, Data], ...]
    months: int
    payment_days: int
    deviations: tuple[tuple[str, str], ...]
    pace: float  # working hours that a decision takes, on average


def plan_deals(names: Sequence[str], now: datetime) -> Iterator[PlannedDeal]:
    """Yield the deals in the order in which they began; `names` are the accounts'."""
    chance = Random(_SEED)  # noqa: S311 - a demo, not a secret
    outcomes = [outcome for outcome, count in _OUTCOMES.items() for _ in range(count)]
    for index, outcome in enumerate(sorted(outcomes, key=lambda one: one in _OPEN)):
        yield _deal(chance, names, index, outcome, now)


def _deal(
    chance: Random, names: Sequence[str], index: int, outcome: Outcome, now: datetime
) -> PlannedDeal:
    account = chance.randrange(len(names))
    tier, sku = chance.choices(_PLANS, (5, 4, 2))[0]
    return PlannedDeal(
        account=account,
        title=_title(chance, names[account]),
        at=_begun(chance, index, outcome, now),
        outcome=outcome,
        tier=tier,
        lines=tuple(_lines(chance, sku)),
        months=chance.choices((12, 24, 36, 48), (5, 2, 4, 1))[0],
        payment_days=chance.choices((30, 45, 60), (7, 2, 1))[0],
        deviations=_deviations(chance),
        pace=chance.uniform(0.5, 9.0),
    )


def _title(chance: Random, name: str) -> str:
    words = chance.choice(_TITLES)
    short = " ".join(name.split()[:2])
    if words.count("{}") == 1:
        return words.format(short)
    return words.format(chance.choice((50, 120, 200, 350)), short)


def _begun(chance: Random, index: int, outcome: Outcome, now: datetime) -> datetime:
    """Return when a deal began: spread over the months, those that are open in the last weeks."""
    if outcome in _OPEN:
        return now - timedelta(hours=chance.uniform(20, 24 * 12))
    settled = sum(count for one, count in _OUTCOMES.items() if one not in _OPEN)
    part = (index + chance.random()) / settled
    return now - _SPAN + part * (_SPAN - timedelta(days=21))


def _lines(chance: Random, sku: str) -> Iterator[Mapping[str, Data]]:
    quantity = chance.choice((25, 40, 60, 100, 150, 250, 400))
    discount = chance.choices(_DISCOUNTS, (9, 6, 5, 6, 5, 5, 4, 3, 3, 2, 1, 1))[0]
    yield {"sku": sku, "quantity": quantity, "discount_pct": discount}
    if chance.random() < 0.35:  # noqa: PLR2004 - about every third deal
        yield {"sku": "ONBOARD", "quantity": 1}


def _deviations(chance: Random) -> tuple[tuple[str, str], ...]:
    count = chance.choices((0, 1, 2, 3), (4, 4, 3, 1))[0]
    found: dict[str, str] = {}
    for instance, position in chance.sample(_DEVIATIONS, count):
        found.setdefault(instance, position)
    return tuple(found.items())
