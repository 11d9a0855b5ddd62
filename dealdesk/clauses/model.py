"""The clause library's types: clauses with ranked positions, typed variables, agreements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from dealdesk.clauses.expressions import Expression
from dealdesk.clauses.template import Marks, Template
from dealdesk.documents.tree import SectionKind
from dealdesk.kernel.located_yaml import Data
from dealdesk.terms.value_types import ValueType
from dealdesk.terms.values import Value


class Rank(StrEnum):
    """How far a position is from what we offer first; fallbacks are ranked in their order."""

    STANDARD = "standard"
    FALLBACK = "fallback"
    NONSTANDARD = "nonstandard"
    WALK_AWAY = "walk_away"


@dataclass(frozen=True, slots=True)
class Variable:
    """A typed variable of a clause.

    `export` is the path in the SLA terms that the value feeds ("" for none); a value with an
    export path has to be printed somewhere (I2). `caption` heads the table of a table value.
    """

    id: str
    type: ValueType
    question: str
    default: Value | None = None
    export: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit that values must keep for the position to count as such."""

    source: str
    condition: Expression
    message: str


@dataclass(frozen=True, slots=True)
class Approver:
    """A role that decides on a position, always or where `condition` holds."""

    role: str
    reason: str
    source: str = ""
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Redline:
    """A change that customers usually ask for, and our answer."""

    ask: str
    counter: str


@dataclass(frozen=True, slots=True)
class Position:
    """One ranked position of a clause with its full text.

    `order` ranks positions within a clause: 0 is the standard, fallbacks follow in order.
    `sentence` says the position in one line, with its values. `values` are what choosing the
    position sets. `sample` is the expected text under the sample values.
    """

    id: str
    rank: Rank
    order: int
    sentence: Marks
    explanation: str
    text: Template
    file: str
    rationale: str = ""
    talk_track: str = ""
    redlines: tuple[Redline, ...] = ()
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    bounds: tuple[Bound, ...] = ()
    approvers: tuple[Approver, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause at one version; `sha256` is the hash of its files, so a version can't drift.

    `files` are the texts that the hash is taken over, by their names in the clause's folder.
    """

    id: str
    family: str
    title: str
    version: str
    status: str
    owner: str
    effective_from: date
    review_due: date
    reviewed_by_counsel: bool
    licence: str
    variables: tuple[Variable, ...]
    positions: tuple[Position, ...]
    file: str
    sha256: str
    jurisdictions: tuple[str, ...] = ()
    applies_when: Expression | None = None
    requires: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    files: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({}), repr=False, compare=False
    )

    @property
    def key(self) -> str:
        """The clause at its version, `id@version`, as provenance names it."""
        return f"{self.id}@{self.version}"

    @property
    def standard(self) -> Position:
        """The position that a deal starts with."""
        return self.positions[0]

    def position(self, position_id: str) -> Position | None:
        """Return the position with that id, or None."""
        return next((p for p in self.positions if p.id == position_id), None)

    def variable(self, name: str) -> Variable | None:
        """Return the variable with that id, or None."""
        return next((v for v in self.variables if v.id == name), None)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a clause in an agreement.

    `instance` is its instance id, the clause id unless a clause stands twice; `optional` slots
    stand only where a deal chooses them.
    """

    clause: str
    instance: str
    position: str = "standard"
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A section of an agreement and the clauses that stand in it, in order."""

    id: str
    title: str
    kind: SectionKind
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class AgreementTemplate:
    """An agreement assembled from clauses; `precedence` lists section ids, highest first."""

    id: str
    title: str
    short_title: str
    language: str
    parts: tuple[Part, ...]
    precedence: tuple[str, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Family:
    """A family of clauses: what it is called, and the roles that own it."""

    id: str
    title: str
    owner: str
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TierChoice:
    """What a plan tier brings for one clause: a position and values, still plain data."""

    position: str
    values: Mapping[str, Data] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Tier:
    """A plan tier: what it is called, what it sells, and the clauses that follow from it.

    `clauses` are by instance id; an optional clause that a tier names stands in its deals.
    """

    id: str
    title: str
    summary: str
    agreement: str
    sku: str
    clauses: Mapping[str, TierChoice]


@dataclass(frozen=True, slots=True)
class Library:
    """A whole library at one state of its files; `sha256` names that state."""

    clauses: Mapping[str, Clause]
    agreements: Mapping[str, AgreementTemplate]
    families: Mapping[str, Family]
    roles: Mapping[str, str]
    sha256: str
    tiers: Mapping[str, Tier] = field(default_factory=lambda: MappingProxyType({}))
