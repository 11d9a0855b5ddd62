"""An approval policy as data: ladders, ranges, clause selectors, the insurance programme."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import TypeAlias

from dealdesk.approvals.capability import Capability
from dealdesk.approvals.facts import OrderSign
from dealdesk.clauses.model import Rank
from dealdesk.deals.order import FxRates
from dealdesk.terms.calendars import Calendar, OpenInterval
from dealdesk.terms.money import Money


class BindingKind(StrEnum):
    """How far a tested value may move before a decision on it lapses."""

    EXACT = "exact"
    NO_WORSE = "no_worse"
    NO_LOWER = "no_lower"
    BAND = "band"


@dataclass(frozen=True, slots=True)
class Binding:
    """A rule's binding; a band's width is in percent of the value that was decided on."""

    kind: BindingKind
    band_pct: Fraction = Fraction(0)


EXACT = Binding(BindingKind.EXACT)


@dataclass(frozen=True, slots=True)
class LadderStep:
    """From which value on which roles decide; `inclusive` counts the limit itself.

    A falling step is reached below its limit: the less is promised to us, the more decide.
    """

    limit: Fraction
    inclusive: bool
    roles: tuple[str, ...]
    falling: bool = False

    def is_reached_by(self, value: Fraction) -> bool:
        """Tell whether the value stands on this step or beyond it."""
        if self.falling:
            return value < self.limit
        return value > self.limit or (self.inclusive and value == self.limit)


@dataclass(frozen=True, slots=True)
class LadderRule:
    """Figures tested against steps that rise or fall; the strictest that any reaches decides."""

    id: str
    figures: tuple[str, ...]
    steps: tuple[LadderStep, ...]
    binding: Binding


@dataclass(frozen=True, slots=True)
class RangeRule:
    """A figure that has to stay from `low` to `high`, both included."""

    id: str
    figure: str
    low: Fraction
    high: Fraction
    roles: tuple[str, ...]
    binding: Binding


@dataclass(frozen=True, slots=True)
class WordRule:
    """A word of the order or a fact of the deal that needs a decision.

    It does when it is one of `any_of`, or where these are given, none of `none_of`.
    """

    id: str
    name: str
    any_of: tuple[str, ...]
    roles: tuple[str, ...]
    none_of: tuple[str, ...] = ()

    def asks_on(self, word: str) -> bool:
        """Tell whether this word needs a decision."""
        return word not in self.none_of if self.none_of else word in self.any_of


@dataclass(frozen=True, slots=True)
class OrderRule:
    """What the order holds beyond figures, such as names of its own, that needs a decision."""

    id: str
    signs: tuple[OrderSign, ...]
    roles: tuple[str, ...]


class Sign(StrEnum):
    """What a clause rule may look for besides the position."""

    FREE_TEXT = "free_text"
    OUT_OF_BOUNDS = "out_of_bounds"
    OWN_APPROVERS = "own_approvers"


@dataclass(frozen=True, slots=True)
class Selector:
    """Which clauses a rule means; an empty part selects all, parts that are given all hold."""

    ranks: tuple[Rank, ...] = ()
    orders: tuple[int, ...] = ()
    families: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    sign: Sign | None = None


@dataclass(frozen=True, slots=True)
class ClauseRule:
    """Clauses that need roles; `with_owner` adds the roles that own the clause's family."""

    id: str
    select: Selector
    roles: tuple[str, ...]
    with_owner: bool = False


@dataclass(frozen=True, slots=True)
class WalkAwayRule:
    """Clauses that block the deal until every exception role records an exception."""

    id: str
    select: Selector
    exception: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InsuranceRule:
    """Insurance promised above the programme on file, or that is not on file at all."""

    id: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CapabilityRule:
    """Promises beyond what the record shows that the service can do."""

    id: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TogetherRule:
    """Figures that need roles only when each of them is above its limit."""

    id: str
    limits: tuple[tuple[str, Fraction], ...]
    roles: tuple[str, ...]


Rule: TypeAlias = (
    LadderRule
    | RangeRule
    | WordRule
    | OrderRule
    | ClauseRule
    | WalkAwayRule
    | InsuranceRule
    | CapabilityRule
    | TogetherRule
)


@dataclass(frozen=True, slots=True)
class Cover:
    """One policy of our insurance programme; `coverages` share its limits.

    `over` marks an umbrella that adds to another cover for its own coverages. A statutory cover
    has no limits: it meets what the law asks.
    """

    id: str
    coverages: tuple[str, ...]
    per_claim: Money | None
    aggregate: Money | None
    over: str = ""

    @property
    def is_statutory(self) -> bool:
        """Tell whether the cover follows the law and has no limits of its own."""
        return self.per_claim is None


@dataclass(frozen=True, slots=True)
class Programme:
    """The insurance that is placed, and until when."""

    covers: tuple[Cover, ...]
    expires_on: date


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How long a role has, in business hours since it was asked.

    At the limit those who may decide are reminded; `escalate_hours` later the roles above are told.
    """

    hours: int = 24
    escalate_hours: int = 8
    escalate_to: tuple[str, ...] = ()


USUAL_LIMIT = TimeLimit()
OFFICE = Calendar(
    "office", "UTC", (OpenInterval(("mon", "tue", "wed", "thu", "fri"), "09:00", "17:00"),)
)


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole policy: `stages` order the roles, those in one stage are asked at the same time.

    `limits` are kept by `calendar`. `stand_ins` names, for a role, the other roles whose people
    may decide in its place when one who holds it delegates to them.
    """

    id: str
    version: str
    roles: Mapping[str, str]
    stages: tuple[tuple[str, ...], ...]
    rules: tuple[Rule, ...]
    fx: FxRates
    programme: Programme | None = None
    capability: Capability | None = None
    calendar: Calendar = OFFICE
    usual_limit: TimeLimit = USUAL_LIMIT
    limits: Mapping[str, TimeLimit] = field(default_factory=lambda: MappingProxyType({}))
    stand_ins: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def key(self) -> str:
        """The policy at its version, `id@version`, as decisions name it."""
        return f"{self.id}@{self.version}"

    def ended_by(self, day: date) -> date | None:
        """Return the day after the last record of insurance or capability that ended before a day.

        None where all are good still. Between two such days nothing changes by time alone.
        """
        ends = [one.expires_on for one in (self.programme, self.capability) if one is not None]
        over = [end for end in ends if end < day]
        return max(over) + timedelta(days=1) if over else None

    def stage_of(self, role: str) -> int:
        """Return the stage (from 1) in which a role is asked; roles of no stage come last."""
        for number, roles in enumerate(self.stages, 1):
            if role in roles:
                return number
        return len(self.stages) + 1

    def limit_of(self, role: str) -> TimeLimit:
        """Return how long a role has to decide."""
        return self.limits.get(role, self.usual_limit)

    def title_of(self, role: str) -> str:
        """Return what a role is called."""
        return self.roles.get(role, role.replace("_", " ").capitalize())

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule with that id, or None."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)
