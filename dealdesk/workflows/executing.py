"""Seal what both sides agreed to, and hand it over to the customer and to support."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dealdesk.audit.operations import record
from dealdesk.contracts.models import ContractRow
from dealdesk.contracts.operations import record_contract
from dealdesk.deals.lifecycle import StageAction
from dealdesk.deals.moving import move_deal
from dealdesk.files.operations import store_file
from dealdesk.files.ports import Storage
from dealdesk.identity.queries import list_holders
from dealdesk.kernel.characters import hidden_words
from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.settings import Settings
from dealdesk.outbox.operations import enqueue_mail
from dealdesk.sharing.operations import SharedFile, add_files, make_link, share_with_all
from dealdesk.sharing.rules import DAYS, Recipient
from dealdesk.signing.certificates import (
    SealingIdentity,
    check_validity,
    common_name,
    development_identity,
    is_development,
    load_identity,
)
from dealdesk.signing.package import TERMS
from dealdesk.signing.sealing import SealedPackage, seal_package
from dealdesk.workflows.sending import Step, mail_executed, mail_link, refuse_unseen
from dealdesk.workflows.stages import readiness_of
from dealdesk.workflows.stored_deals import StoredDeal
from dealdesk.workflows.version_files import built_files

STEM = "executed-agreement"
# What the customer gets of the executed documents: the evidence names our own files as well.
HANDED_OVER = (f"{STEM}.docx", f"{STEM}.pdf", TERMS)
LONGEST_NAME = 200
KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Agreed:
    """Who agreed for the customer to this exact text, and on which day."""

    by: str
    on: date


def seal_deal(  # noqa: PLR0913 - which deal is sealed with what, as agreed by whom, seen as what
    step: Step,
    stored: StoredDeal,
    storage: Storage,
    identity: SealingIdentity,
    agreed: Agreed,
    *,
    seen: int,
) -> ContractRow:
    """Seal a deal's files and record the contract; links give the executed documents from now on.

    Raise ConflictError where another version was seen, RefusedError with everything in the way,
    DomainError where it isn't said who agreed when.
    """
    refuse_unseen(stored, seen)
    _check_agreed(step, stored, agreed)
    session, now = step.session, step.now
    ready = readiness_of(session, stored)
    move_deal(session, step.actor, stored.row, StageAction.SEAL, ready, now=now)
    files = {one.name: storage.get(one.sha256) for one in built_files(session, stored)}
    sealed = seal_package(files, identity, stem=STEM, now=now)
    kept = {
        name: store_file(session, storage, data, now)
        for name, data in {**sealed.files, TERMS: files[TERMS]}.items()
    }
    contract = record_contract(session, _contract(step, stored, sealed, agreed), kept)
    facts: dict[str, Json] = {
        "contract": contract.id,
        "version": stored.version_row.number,
        "text": contract.text_sha256,
        "level": contract.level,
        "development": contract.is_development,
        "files": dict(sorted(kept.items())),
    }
    names = {"agreed_by": contract.agreed_by}
    record(
        session, step.actor, stored.row.id, "contracts:contract:sealed", facts, names=names, now=now
    )
    _hand_over(step, stored, kept)
    return contract


def sealing_identity(settings: Settings, now: datetime) -> SealingIdentity:
    """Return what contracts are sealed with: the settings' certificate, else the development one.

    Raise DomainError where the certificate can't be used now.
    """
    if settings.certificate is None:
        return development_identity(settings.var / KEYS, now)
    file = settings.passphrase_file
    passphrase = file.read_bytes().rstrip(b"\r\n") if file else None
    identity = load_identity(settings.certificate, passphrase)
    check_validity(identity.certificate, now)
    return identity


def _check_agreed(step: Step, stored: StoredDeal, agreed: Agreed) -> None:
    problems = []
    if not 0 < len(agreed.by.strip()) <= LONGEST_NAME:
        message = f"Say who agreed for the customer, in 1 to {LONGEST_NAME} characters."
        problems.append(Problem("agreed-by", message))
    if hidden := hidden_words("Who agreed", agreed.by):
        problems.append(Problem("hidden-character", hidden, remedy="Delete it and type it again."))
    version, remedy = stored.version_row, "Write the day on which the customer agreed."
    made = version.created_at.date()
    # Where the customer is, it may be tomorrow already, or still yesterday.
    if agreed.on > step.now.date() + timedelta(days=1):
        problems.append(Problem("agreed-on", f"{agreed.on} has not come yet.", remedy=remedy))
    elif agreed.on < made - timedelta(days=1):
        message = f"Version {version.number} was made on {made}, after {agreed.on}."
        problems.append(Problem("agreed-on", message, remedy=remedy))
    if problems:
        raise DomainError(problems)


def _contract(step: Step, stored: StoredDeal, sealed: SealedPackage, agreed: Agreed) -> ContractRow:
    version = stored.version_row
    return ContractRow(
        deal_id=stored.row.id,
        version_id=version.id,
        agreed_by=" ".join(agreed.by.split()),
        agreed_on=agreed.on,
        text_sha256=version.text_sha256,
        terms_sha256=version.terms_sha256,
        signer=common_name(sealed.seal.signer)[:200],
        level=str(sealed.seal.level),
        is_development=is_development(sealed.seal.signer),
        sealed_at=step.now,
        sealed_by=step.actor.id,
    )


def _hand_over(step: Step, stored: StoredDeal, kept: dict[str, str]) -> None:
    files = [SharedFile(name, kept[name], is_executed=True) for name in HANDED_OVER if name in kept]
    version = stored.version_row.id
    old = share_with_all(step.session, stored.row.id, version, files, step.now)
    for known in {link.email.casefold(): link for link in old}.values():
        if known.code_hash is not None:
            # A link without a code would open what was shut by one.
            mail_executed(step, stored, known)
            continue
        recipient = Recipient(known.name, known.email, days=DAYS[-1])
        link = make_link(step.session, step.actor, stored.row.id, recipient, step.now)
        add_files(step.session, link.row, version, files, step.now)
        mail_link(step, stored, link, "agreement-executed", note="")
    for holder in list_holders(step.session, "support_head"):
        enqueue_mail(
            step.session,
            holder.email,
            "contract-handed-over",
            {
                "name": holder.name,
                "customer": stored.row.customer,
                "number": stored.row.number,
                "link": f"{step.settings.links_lead_to}/deals/{stored.row.number}/contract",
            },
            key=f"handed-over:{stored.row.id}:{holder.id}",
            now=step.now,
            language=holder.language,
        )
