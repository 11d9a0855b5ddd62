"""A deal as its file states it: parties, order, facts, clause choices, recorded decisions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from dealdesk.deals.order import Order
from dealdesk.kernel.located_yaml import Data, Located

Fact: TypeAlias = int | bool | str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs for a party."""

    name: str
    title: str
    email: str


@dataclass(frozen=True, slots=True)
class PartyDetails:
    """A party as the order form names it; `form` is its legal form, "a Delaware corporation"."""

    name: str
    form: str
    address: str
    country: str
    registration: str = ""
    tax_id: str = ""
    signer: Signer | None = None


@dataclass(frozen=True, slots=True)
class ClauseChoice:
    """What the deal chose for one instance of a clause; values are still plain data.

    `position` is "" for the one that the agreement starts with. `override` is free text that stands
    in place of the position's own ("" for none), and `unstated` names the values that a person
    recorded as no longer stated by it. `omitted` leaves an optional clause out.
    """

    instance: str
    clause: str
    position: str
    values: Mapping[str, Data]
    override: str = ""
    unstated: tuple[str, ...] = ()
    omitted: bool = False


class Verdict(StrEnum):
    """What a decider said; an exception lifts a walk-away for this deal alone."""

    APPROVED = "approved"
    EXCEPTION = "exception"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class SeenReason:
    """A reason as the decider saw it: rule, subject, tested value, and the passage's hash.

    `passage` is "" where the subject is a figure of the order and not a passage of text.
    """

    rule: str
    subject: str
    tested: str
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that a person recorded in one role, on the reasons that they saw.

    `conditions` are an approval's conditions, a rejection's or an exception's reason. An exception
    that expires blocks again from `expires_at` on. `person_id` is the person's where it was made
    here, None where a deal's file tells of it.
    """

    role: str
    person: str
    verdict: Verdict
    at: datetime
    policy: str
    seen: tuple[SeenReason, ...]
    conditions: str = ""
    expires_at: datetime | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal, whole; `source` keeps the lines of its file so that findings can name them.

    `tier` is the plan tier from which clauses follow that the deal does not choose itself.
    """

    number: str
    title: str
    owner: str
    submitter: str
    authors: Mapping[str, str]
    language: str
    dated_on: date
    seller: PartyDetails
    customer: PartyDetails
    agreement: str
    order: Order
    facts: Mapping[str, Fact]
    choices: tuple[ClauseChoice, ...]
    decisions: tuple[Decision, ...]
    source: Located
    tier: str = ""
