"""Files built by the worker: promised when a deal moves or when asked, made outside any lock."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dealdesk.agreements.operations import FILES, REST
from dealdesk.deals.models import DealRow
from dealdesk.kernel.errors import NotFoundError
from dealdesk.outbox.leases import Claim
from dealdesk.outbox.models import JobRow
from dealdesk.outbox.operations import ask_for_job
from dealdesk.outbox.queries import find_job
from dealdesk.workflows.machine import Keep, Machine
from dealdesk.workflows.stored_deals import StoredDeal, load_stored_deal
from dealdesk.workflows.version_files import (
    built_files,
    keep_files,
    make_files,
    require_as_stored,
    state_of,
)

OLD = timedelta(days=1)


def ask_for_files(session: Session, stored: StoredDeal, now: datetime) -> int:
    """Promise the files of a deal's present state now, also where it went wrong, once each time.

    Raise RefusedError where the version's text is no longer what was recorded.
    """
    require_as_stored(session, stored, stored.rules.library)
    return ask_for_job(session, FILES, {"deal": stored.row.id}, key=_key(stored), now=now)


def find_files_job(session: Session, stored: StoredDeal) -> JobRow | None:
    """Return the job that was asked for the present state's files, or None."""
    return find_job(session, _key(stored))


def build_ahead(session: Session, machine: Machine, claim: Claim) -> Keep | None:
    """Make the files of the state that the job's deal is in now, and return what keeps them.

    Return None where they are there already, or nobody waits for them.
    """
    row = session.get(DealRow, claim.payload["deal"])
    if row is None:
        raise NotFoundError.of("no-such-deal", f"There is no deal {claim.payload['deal']}.")
    stored = load_stored_deal(session, row, machine.rules, machine.clock.now())
    if built_files(session, stored) or _is_left(claim, stored, machine.clock.now()):
        return None
    library, fonts = stored.rules.library, machine.settings.extra_fonts
    package = make_files(session, stored, library, fonts)
    for data in package.files.values():
        # Bytes named by their hash may be there before the row that names them; not after.
        machine.storage.put(data)

    def keep(unit: Session, now: datetime) -> None:
        keep_files(unit, stored, package, machine.storage, now)

    return keep


def _is_left(claim: Claim, stored: StoredDeal, now: datetime) -> bool:
    """Tell whether a job that nobody asked for has no need now.

    A version just made has its own job, which comes when its author rests; the files of an old one,
    such as of a deal that was loaded, are built when somebody looks.
    """
    age = now - stored.version_row.created_at
    return bool(claim.payload.get("ahead")) and not REST <= age <= OLD


def _key(stored: StoredDeal) -> str:
    return f"files:{stored.version_row.id}:{state_of(stored)}"
