"""What an agreement is made from: choices, overrides and the inputs of a version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from dealdesk.deals.order import Order
from dealdesk.documents.tree import Block, DocumentTree
from dealdesk.terms.values import Value

ASSEMBLER_VERSION = "1"
ORDER_INSTANCE = "order"
PARTIES_INSTANCE = "parties"
COVER_INSTANCE = "cover"
AGREEMENT_INSTANCE = "agreement"

Fact: TypeAlias = str | int | bool


class Origin(StrEnum):
    """Where an override or a version comes from."""

    DRAFT = "draft"
    FREE_TEXT = "free_text"
    COUNTER = "counter"
    THEIR_PAPER = "their_paper"
    NEGOTIATED = "negotiated"


@dataclass(frozen=True, slots=True)
class Override:
    """Blocks that replace one instance's passage.

    `replaces` is the passage hash of what stood there, so that a change of the library below it
    shows. `author` is who wrote it: nobody decides on their own words (I7). `unstated` names the
    exported variables of which a person recorded that these words no longer state them (I9).
    """

    replaces: str
    blocks: tuple[Block, ...]
    origin: Origin
    author: str
    unstated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A clause chosen for a deal: its position, every value of it, and an override if any."""

    instance_id: str
    clause_id: str
    version: str
    position: str
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """A party's legal identity and who signs for it; blank signer names print as lines."""

    name: str
    form: str
    address: str
    signer_name: str = ""
    signer_title: str = ""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that a version's tree is made from; the same inputs give the same tree (I1).

    `agreement` is the id of the agreement template; `choices` follow its slots' order;
    `precedence` lists section ids, highest first.
    """

    number: str
    title: str
    agreement: str
    language: str
    dated_on: date
    provider: Signer
    customer: Signer
    order: Order
    facts: Mapping[str, Fact]
    choices: tuple[Choice, ...]
    precedence: tuple[str, ...]
    library_sha256: str

    def choice(self, instance_id: str) -> Choice | None:
        """Return the choice of an instance, or None."""
        return next((c for c in self.choices if c.instance_id == instance_id), None)


@dataclass(frozen=True, slots=True)
class Hashes:
    """SHA-256 digests of a version; the kind is in the name."""

    text: str
    inputs: str
    passages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Version:
    """One immutable version: inputs, the tree assembled from them, and their hashes (I3)."""

    number: int
    parent: int | None
    origin: Origin
    inputs: Inputs
    tree: DocumentTree
    hashes: Hashes
    assembler: str = ASSEMBLER_VERSION
