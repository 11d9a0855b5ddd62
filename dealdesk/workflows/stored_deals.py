"""Stored deals as they stand now: their latest version priced, assessed and linted."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import TypeAlias

from sqlalchemy.orm import Session

from dealdesk.agreements.assembly import make_version
from dealdesk.agreements.model import Origin, Version
from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.agreements.queries import (
    get_latest_version,
    list_clauses_by_version,
    list_latest_versions,
)
from dealdesk.agreements.serial import inputs_from_json
from dealdesk.approvals.queries import list_all_decisions, list_decisions
from dealdesk.approvals.request_queries import Submission, find_submission, find_submissions
from dealdesk.deals.deal import Deal, Decision
from dealdesk.deals.deal_file import read_deal
from dealdesk.deals.lifecycle import CLOSED
from dealdesk.deals.models import DealRow
from dealdesk.deals.queries import READ, get_deal, list_deals
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import load_yaml
from dealdesk.kernel.remembered import Remembered
from dealdesk.workflows.deal_rulebook import (
    Rules,
    rules_in_force,
    with_clauses,
    with_hashes,
    with_policy,
)
from dealdesk.workflows.findings import DealFinding, LateFindings, deal_findings
from dealdesk.workflows.quoting import Judgement, Quote, judge, quote_judged

_MOST = 512
_Made: TypeAlias = tuple[Version, Sequence[DealFinding]]


@dataclass(frozen=True, slots=True)
class StoredDeal:
    """A deal with its latest version and where it stands.

    `is_as_stored` is false when library or program changed the text after the version was made.
    `submission` is the one that stands, made for this version or for one before it. `rules` hold
    the clauses that the version was made from, `in_force` those that are published now.
    """

    row: DealRow
    version_row: AgreementVersionRow
    quote: Quote
    is_as_stored: bool
    rules: Rules
    in_force: Rules
    submission: Submission | None = None

    @property
    def policy_text(self) -> str:
        """The text of the policy by which the deal is judged."""
        return self.rules.policy_text

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


def get_stored_deal(  # noqa: PLR0913 - whose deal by which rules, for what, as of when
    session: Session,
    number: str,
    rules: Rules,
    *,
    actor: Actor,
    needs: str = READ,
    now: datetime,
) -> StoredDeal:
    """Return a deal as it stands now. Raise NotFoundError where there is none for the actor."""
    return load_stored_deal(
        session, get_deal(session, number, actor=actor, needs=needs), rules, now
    )


def load_stored_deal(
    session: Session,
    row: DealRow,
    rules: Rules,
    now: datetime,
    *,
    in_force: Rules | None = None,
) -> StoredDeal:
    """Return a deal that was loaded, as it stands now.

    A version that was submitted is judged by the policy of its submission, any other by the policy
    in force. Who has read already what is in force gives it, so that it isn't read again.
    """
    version = get_latest_version(session, row.id)
    submission = find_submission(session, row.id)
    in_force = in_force or rules_in_force(session, rules, now)
    found = _judging(with_clauses(session, in_force, version.id), submission, version)
    return _stored(
        row,
        version,
        list_decisions(session, row.id),
        found,
        in_force=in_force,
        submission=submission,
        now=now,
    )


def list_stored_deals(
    session: Session,
    rules: Rules,
    *,
    actor: Actor,
    numbers: Collection[str] | None = None,
    now: datetime,
) -> Iterator[StoredDeal | UnreadableDeal]:
    """Yield the actor's deals, or the named ones of them, as they stand now, readable or not."""
    rows = list_deals(session, actor=actor, numbers=numbers)
    ids = None if numbers is None else [row.id for row in rows]
    versions, decisions = list_latest_versions(session, ids), list_all_decisions(session, ids)
    submissions, in_force = find_submissions(session, ids), rules_in_force(session, rules, now)
    clauses = list_clauses_by_version(session, [row.id for row in versions.values()])
    for row in rows:
        version, submission = versions.get(row.id), submissions.get(row.id)
        if version is None:
            continue
        try:
            own = with_hashes(session, in_force, clauses.get(version.id, ()))
            found = _judging(own, submission, version)
            yield _stored(
                row,
                version,
                decisions.get(row.id, ()),
                found,
                in_force=in_force,
                submission=submission,
                now=now,
            )
        except DomainError as error:
            yield UnreadableDeal(row, version, error)


