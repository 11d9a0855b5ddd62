"""Load deal files into the database: deal, first version of the agreement, recorded decisions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from dealdesk.agreements.from_deal import first_version
from dealdesk.agreements.model import Version
from dealdesk.agreements.operations import record_version
from dealdesk.agreements.queries import find_latest_version
from dealdesk.approvals.operations import record_decision
from dealdesk.audit.operations import record
from dealdesk.clauses.model import Library
from dealdesk.deals.catalogue import Catalogue
from dealdesk.deals.deal import Deal
from dealdesk.deals.deal_file import read_deal
from dealdesk.deals.models import DealRow, Stage
from dealdesk.deals.operations import record_revision
from dealdesk.deals.queries import find_deal
from dealdesk.identity.actors import SYSTEM
from dealdesk.identity.queries import find_user_by_name
from dealdesk.kernel.hashing import Json, sha256_json
from dealdesk.kernel.located_yaml import load_yaml, read_text_file
from dealdesk.kernel.settings import PROJECT
from dealdesk.sla.projection import project
from dealdesk.workflows.clause_texts import keep_clauses

DEMO_DEALS = PROJECT / "demo" / "deals"


@dataclass(frozen=True, slots=True)
class Seeded:
    """What became of one deal file: "added", "new version" or "as it was"."""

    number: str
    title: str
    outcome: str


def seed_deals(
    session: Session,
    paths: Sequence[Path],
    library: Library,
    catalogue: Catalogue | None,
    now: datetime,
) -> Iterator[Seeded]:
    """Load deal files and yield what became of each; what is there already stays as it is.

    Raise DomainError naming file and line where a file is wrong.
    """
    for path in paths:
        text = read_text_file(path)
        deal = read_deal(load_yaml(text, str(path)), catalogue)
        yield Seeded(deal.number, deal.title, _seed(session, deal, text, library, now))


def _seed(session: Session, deal: Deal, text: str, library: Library, now: datetime) -> str:
    row, owner = find_deal(session, deal.number), find_user_by_name(session, deal.owner)
    is_new = row is None
    if row is None:
        row = DealRow(number=deal.number, stage=Stage.DRAFT.value, created_at=now)
        session.add(row)
    row.title, row.customer, row.owner = deal.title, deal.customer.name, deal.owner
    row.owner_id = owner.id if owner else None
    row.deal_file = text
    session.flush()
    if is_new:
        loaded: dict[str, Json] = {"number": deal.number, "owner": row.owner_id}
        record(session, SYSTEM, row.id, "deals:deal:loaded", loaded, now=now)
    has_version = _record_first_version(session, row, first_version(deal, library), library, now)
    for decision in deal.decisions:
        record_decision(session, row.id, decision)
    if is_new:
        return "added"
    return "new version" if has_version else "as it was"


def _record_first_version(
    session: Session, row: DealRow, version: Version, library: Library, now: datetime
) -> bool:
    """Record the version unless the latest one has the same inputs, text and terms."""
    latest = find_latest_version(session, row.id)
    terms_sha256 = sha256_json(project(version, library))
    made = (version.hashes.inputs, version.hashes.text, terms_sha256)
    if latest is not None and made == (
        latest.inputs_sha256,
        latest.text_sha256,
        latest.terms_sha256,
    ):
        return False
    if latest is not None:
        version = replace(version, number=latest.number + 1, parent=latest.number)
    recorded = record_version(session, row.id, version, terms_sha256, now)
    facts: dict[str, Json] = {
        "version": version.number,
        "text": version.hashes.text,
        "terms": terms_sha256,
    }
    record(session, SYSTEM, row.id, "agreements:version:recorded", facts, now=now)
    keep_clauses(session, recorded.id, version, library, now)
    record_revision(
        session, row.id, version.number, row.deal_file, actor=SYSTEM, change="Loaded", now=now
    )
    return True
