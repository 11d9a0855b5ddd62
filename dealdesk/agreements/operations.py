"""Writes of agreement versions and their files."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dealdesk.agreements.model import Version
from dealdesk.agreements.models import (
    AgreementVersionRow,
    VersionClauseRow,
    VersionFileRow,
)
from dealdesk.agreements.serial import inputs_json
from dealdesk.kernel.hashing import canonical_json
from dealdesk.outbox.operations import enqueue

# The job that builds a deal's present files; one more decision or version soon after changes them.
FILES = "agreement-files"
REST = timedelta(seconds=10)


def record_version(  # noqa: PLR0913 - a row has that many columns
    session: Session,
    deal_id: int,
    version: Version,
    terms_sha256: str,
    now: datetime,
    *,
    files_ahead: bool = False,
) -> AgreementVersionRow:
    """Record a version of a deal's agreement and return its row.

    With `files_ahead` its files are built soon after, so that nobody waits for them.
    """
    row = AgreementVersionRow(
        deal_id=deal_id,
        number=version.number,
        parent=version.parent,
        origin=version.origin.value,
        inputs=canonical_json(inputs_json(version.inputs)),
        inputs_sha256=version.hashes.inputs,
        text_sha256=version.hashes.text,
        terms_sha256=terms_sha256,
        passages=dict(version.hashes.passages),
        assembler=version.assembler,
        created_at=now,
    )
    session.add(row)
    session.flush()
    if files_ahead:
        promise_files(session, deal_id, f"version:{row.id}", now)
    return row


def promise_files(session: Session, deal_id: int, cause: str, now: datetime) -> int:
    """Promise the files of the state that a deal is in after `REST`, and return the job.

    `cause` names what moved, such as "version:12"; each is promised once.
    """
    return enqueue(
        session,
        FILES,
        {"deal": deal_id, "ahead": True},
        key=f"files:{cause}",
        now=now,
        due_at=now + REST,
    )


def record_version_clauses(
    session: Session, version_id: int, clause_hashes: Collection[str]
) -> None:
    """Record which clauses a version was made from, by the hashes of their files."""
    session.add_all(
        VersionClauseRow(version_id=version_id, clause_sha256=sha256)
        for sha256 in sorted(set(clause_hashes))
    )
    session.flush()


def record_version_file(  # noqa: PLR0913 - a row has that many columns
    session: Session,
    version_id: int,
    name: str,
    *,
    sha256: str,
    built_from: str,
    is_draft: bool,
    now: datetime,
) -> None:
    """Record under which name a stored file belongs to a version."""
    session.add(
        VersionFileRow(
            version_id=version_id,
            name=name,
            built_from=built_from,
            sha256=sha256,
            is_draft=is_draft,
            built_at=now,
        )
    )
    session.flush()
