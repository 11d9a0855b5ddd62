"""Build a stored deal's files once and keep them: the same state gives the same stored files."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from dealdesk.agreements.models import VersionFileRow
from dealdesk.agreements.operations import record_version_file
from dealdesk.agreements.queries import list_version_files
from dealdesk.clauses.model import Library
from dealdesk.files.operations import store_file
from dealdesk.files.ports import Storage
from dealdesk.kernel.errors import RefusedError
from dealdesk.kernel.hashing import sha256_json
from dealdesk.workflows.building import Package, approvals_record, build_package
from dealdesk.workflows.clause_texts import changed_clauses
from dealdesk.workflows.stored_deals import StoredDeal


def state_of(stored: StoredDeal) -> str:
    """Return the hash of what the files are built from: the version and its decisions."""
    return sha256_json(
        {
            "inputs": stored.version_row.inputs_sha256,
            "text": stored.quote.version.hashes.text,
            "approvals": dict(approvals_record(stored.quote)),
        }
    )


def built_files(session: Session, stored: StoredDeal) -> Sequence[VersionFileRow]:
    """Return the files of a deal's present state; none where they were not built yet."""
    return list_version_files(session, stored.version_row.id, state_of(stored))


def make_files(
    session: Session, stored: StoredDeal, library: Library, extra_fonts: Path | None = None
) -> Package:
    """Return the files of a deal's present state; takes seconds, and writes nothing.

    Raise RefusedError when the version's text is no longer what was recorded, DomainError when a
    file can't be made, such as PDF without Pango.
    """
    require_as_stored(session, stored, library)
    return build_package(stored.quote, library, extra_fonts)


def require_as_stored(session: Session, stored: StoredDeal, library: Library) -> None:
    """Raise RefusedError when a version's text is no longer what was recorded, naming the cause."""
    if not stored.is_as_stored:
        titles = changed_clauses(session, stored.version_row.id, library)
        cause = f"the library ({', '.join(titles)})" if titles else "library or program"
        raise RefusedError.of(
            "text-changed",
            f"The text changed with {cause} after version {stored.version_row.number}"
            " was made, so its files would not be its own.",
            remedy="Load the deal again to record a new version.",
        )


def keep_files(
    session: Session, stored: StoredDeal, package: Package, storage: Storage, now: datetime
) -> Sequence[VersionFileRow]:
    """Store files that were made, unless others did so meanwhile, and return them."""
    if built_files(session, stored):
        return built_files(session, stored)
    state = state_of(stored)
    for name, data in sorted(package.files.items()):
        record_version_file(
            session,
            stored.version_row.id,
            name,
            sha256=store_file(session, storage, data, now),
            built_from=state,
            is_draft=package.is_draft,
            now=now,
        )
    return built_files(session, stored)
