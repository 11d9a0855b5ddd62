"""Whether a deal may go on to its next stage: the facts from all contexts, gathered once."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from dealdesk.deals.lifecycle import Need, Readiness
from dealdesk.kernel.errors import Problem
from dealdesk.negotiation.standing import round_blockers
from dealdesk.outbox.models import JobState
from dealdesk.sharing.queries import is_version_shared
from dealdesk.workflows.files_ahead import find_files_job
from dealdesk.workflows.readiness import blockers
from dealdesk.workflows.stored_deals import StoredDeal
from dealdesk.workflows.version_files import built_files


def readiness_of(session: Session, stored: StoredDeal) -> Readiness:
    """Return what a deal's stages still wait for, all of it."""
    return Readiness(
        {
            Need.NOTHING_OPEN: (*blockers(stored.quote), *_text(stored), *_parties(stored)),
            Need.FILES: tuple(_files(session, stored)),
            Need.SENT_AS_IS: tuple(_sent(session, stored)),
            Need.NO_ROUND_OPEN: tuple(round_blockers(session, stored.row.id)),
        }
    )


def _parties(stored: StoredDeal) -> Iterator[Problem]:
    """Yield what the paper would leave blank of the parties: nobody signs for a name alone."""
    deal = stored.quote.deal
    for side, party in (("provider", deal.seller), ("customer", deal.customer)):
        lacks = [
            word
            for word, value in (
                ("legal form", party.form),
                ("address", party.address),
                ("signer", party.signer and party.signer.name),
            )
            if not value
        ]
        if lacks:
            yield Problem(
                "party-incomplete",
                f"The {side}'s {' and '.join(lacks)} would be blank in the agreement.",
                remedy="Write it under Details, or in the account.",
            )


def _text(stored: StoredDeal) -> tuple[Problem, ...]:
    if stored.is_as_stored:
        return ()
    return (
        Problem(
            "text-changed",
            f"Library or program changed the text of version {stored.version_row.number}.",
            remedy="Record a new version, so that what is sent is what was decided on.",
        ),
    )


def _files(session: Session, stored: StoredDeal) -> list[Problem]:
    names = {one.name for one in built_files(session, stored) if not one.is_draft}
    if "agreement.pdf" in names:
        return []
    number, job = stored.version_row.number, find_files_job(session, stored)
    if job is not None and job.state == JobState.FAILED:
        return [
            Problem("files-failed", f"The files of version {number} can't be built: {job.told}")
        ]
    return [
        Problem(
            "files-missing",
            f"The final files of version {number} are not built yet.",
            remedy="Build them under Downloads; it takes a few seconds.",
        )
    ]


def _sent(session: Session, stored: StoredDeal) -> list[Problem]:
    if is_version_shared(session, stored.version_row.id):
        return []
    return [
        Problem(
            "not-sent",
            f"The customer does not have version {stored.version_row.number} yet.",
            remedy="Send it to them first.",
        )
    ]
