"""Stored deals as they stand now: their latest version priced, assessed and linted."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
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
from dealdesk.approvals.policy_versions import find_policy_in_force, readable
from dealdesk.approvals.queries import list_all_decisions, list_decisions
from dealdesk.approvals.request_queries import Submission, find_submission, find_submissions
from dealdesk.clauses.loader import load_library
from dealdesk.clauses.model import Library
from dealdesk.deals.catalogue import Catalogue, load_catalogue
from dealdesk.deals.deal import Decision
from dealdesk.deals.deal_file import read_deal
from dealdesk.deals.models import DealRow
from dealdesk.deals.queries import READ, get_deal, list_deals
from dealdesk.identity.actors import Actor
from dealdesk.kernel.clock import SystemClock
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import load_yaml, read_text_file
from dealdesk.workflows.quoting import Quote, quote_version, with_findings


@dataclass(frozen=True, eq=False, slots=True)
class Rules:
    """What deals are judged by: the library with its policy and its catalogue."""

    library: Library
    policy: Policy
    catalogue: Catalogue | None
    policy_text: str = ""


@dataclass(frozen=True, slots=True)
class StoredDeal:
    """A deal with its latest version and where it stands.

    `is_as_stored` is false when library or program changed the text after the version was made.
    `submission` is the one that stands, made for this version or for one before it.
    """

    row: DealRow
    version_row: AgreementVersionRow
    quote: Quote
    is_as_stored: bool
    submission: Submission | None = None
    policy_text: str = ""

    @property
    def is_submitted(self) -> bool:
        """Tell whether just this version was submitted."""
        return self.submission is not None and self.submission.version_id == self.version_row.id


@dataclass(frozen=True, slots=True)
class UnreadableDeal:
    """A deal that can't be read with today's library, and why."""

    row: DealRow
    version_row: AgreementVersionRow
    error: DomainError


def load_rules(folder: Path) -> Rules:
    """Return the rules in a library's folder. Raise DomainError with everything wrong in it."""
    prices = folder / "catalogue.yaml"
    policy = folder / "policies" / "approval.yaml"
    return Rules(
        load_library(folder),
        load_policy(policy),
        load_catalogue(prices) if prices.is_file() else None,
        read_text_file(policy),
    )


def get_stored_deal(  # noqa: PLR0913 - whose deal by which rules, for what, as of when
    session: Session,
    number: str,
    rules: Rules,
    *,
    actor: Actor,
    needs: str = READ,
    now: datetime | None = None,
) -> StoredDeal:
    """Return a deal as it stands now. Raise NotFoundError where there is none for the actor."""
    return load_stored_deal(
        session, get_deal(session, number, actor=actor, needs=needs), rules, now
    )


def load_stored_deal(
    session: Session, row: DealRow, rules: Rules, now: datetime | None = None
) -> StoredDeal:
    """Return a deal that was loaded, as it stands now.

    A version that was submitted is judged by the policy of its submission, any other by the policy
    in force.
    """
    version = get_latest_version(session, row.id)
    submission = find_submission(session, row.id)
    found = _judging(rules_in_force(session, rules), submission, version)
    return _stored(
        row, version, list_decisions(session, row.id), found, submission=submission, now=now
    )


def list_stored_deals(
    session: Session,
    rules: Rules,
    *,
    actor: Actor,
    numbers: Collection[str] | None = None,
    now: datetime | None = None,
) -> Iterator[StoredDeal | UnreadableDeal]:
    """Yield the actor's deals, or the named ones of them, as they stand now, readable or not."""
    rows = list_deals(session, actor=actor, numbers=numbers)
    ids = None if numbers is None else [row.id for row in rows]
    versions, decisions = list_latest_versions(session, ids), list_all_decisions(session, ids)
    submissions, in_force = find_submissions(session, ids), rules_in_force(session, rules)
    for row in rows:
        version, submission = versions.get(row.id), submissions.get(row.id)
        if version is None:
            continue
        try:
            found = _judging(in_force, submission, version)
            yield _stored(
                row, version, decisions.get(row.id, ()), found, submission=submission, now=now
            )
        except DomainError as error:
            yield UnreadableDeal(row, version, error)


def rules_in_force(session: Session, rules: Rules) -> Rules:
    """Return the rules with the policy published last, which may be another than the file's."""
    row = find_policy_in_force(session)
    return rules if row is None else with_policy(rules, row.text)


@lru_cache(maxsize=64)
def with_policy(rules: Rules, text: str) -> Rules:
    """Return the rules with the policy in a text; the same text gives the same rules."""
    if text == rules.policy_text:
        return rules
    return replace(rules, policy=readable(text), policy_text=text)


def quote_of_version(stored: StoredDeal, version: AgreementVersionRow, rules: Rules) -> Quote:
    """Return what an earlier version of a deal came to, by the rules of today."""
    return _quoted(
        with_policy(rules, stored.policy_text),
        stored.row.deal_file,
        version.inputs,
        (version.number, version.parent or 0),
        stored.quote.deal.decisions,
        submitter=stored.quote.deal.submitter,
        at=None,
    )


def _judging(in_force: Rules, submission: Submission | None, version: AgreementVersionRow) -> Rules:
    if submission is None or submission.version_id != version.id:
        return in_force
    return with_policy(in_force, submission.policy_text)


def _stored(  # noqa: PLR0913 - a deal is row, version, decisions, rules, submission and time
    row: DealRow,
    version: AgreementVersionRow,
    decisions: tuple[Decision, ...],
    rules: Rules,
    *,
    submission: Submission | None,
    now: datetime | None,
) -> StoredDeal:
    found = _quoted(
        rules,
        row.deal_file,
        version.inputs,
        (version.number, version.parent or 0),
        decisions,
        submitter=submission.submitter if submission else None,
        at=_last_expiry(decisions, now or SystemClock().now()),
    )
    is_as_stored = found.version.hashes.text == version.text_sha256
    return StoredDeal(row, version, found, is_as_stored, submission, rules.policy_text)


def _last_expiry(decisions: tuple[Decision, ...], now: datetime) -> datetime | None:
    """Return the last instant at which an exception expired: between two, nothing changes."""
    over = (one.expires_at for one in decisions if one.expires_at and one.expires_at <= now)
    return max(over, default=None)


# A stored version never changes, so what it comes to under the same rules doesn't either.
@lru_cache(maxsize=512)
def _quoted(  # noqa: PLR0913 - everything that a quote follows from
    rules: Rules,
    deal_file: str,
    inputs: str,
    numbers: tuple[int, int],
    decisions: tuple[Decision, ...],
    *,
    submitter: str | None,
    at: datetime | None,
) -> Quote:
    read = read_deal(load_yaml(deal_file, "deal file"), rules.catalogue)
    deal = replace(read, decisions=decisions, submitter=submitter or read.submitter)
    made = make_version(inputs_from_json(json.loads(inputs)), rules.library, origin=Origin.DRAFT)
    version = replace(made, number=numbers[0], parent=numbers[1] or None)
    found = quote_version(deal, version, rules.library, rules.policy, rules.catalogue, at=at)
    return with_findings(found, rules.library)
