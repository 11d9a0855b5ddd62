"""Executed documents of the demo's history: made and sealed once somebody asks for them."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from dealdesk.audit.operations import record
from dealdesk.audit.queries import list_events
from dealdesk.contracts.models import ContractRow
from dealdesk.contracts.operations import record_contract
from dealdesk.contracts.queries import find_contract
from dealdesk.deals.models import DealRow, Stage
from dealdesk.files.operations import store_file
from dealdesk.identity.actors import SYSTEM
from dealdesk.kernel.errors import NotFoundError, RefusedError
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.settings import Settings
from dealdesk.outbox.leases import Claim
from dealdesk.outbox.models import JobRow
from dealdesk.outbox.operations import ask_for_job
from dealdesk.outbox.queries import find_job
from dealdesk.signing.certificates import common_name, development_identity, is_development
from dealdesk.signing.package import TERMS
from dealdesk.signing.sealing import SealedPackage, seal_package
from dealdesk.workflows.executing import KEYS, STEM
from dealdesk.workflows.machine import Keep, Machine
from dealdesk.workflows.stored_deals import StoredDeal, load_stored_deal
from dealdesk.workflows.version_files import keep_files, make_files

HISTORY = "history-contract"


def lacks_documents(session: Session, stored: StoredDeal, settings: Settings) -> bool:
    """Tell whether a deal is history of the demo: signed there, and nothing was sealed."""
    is_signed = stored.row.stage == Stage.SIGNED.value
    return settings.is_demo and is_signed and find_contract(session, stored.row.id) is None


def ask_for_documents(
    session: Session, stored: StoredDeal, settings: Settings, now: datetime
) -> int:
    """Promise the executed documents of the demo's history, once each, and return the job.

    Raise RefusedError for any other deal: what it was sealed with is what both sides agreed to.
    """
    if not lacks_documents(session, stored, settings):
        raise RefusedError.of(
            "not-history", "Only signed deals of the demo get their documents afterwards."
        )
    return ask_for_job(session, HISTORY, {"deal": stored.row.id}, key=_key(stored), now=now)


def find_documents_job(session: Session, stored: StoredDeal) -> JobRow | None:
    """Return the job that makes a deal's documents, or None where nobody asked yet."""
    return find_job(session, _key(stored))


def seal_history(session: Session, machine: Machine, claim: Claim) -> Keep | None:
    """Make and seal a signed deal's documents, and return what keeps them.

    They are sealed now, by the development certificate, and say so; the day on which both sides
    agreed is the history's. Return None where they are there already.
    """
    row = session.get(DealRow, claim.payload["deal"])
    if row is None:
        raise NotFoundError.of("no-such-deal", f"There is no deal {claim.payload['deal']}.")
    stored = load_stored_deal(session, row, machine.rules, machine.clock.now())
    if not lacks_documents(session, stored, machine.settings):
        return None
    library, fonts = stored.rules.library, machine.settings.extra_fonts
    package = make_files(session, stored, library, fonts)
    now = machine.clock.now()
    identity = development_identity(machine.settings.var / KEYS, now)
    sealed = seal_package(package.files, identity, stem=STEM, now=now)
    executed = {**sealed.files, TERMS: package.files[TERMS]}
    agreed_on = _signed_on(session, stored)
    for data in (*package.files.values(), *executed.values()):
        # Bytes named by their hash may be there before the row that names them; not after.
        machine.storage.put(data)

    def keep(unit: Session, at: datetime) -> None:
        if find_contract(unit, stored.row.id) is not None:
            return
        keep_files(unit, stored, package, machine.storage, at)
        kept = {
            name: store_file(unit, machine.storage, data, at) for name, data in executed.items()
        }
        contract = record_contract(unit, _contract(stored, sealed, agreed_on, now), kept)
        facts: dict[str, Json] = {
            "contract": contract.id,
            "version": stored.version_row.number,
            "text": contract.text_sha256,
            "development": contract.is_development,
            "history": True,
            "files": dict(sorted(kept.items())),
        }
        record(unit, SYSTEM, stored.row.id, "contracts:contract:sealed", facts, now=at)

    return keep


def _contract(
    stored: StoredDeal, sealed: SealedPackage, agreed_on: date, now: datetime
) -> ContractRow:
    version, customer = stored.version_row, stored.quote.deal.customer
    return ContractRow(
        deal_id=stored.row.id,
        version_id=version.id,
        agreed_by=customer.signer.name if customer.signer else customer.name,
        agreed_on=agreed_on,
        text_sha256=version.text_sha256,
        terms_sha256=version.terms_sha256,
        signer=common_name(sealed.seal.signer)[:200],
        level=str(sealed.seal.level),
        is_development=is_development(sealed.seal.signer),
        sealed_at=now,
        # Nobody pressed a button: this tells history from what a person sealed.
        sealed_by=None,
    )


def _signed_on(session: Session, stored: StoredDeal) -> date:
    moved = (
        one.at.date()
        for one in list_events(session, stored.row.id)
        if one.event == "deals:stage:moved" and one.facts.get("to") == Stage.SIGNED.value
    )
    return next(moved, stored.version_row.created_at.date())


def _key(stored: StoredDeal) -> str:
    return f"history:{stored.row.id}"
