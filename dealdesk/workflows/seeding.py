"""Load deal files into the database: deal, first version of the agreement, recorded decisions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from dealdesk.agreements.from_deal import first_version
from dealdesk.agreements.model import Origin, Version
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
from dealdesk.kernel.errors import Place, RefusedError
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


def seed_deals(  # noqa: PLR0913 - which files, by what, when, and over what is there or not
    session: Session,
    paths: Sequence[Path],
    library: Library,
    catalogue: Catalogue | None,
    now: datetime,
    *,
    only_new: bool = False,
) -> Iterator[Seeded]:
    """Load deal files and yield what became of each.

    A deal that is there and still a draft gets another version where its file says something else,
    or with `only_new` stays as it is. Raise DomainError naming file and line where a file is wrong,
    RefusedError where it would change a deal that is no draft any more.
    """
    for path in paths:
        text = read_text_file(path)
        deal = read_deal(load_yaml(text, str(path)), catalogue)
        row = find_deal(session, deal.number)
        if row is None:
            outcome = _add(session, deal, text, library, now)
        elif only_new:
            outcome = "as it was"
        else:
            session.refresh(row, with_for_update=True)
            outcome = _renew(session, row, deal, text, library, now)
        yield Seeded(deal.number, deal.title, outcome)


def _add(session: Session, deal: Deal, text: str, library: Library, now: datetime) -> str:
    owner = find_user_by_name(session, deal.owner)
    row = DealRow(
        number=deal.number,
        title=deal.title,
        customer=deal.customer.name,
        owner=deal.owner,
        owner_id=owner.id if owner else None,
        deal_file=text,
        stage=Stage.DRAFT.value,
        created_at=now,
    )
    session.add(row)
    session.flush()
    loaded: dict[str, Json] = {"number": deal.number, "owner": row.owner_id}
    record(session, SYSTEM, row.id, "deals:deal:loaded", loaded, now=now)
    _record_next_version(session, row, first_version(deal, library), library, now)
    _record_decisions(session, row, deal)
    return "added"


def _renew(  # noqa: PLR0913, PLR0917 - which deal, from which file, by which library, when
    session: Session, row: DealRow, deal: Deal, text: str, library: Library, now: datetime
) -> str:
    version = first_version(deal, library)
    if row.deal_file == text and not _differs(session, row, version, library):
        _record_decisions(session, row, deal)
        return "as it was"
    latest = find_latest_version(session, row.id)
    is_draft = row.stage == Stage.DRAFT.value
    if not is_draft or (latest is not None and latest.origin != Origin.DRAFT.value):
        raise RefusedError.of(
            "no-draft",
            f"{row.number} is no draft any more, and its file says something else than the deal.",
            place=Place(file=deal.source.file),
            remedy="Change it in the workbench, or give the file another number.",
        )
    # Whose deal it is may have changed since it was loaded, and is not for a file to say.
    row.title, row.customer, row.deal_file = deal.title, deal.customer.name, text
    session.flush()
    has_version = _record_next_version(session, row, version, library, now)
    _record_decisions(session, row, deal)
    return "new version" if has_version else "as it was"


def _record_decisions(session: Session, row: DealRow, deal: Deal) -> None:
    for decision in deal.decisions:
        record_decision(session, row.id, decision)


def _differs(session: Session, row: DealRow, version: Version, library: Library) -> bool:
    latest = find_latest_version(session, row.id)
    made = (version.hashes.inputs, version.hashes.text, sha256_json(project(version, library)))
    return latest is None or made != (
        latest.inputs_sha256,
        latest.text_sha256,
        latest.terms_sha256,
    )


def _record_next_version(
    session: Session, row: DealRow, version: Version, library: Library, now: datetime
) -> bool:
    """Record the version unless the latest one has the same inputs, text and terms."""
    if not _differs(session, row, version, library):
        return False
    latest = find_latest_version(session, row.id)
    terms_sha256 = sha256_json(project(version, library))
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
