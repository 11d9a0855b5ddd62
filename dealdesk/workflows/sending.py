"""Send a version to the customer: a link for a person, by mail, to exactly its files."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dealdesk.audit.operations import record
from dealdesk.deals.lifecycle import StageAction
from dealdesk.deals.moving import move_deal
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import ConflictError, RefusedError
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.settings import Settings
from dealdesk.negotiation.queries import find_answer
from dealdesk.outbox.operations import enqueue_mail
from dealdesk.sharing.models import ShareLinkRow
from dealdesk.sharing.operations import NewLink, SharedFile, add_files, make_link, share_with_all
from dealdesk.sharing.queries import find_link, is_just_shared
from dealdesk.sharing.rules import LinkSecrets, Recipient, secrets_of_form
from dealdesk.signing.package import AGREEMENT_DOCX
from dealdesk.workflows.stages import readiness_of
from dealdesk.workflows.stored_deals import StoredDeal
from dealdesk.workflows.version_files import built_files

A_MOMENT = timedelta(minutes=1)
_FORM = re.compile(r"[A-Za-z0-9_-]{24,64}\Z", re.ASCII)
# What the customer gets; the rest of a build is for our own desk.
SENT = (AGREEMENT_DOCX, "agreement.html", "agreement.pdf")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a deal: in which transaction, by whom, when, with which settings."""

    session: Session
    actor: Actor
    now: datetime
    settings: Settings


def share_address(settings: Settings, token: str) -> str:
    """Return the address of a link; never made from what a request says."""
    return f"{settings.links_lead_to}/share/{token}"


def send_to_customer(  # noqa: PLR0913 - what goes to whom, in whose sight
    step: Step,
    stored: StoredDeal,
    recipient: Recipient,
    *,
    seen: int,
    note: str = "",
    form: str = "",
) -> NewLink:
    """Send a deal's version to a person and return the link that was mailed.

    The same press of a form again, known by `form`, gives the same link and sends nothing.

    Whoever has a link of the deal that holds finds the version under it too. Raise ConflictError
    where the sender saw another version, RefusedError with everything that is in the way.
    """
    # Two presses at once: the second waits here, then finds what the first one made.
    step.session.refresh(stored.row, with_for_update=True)
    secrets = _secrets(step, stored, recipient, form)
    known = find_link(step.session, stored.row.id, secrets.token, step.now) if secrets else None
    if secrets and known:
        return NewLink(known, secrets.token, secrets.code if known.code_hash else None)
    refuse_unseen(stored, seen)
    ready = readiness_of(step.session, stored)
    move_deal(step.session, step.actor, stored.row, StageAction.SEND, ready, now=step.now)
    files = sent_files(step.session, stored)
    version = stored.version_row
    _refuse_twice(step, stored, recipient)
    share_with_all(step.session, stored.row.id, version.id, files, step.now)
    link = make_link(step.session, step.actor, stored.row.id, recipient, step.now, secrets=secrets)
    add_files(step.session, link.row, version.id, files, step.now)
    facts: dict[str, Json] = {
        "link": link.row.id,
        "version": version.number,
        "text": version.text_sha256,
        "files": {one.name: one.sha256 for one in files},
    }
    record(step.session, step.actor, stored.row.id, "sharing:version:sent", facts, now=step.now)
    mail_link(step, stored, link, "agreement-sent", note=note)
    return link


def _secrets(step: Step, stored: StoredDeal, recipient: Recipient, form: str) -> LinkSecrets | None:
    if not _FORM.match(form):
        return None
    about = (step.actor.id, stored.row.id)
    return secrets_of_form(step.settings.secret_key, form, recipient, *about)


def _refuse_twice(step: Step, stored: StoredDeal, recipient: Recipient) -> None:
    """Raise RefusedError where the same went to the same person a moment ago: a double click."""
    deal, version, since = stored.row.id, stored.version_row.id, step.now - A_MOMENT
    if is_just_shared(step.session, deal, version, recipient.email, since):
        raise RefusedError.of(
            "sent-already",
            f"This version went to {recipient.email.strip()} a moment ago.",
            remedy="Wait a minute if they need another link.",
        )


def sent_files(session: Session, stored: StoredDeal) -> tuple[SharedFile, ...]:
    """Return the files that a customer gets: those built, Word as their own file with our marks.

    From their first file on, what goes out in Word is never made anew (I11).
    """
    answered = find_answer(session, stored.version_row.id)
    answer = answered.answer_sha256 if answered else None
    return tuple(
        SharedFile(one.name, answer if answer and one.name == AGREEMENT_DOCX else one.sha256)
        for one in built_files(session, stored)
        if one.name in SENT
    )


def mail_link(step: Step, stored: StoredDeal, link: NewLink, template: str, *, note: str) -> None:
    """Promise the message that carries a link, which stands nowhere else."""
    enqueue_mail(
        step.session,
        link.row.email,
        template,
        _context(step, stored, link.row, has_code=link.code is not None, note=note),
        key=f"share:{link.row.id}",
        now=step.now,
        secrets={"link": share_address(step.settings, link.token)},
        is_private=True,
        language=stored.quote.deal.language,
    )


def mail_executed(step: Step, stored: StoredDeal, known: ShareLinkRow) -> None:
    """Promise the message that the link which somebody has gives the executed documents now."""
    enqueue_mail(
        step.session,
        known.email,
        "agreement-executed",
        _context(step, stored, known, has_code=True, note=""),
        key=f"executed:{known.id}",
        now=step.now,
        language=stored.quote.deal.language,
    )


def _context(
    step: Step, stored: StoredDeal, row: ShareLinkRow, *, has_code: bool, note: str
) -> dict[str, object]:
    return {
        "name": row.name,
        # The document's own title: a deal's is for our desk.
        "title": stored.quote.version.tree.title,
        "seller": stored.quote.deal.seller.name,
        "sender": step.actor.name,
        "version": stored.version_row.number,
        "until": row.expires_at,
        "has_code": has_code,
        "note": note.strip(),
    }


def refuse_unseen(stored: StoredDeal, seen: int) -> None:
    """Raise ConflictError where whoever acts looked at another version than the latest."""
    if seen != stored.version_row.number:
        raise ConflictError.of(
            "newer-version",
            f"You looked at version {seen}, and version {stored.version_row.number} is the latest.",
            remedy="Load the page again and look at what changed.",
        )
