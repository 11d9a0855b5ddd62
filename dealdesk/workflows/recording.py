"""Record a deal's new version with all that hangs on it: clauses, file, summary, event."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from dealdesk.agreements.from_deal import first_version
from dealdesk.agreements.model import Version
from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.agreements.operations import record_version
from dealdesk.audit.operations import record
from dealdesk.clauses.model import Library
from dealdesk.deals.deal import Deal, Decision
from dealdesk.deals.editing import DealData, deal_of, text_of
from dealdesk.deals.models import DealRow
from dealdesk.deals.operations import record_revision
from dealdesk.kernel.errors import RefusedError
from dealdesk.kernel.hashing import Json, sha256_json
from dealdesk.sla.projection import project
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.clause_texts import keep_clauses
from dealdesk.workflows.deal_rulebook import Rules, rules_in_force, with_clauses
from dealdesk.workflows.quoting import Quote, quote_version
from dealdesk.workflows.stored_deals import StoredDeal, load_stored_deal, remember_version
from dealdesk.workflows.summaries import refresh_summary


def quote_data(  # noqa: PLR0913 - data, what it is judged by, decided how, after what, when
    data: DealData,
    rules: Rules,
    *,
    decisions: tuple[Decision, ...] = (),
    parent: int | None = None,
    at: datetime | None = None,
    on: date | None = None,
) -> Quote:
    """Return what a deal's data comes to: nothing is stored, linters are not asked.

    Records on file that ended before the day `on` count no more.
    Raise DomainError with every fault, each at its path.
    """
    deal: Deal = replace(deal_of(data, rules.catalogue), decisions=decisions)
    made = first_version(deal, rules.library)
    version = replace(made, number=(parent or 0) + 1, parent=parent)
    return quote_version(deal, version, rules.library, rules.policy, rules.catalogue, at=at, on=on)


def record_deal_version(  # noqa: PLR0913 - whose version, of what, on what, in which words
    act: Act,
    row: DealRow,
    data: DealData,
    words: str,
    parent: AgreementVersionRow | None = None,
    *,
    takes_new_clauses: bool = False,
    quoted: Quote | None = None,
) -> StoredDeal:
    """Record data as the deal's next version and return the deal as it stands then.

    The clauses stay those of the parent unless the deal takes the ones in force.
    `words` say what changed, `quoted` what the data comes to where that is known already.
    Decisions stay as they are; which of them still cover anything follows from the text.
    Raise DomainError with every fault of the data, each at its path.
    """
    session, now = act.session, act.now
    rules = rules_in_force(session, act.rules, now)
    if parent is not None and not takes_new_clauses:
        rules = with_clauses(session, rules, parent.id)
    found = quoted or quote_data(data, rules, parent=parent.number if parent else None)
    deal = found.deal
    row.title, row.customer, row.owner = deal.title, deal.customer.name, deal.owner
    row.deal_file = text_of(data)
    session.flush()
    return _kept(act, row, found.version, rules, words)


def record_negotiated_version(
    act: Act, stored: StoredDeal, version: Version, words: str
) -> StoredDeal:
    """Record a version that answers a round as the deal's next one, and return the deal then.

    What people entered stays as it was: a negotiation edits inputs and overrides (I1). The clauses
    are those of the version before it. `words` say what it answers.
    """
    rules = next_rules(act.session, stored)
    return _kept(act, stored.row, version, rules, words)


def _kept(act: Act, row: DealRow, version: Version, rules: Rules, words: str) -> StoredDeal:
    """Record a version with all that hangs on it; the deal's file is the one in its row."""
    session, now = act.session, act.now
    terms_sha256 = terms_hash(version, rules.library)
    # Files of a text that doesn't state its terms can't be built, so nobody is asked to.
    recorded = record_version(
        session, row.id, version, terms_sha256, now, files_ahead=bool(terms_sha256)
    )
    remember_version(rules, recorded.inputs, version)
    keep_clauses(session, recorded.id, version, rules.library, now)
    record_revision(
        session, row.id, version.number, row.deal_file, actor=act.actor, change=words, now=now
    )
    facts: dict[str, Json] = {
        "version": version.number,
        "text": version.hashes.text,
        "terms": terms_sha256,
    }
    record(session, act.actor, row.id, "agreements:version:recorded", facts, now=now)
    stored = load_stored_deal(session, row, act.rules, now)
    refresh_summary(session, act.rules, stored, now)
    return stored


def terms_hash(version: Version, library: Library) -> str:
    """Return the hash of a version's SLA terms, "" where its text doesn't state them all (I9).

    Such a version is kept, its findings name each value, and it can't be signed.
    """
    try:
        return sha256_json(project(version, library))
    except RefusedError:
        return ""


def next_rules(session: Session, stored: StoredDeal) -> Rules:
    """Return the rules by which a deal's next version will be judged.

    Its clauses stay those of the present version, the policy is the one in force.
    """
    return with_clauses(session, stored.in_force, stored.version_row.id)
