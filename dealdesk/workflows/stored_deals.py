"""Stored deals as they stand now: their latest version priced, assessed and linted."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from dealdesk.agreements.assembly import make_version
from dealdesk.agreements.model import Origin
from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.agreements.queries import get_latest_version, list_latest_versions
from dealdesk.agreements.serial import inputs_from_json
from dealdesk.approvals.policy import Policy
from dealdesk.approvals.policy_file import load_policy
from dealdesk.approvals.queries import list_all_decisions, list_decisions
from dealdesk.clauses.loader import load_library
from dealdesk.clauses.model import Library
from dealdesk.deals.catalogue import Catalogue, load_catalogue
from dealdesk.deals.deal import Decision
from dealdesk.deals.deal_file import read_deal
from dealdesk.deals.models import DealRow
from dealdesk.deals.queries import READ, get_deal, list_deals
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import load_yaml
from dealdesk.workflows.quoting import Quote, quote_version, with_findings


@dataclass(frozen=True, eq=False, slots=True)
class Rules:
    """What deals are judged by: the library with its policy and its catalogue."""

    library: Library
    policy: Policy
    catalogue: Catalogue | None


@dataclass(frozen=True, slots=True)
class StoredDeal:
    """A deal with its latest version and where it stands.

    `is_as_stored` is false when library or program changed the text after the version was made.
    """

    row: DealRow
    version_row: AgreementVersionRow
    quote: Quote
    is_as_stored: bool


@dataclass(frozen=True, slots=True)
class UnreadableDeal:
    """A deal that can't be read with today's library, and why."""

    row: DealRow
    error: DomainError


def load_rules(folder: Path) -> Rules:
    """Return the rules in a library's folder. Raise DomainError with everything wrong in it."""
    prices = folder / "catalogue.yaml"
    return Rules(
        load_library(folder),
        load_policy(folder / "policies" / "approval.yaml"),
        load_catalogue(prices) if prices.is_file() else None,
    )


def get_stored_deal(
    session: Session, number: str, rules: Rules, *, actor: Actor, needs: str = READ
) -> StoredDeal:
    """Return a deal as it stands now. Raise NotFoundError where there is none for the actor."""
    row = get_deal(session, number, actor=actor, needs=needs)
    version = get_latest_version(session, row.id)
    return _stored(row, version, list_decisions(session, row.id), rules)


def list_stored_deals(
    session: Session, rules: Rules, *, actor: Actor
) -> Iterator[StoredDeal | UnreadableDeal]:
    """Yield every deal of the actor's as it stands now, also those that can't be read."""
    versions, decisions = list_latest_versions(session), list_all_decisions(session)
    for row in list_deals(session, actor=actor):
        version = versions.get(row.id)
        if version is None:
            continue
        try:
            yield _stored(row, version, decisions.get(row.id, ()), rules)
        except DomainError as error:
            yield UnreadableDeal(row, error)


def _stored(
    row: DealRow,
    version: AgreementVersionRow,
    decisions: tuple[Decision, ...],
    rules: Rules,
) -> StoredDeal:
    found = _quoted(
        rules, row.deal_file, version.inputs, (version.number, version.parent or 0), decisions
    )
    return StoredDeal(row, version, found, found.version.hashes.text == version.text_sha256)


# A stored version never changes, so what it comes to under the same rules doesn't either.
@lru_cache(maxsize=512)
def _quoted(
    rules: Rules,
    deal_file: str,
    inputs: str,
    numbers: tuple[int, int],
    decisions: tuple[Decision, ...],
) -> Quote:
    deal = replace(
        read_deal(load_yaml(deal_file, "deal file"), rules.catalogue), decisions=decisions
    )
    made = make_version(inputs_from_json(json.loads(inputs)), rules.library, origin=Origin.DRAFT)
    version = replace(made, number=numbers[0], parent=numbers[1] or None)
    found = quote_version(deal, version, rules.library, rules.policy, rules.catalogue)
    return with_findings(found, rules.library)