def quote_of_version(stored: StoredDeal, version: AgreementVersionRow, rules: Rules) -> Quote:
    """Return what an earlier version of a deal comes to by rules that hold its clauses."""
    return _quoted(
        rules,
        stored.row.deal_file,
        version.inputs,
        (version.number, version.parent or 0),
        stored.quote.deal.decisions,
        submitter=stored.quote.deal.submitter,
        at=None,
        on=stored.quote.facts.dated_on,
        ids=_ids(stored.row, stored.submission),
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
    in_force: Rules,
    submission: Submission | None,
    now: datetime,
) -> StoredDeal:
    found = _quoted(
        rules,
        row.deal_file,
        version.inputs,
        (version.number, version.parent or 0),
        decisions,
        submitter=submission.submitter if submission else None,
        at=_last_expiry(decisions, now),
        # What was good when a deal was signed or lost is not asked about afterwards.
        on=None if row.stage in CLOSED else rules.policy.ended_by(now.date()),
        ids=_ids(row, submission),
    )
    is_as_stored = found.version.hashes.text == version.text_sha256
    return StoredDeal(row, version, found, is_as_stored, rules, in_force, submission)


def _ids(row: DealRow, submission: Submission | None) -> tuple[int | None, int | None]:
    """Return whose the deal is and who submitted it: a name may be another person's too."""
    return row.owner_id, submission.submitter_id if submission else None


def _last_expiry(decisions: tuple[Decision, ...], now: datetime) -> datetime | None:
    """Return the last instant at which an exception expired: between two, nothing changes."""
    over = (one.expires_at for one in decisions if one.expires_at and one.expires_at <= now)
    return max(over, default=None)


# A stored version never changes, so what it comes to under the same rules doesn't either.
@lru_cache(maxsize=_MOST)
def _quoted(  # noqa: PLR0913 - everything that a quote follows from
    rules: Rules,
    deal_file: str,
    inputs: str,
    numbers: tuple[int, int],
    decisions: tuple[Decision, ...],
    *,
    submitter: str | None,
    at: datetime | None,
    on: date | None,
    ids: tuple[int | None, int | None],
) -> Quote:
    read = _read(rules, deal_file)
    deal = replace(read, decisions=decisions, submitter=submitter or read.submitter)
    made, findings = _made(rules, inputs)
    version = replace(made, number=numbers[0], parent=numbers[1] or None)
    judged = _judged(rules, deal_file, inputs, on)
    return replace(
        quote_judged(deal, version, judged, rules.policy, at=at, ids=ids), findings=findings
    )


# Text, figures and findings don't follow from decisions: they are made once, however often people
# decide, and findings only when somebody reads them.
@lru_cache(maxsize=_MOST)
def _judged(rules: Rules, deal_file: str, inputs: str, on: date | None) -> Judgement:
    deal, (version, _) = _read(rules, deal_file), _made(rules, inputs)
    return judge(deal, version, rules.library, rules.policy, rules.catalogue, on=on)


def remember_version(rules: Rules, inputs: str, version: Version) -> _Made:
    """Keep a version that was made from inputs by these rules, so that it isn't made again."""

    def look() -> tuple[DealFinding, ...]:
        return deal_findings(version, rules.library, rules.policy)

    return _MADE.keep((rules, inputs), (version, LateFindings(look)))


def _made(rules: Rules, inputs: str) -> _Made:
    found = _MADE.find((rules, inputs))
    if found is not None:
        return found
    given = inputs_from_json(json.loads(inputs))
    version = make_version(given, rules.library, origin=Origin.DRAFT)
    return remember_version(rules, inputs, version)


_MADE: Remembered[tuple[Rules, str], _Made] = Remembered(_MOST)


@lru_cache(maxsize=_MOST)
def _read(rules: Rules, deal_file: str) -> Deal:
    return read_deal(load_yaml(deal_file, "deal file"), rules.catalogue)
