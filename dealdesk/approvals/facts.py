"""What approval rules look at: figures, words, clauses as chosen, insurance asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from dealdesk.approvals.capability import HoursAsk
from dealdesk.clauses.model import Rank
from dealdesk.terms.money import Money


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that rules may test; `text` is how it prints, `label` what it is called."""

    name: str
    label: str
    value: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class OwnApprover:
    """A role that the chosen position itself asks for, with its reason."""

    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClauseFact:
    """One instance of a clause as the deal has it.

    `order` ranks positions within the clause (standard 0, fallback 1, 2 …). `passage` is the
    passage's SHA-256. `free_text` says that words of our own or theirs replace the position's;
    `out_of_bounds` holds a sentence for each bound that the values break; `owners` are the roles of
    the clause's family.
    """

    instance: str
    clause: str
    family: str
    title: str
    position: str
    rank: Rank
    order: int
    passage: str
    owners: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    free_text: bool = False
    out_of_bounds: tuple[str, ...] = ()
    approvers: tuple[OwnApprover, ...] = ()


@dataclass(frozen=True, slots=True)
class InsuranceAsk:
    """One insurance policy that the contract would promise, with its limits."""

    instance: str
    coverage: str
    title: str
    per_claim: Money | None
    aggregate: Money | None


class OrderSign(StrEnum):
    """What an order may hold that rules look for, and that no figure tells."""

    PRICE_NOT_LISTED = "price_not_listed"
    OWN_NAME = "own_name"
    OWN_RATE = "own_rate"
    TIER_NOT_SOLD = "tier_not_sold"
    PLAN_NOT_WHOLE_TERM = "plan_not_whole_term"
    CLAUSE_UNPAID = "clause_unpaid"
    OPTIONAL_TERM = "optional_term"
    JOINED_ORDER = "joined_order"
    AFFILIATE = "affiliate"
    PILOT = "pilot"


@dataclass(frozen=True, slots=True)
class OrderFact:
    """One thing in the order that bears a sign: where, its words, and what it is held against.

    `tested` holds the whole of it, so that a decision covers just what was seen.
    """

    sign: OrderSign
    subject: str
    tested: str
    against: str
    message: str


@dataclass(frozen=True, slots=True)
class DealFacts:
    """Everything that a policy is evaluated on: numbers, words, order, clauses and more."""

    figures: Mapping[str, Figure]
    words: Mapping[str, str]
    clauses: tuple[ClauseFact, ...] = ()
    insurance: tuple[InsuranceAsk, ...] = ()
    hours: tuple[HoursAsk, ...] = ()
    dated_on: date | None = None
    order: tuple[OrderFact, ...] = ()


def exact_text(value: Fraction) -> str:
    """Return a number as exact text that reads back: "25.5", or "181/7" without an end."""
    rest = value.denominator
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return str(value)
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
