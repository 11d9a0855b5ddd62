"""Take in what the customer sent back: a round, bound to the version and the file they had."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.agreements.assembly import assemble
from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.agreements.queries import get_latest_version
from dealdesk.agreements.serial import inputs_from_json
from dealdesk.deals.models import DealRow, Stage
from dealdesk.documents.docx.differences import Untracked
from dealdesk.documents.docx.returning import Returned
from dealdesk.documents.text import canonical_text
from dealdesk.documents.tree import DocumentTree
from dealdesk.files.operations import store_file
from dealdesk.files.ports import Storage
from dealdesk.kernel.errors import ConflictError, Problem, RefusedError
from dealdesk.negotiation.items import items_of
from dealdesk.negotiation.models import RoundRow
from dealdesk.negotiation.operations import Received, open_round
from dealdesk.negotiation.queries import find_open_round
from dealdesk.sharing.queries import find_sent_file
from dealdesk.signing.package import AGREEMENT_DOCX
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.deal_rulebook import with_clauses
from dealdesk.workflows.stored_deals import StoredDeal

MOST_CHANGES = 3000


@dataclass(frozen=True, slots=True)
class SentFile:
    """The version that the customer has, and the Word file of it that they were sent."""

    version_id: int
    version: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """A file that came back: its bytes, its name, what it says, and who sent it by a link."""

    data: bytes
    name: str
    says: Returned
    behind: str = ""


def sent_file(session: Session, deal: DealRow) -> SentFile:
    """Return what a deal's customer has and may answer.

    Raise RefusedError with everything that is in the way of taking an answer in.
    """
    latest = get_latest_version(session, deal.id)
    item = find_sent_file(session, latest.id, AGREEMENT_DOCX)
    problems = tuple(_obstacles(session, deal, latest, is_sent=item is not None))
    if problems or item is None:
        raise RefusedError(problems)
    return SentFile(latest.id, latest.number, item.sha256)


def _obstacles(
    session: Session, deal: DealRow, latest: AgreementVersionRow, *, is_sent: bool
) -> Iterator[Problem]:
    is_open = find_open_round(session, deal.id)
    if is_open is not None:
        yield Problem(
            "round-open",
            f"Round {is_open.number} is not answered yet.",
            remedy="Answer it, or set it aside if a newer file replaces it.",
        )
    if deal.stage == Stage.SIGNATURE.value:
        yield Problem(
            "at-signature",
            "Both sides agreed to this text: the deal is at signature.",
            remedy="Take it back to negotiation under Customer, then take the file in.",
        )
    elif deal.stage != Stage.NEGOTIATION.value:
        yield Problem(
            "not-in-negotiation",
            f"The deal is at the stage “{deal.stage}”, so no answer is waited for.",
            remedy="Send the agreement to the customer first."
            if deal.stage == Stage.DRAFT.value
            else "",
        )
    if not is_sent:
        yield Problem(
            "not-sent",
            f"The customer does not have version {latest.number}, the latest one.",
            remedy="Send it to them; what they change in it is the next round.",
        )


def receive_round(
    act: Act, stored: StoredDeal, sent: SentFile, returned: ReturnedFile, storage: Storage
) -> RoundRow:
    """Record a file that was read as the deal's next round and return it.

    Raise ConflictError where something was sent or taken in since it was read, RefusedError where
    the file is not an answer to what the customer has.
    """
    # Held until the end: of two files at once, the second sees the first one's round.
    act.session.refresh(stored.row, with_for_update=True)
    if sent_file(act.session, stored.row) != sent:
        raise ConflictError.of(
            "sent-meanwhile",
            "Another version was sent while the file was read.",
            remedy="Load the page again, then take the file in.",
        )
    refuse_other_text(act.session, stored, sent, returned.says)
    received = Received(
        deal_id=stored.row.id,
        base_version_id=sent.version_id,
        sent_sha256=sent.sha256,
        received_sha256=store_file(act.session, storage, returned.data, act.now),
        file_name=returned.name,
        is_foreign=returned.says.is_foreign,
        behind=returned.behind,
    )
    reading = returned.says.reading
    items = items_of(reading, stored.quote.version.tree)
    return open_round(
        act.session, act.actor, received, items, comments=reading.comments, now=act.now
    )


def refuse_other_text(
    session: Session, stored: StoredDeal, sent: SentFile, returned: Returned
) -> None:
    """Raise RefusedError where a file answers another text, or changes nothing in this one."""
    if returned.is_unchanged:
        raise RefusedError.of(
            "unchanged",
            f"Nothing in this file is other than in version {sent.version}, which we sent.",
            remedy="If they agree to it, move the deal to signature under Customer.",
        )
    if len(returned.reading.changes) + len(returned.reading.untracked) > MOST_CHANGES:
        raise RefusedError.of(
            "too-many-changes",
            f"The file has more than {MOST_CHANGES:,} changes; it is another text.",
            remedy="Ask them for a file with tracked changes in ours.",
        )
    gone = sum(one.kind is Untracked.REMOVED for one in returned.reading.untracked)
    if gone * 2 > len(canonical_text(stored.quote.version.tree).splitlines()):
        raise _another()
    own = dict(returned.passages)
    base = dict(stored.version_row.passages)
    if not own or own == base:
        return
    others = session.scalars(
        select(AgreementVersionRow)
        .where(
            AgreementVersionRow.deal_id == stored.row.id, AgreementVersionRow.id != sent.version_id
        )
        .order_by(AgreementVersionRow.number.desc())
    )
    for row in others:
        if dict(row.passages) == own:
            raise RefusedError.of(
                "answers-older",
                f"This file answers version {row.number}; they have version {sent.version} now.",
                remedy=f"Ask them to put their changes into version {sent.version}.",
            )
    if not set(own.values()) & set(base.values()):
        raise _another()


def _another() -> RefusedError:
    return RefusedError.of(
        "another-agreement",
        "This file is another agreement than this deal's.",
        remedy="Look at its title, and take it in where it belongs.",
    )


def base_tree(session: Session, stored: StoredDeal, row: RoundRow) -> DocumentTree:
    """Return the text that a round's changes are about: that of the version that was sent."""
    if row.base_version_id == stored.version_row.id:
        return stored.quote.version.tree
    version = session.get_one(AgreementVersionRow, row.base_version_id)
    rules = with_clauses(session, stored.in_force, version.id)
    return assemble(inputs_from_json(json.loads(version.inputs)), rules.library)
