"""Reads of agreement versions and their files."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from dealdesk.agreements.models import (
    AgreementVersionRow,
    VersionClauseRow,
    VersionFileRow,
)
from dealdesk.kernel.errors import NotFoundError


def find_latest_version(session: Session, deal_id: int) -> AgreementVersionRow | None:
    """Return a deal's latest version, or None."""
    return session.scalar(
        select(AgreementVersionRow)
        .where(AgreementVersionRow.deal_id == deal_id)
        .order_by(AgreementVersionRow.number.desc())
        .limit(1)
    )


def get_latest_version(session: Session, deal_id: int) -> AgreementVersionRow:
    """Return a deal's latest version. Raise NotFoundError where there is none."""
    row = find_latest_version(session, deal_id)
    if row is None:
        raise NotFoundError.of("no-version", "This deal has no agreement yet.")
    return row


def get_version(session: Session, deal_id: int, number: int) -> AgreementVersionRow:
    """Return one version of a deal. Raise NotFoundError where there is none of that number."""
    row = session.scalar(
        select(AgreementVersionRow).where(
            AgreementVersionRow.deal_id == deal_id, AgreementVersionRow.number == number
        )
    )
    if row is None:
        raise NotFoundError.of("no-such-version", f"The deal has no version {number}.")
    return row


def latest_numbers() -> Select[int, int]:
    """Return the selection of every deal's id with its latest version's `number`."""
    number = func.max(AgreementVersionRow.number).label("number")
    return select(AgreementVersionRow.deal_id, number).group_by(AgreementVersionRow.deal_id)


def list_latest_versions(
    session: Session, deal_ids: Collection[int] | None = None
) -> dict[int, AgreementVersionRow]:
    """Return the latest version of every deal, or of the named ones, by the deal's id."""
    latest = latest_numbers()
    if deal_ids is not None:
        latest = latest.where(AgreementVersionRow.deal_id.in_(deal_ids))
    rows = session.scalars(
        select(AgreementVersionRow).where(
            tuple_(AgreementVersionRow.deal_id, AgreementVersionRow.number).in_(latest)
        )
    )
    return {row.deal_id: row for row in rows}


def list_version_files(
    session: Session, version_id: int, built_from: str
) -> Sequence[VersionFileRow]:
    """Return the files built from a version in one state of its decisions, by name."""
    return session.scalars(
        select(VersionFileRow)
        .where(VersionFileRow.version_id == version_id, VersionFileRow.built_from == built_from)
        .order_by(VersionFileRow.name)
    ).all()


def list_version_clauses(session: Session, version_id: int) -> Sequence[str]:
    """Return the hashes of the clauses that a version was made from."""
    return session.scalars(
        select(VersionClauseRow.clause_sha256)
        .where(VersionClauseRow.version_id == version_id)
        .order_by(VersionClauseRow.clause_sha256)
    ).all()


def list_clauses_by_version(
    session: Session, version_ids: Collection[int]
) -> dict[int, tuple[str, ...]]:
    """Return the hashes of the clauses that versions were made from, in one statement."""
    rows = session.execute(
        select(VersionClauseRow.version_id, VersionClauseRow.clause_sha256)
        .where(VersionClauseRow.version_id.in_(version_ids))
        .order_by(VersionClauseRow.version_id, VersionClauseRow.clause_sha256)
    )
    found: dict[int, tuple[str, ...]] = {}
    for version_id, sha256 in rows:
        found[version_id] = (*found.get(version_id, ()), sha256)
    return found
