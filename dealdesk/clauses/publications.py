"""Clauses in force: publications by their day, and the texts that stand in place of the files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from dealdesk.clauses.models import ClauseVersionRow, PublicationRow, WithdrawalRow
from dealdesk.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class InForce:
    """A clause's publication that is in force on a day."""

    clause_id: str
    folder: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Who took a publication back before its day, when and why."""

    person_id: int | None
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication with the version that it put in force; `withdrawal` where it never was."""

    id: int
    clause_id: str
    folder: str
    version: str
    title: str
    sha256: str
    effective_on: date
    reason: str
    author_id: int | None
    publisher_id: int | None
    published_at: datetime
    files: Mapping[str, str]
    withdrawal: Withdrawal | None = None


def list_in_force(session: Session, day: date) -> tuple[InForce, ...]:
    """Return what is in force on a day: of each clause the last made of those begun by then.

    One made later never begins before an earlier one, so that its text is not overtaken.
    """
    rows = session.execute(
        select(PublicationRow.clause_id, PublicationRow.folder, PublicationRow.sha256)
        .where(PublicationRow.effective_on <= day, _stands())
        .order_by(PublicationRow.id)
    )
    latest = {row.clause_id: InForce(*row) for row in rows}
    return tuple(latest[clause_id] for clause_id in sorted(latest))


def texts_of(session: Session, found: Sequence[InForce]) -> dict[str, str]:
    """Return the texts of clauses by their file names within a library's folder."""
    rows = session.execute(
        select(ClauseVersionRow.sha256, ClauseVersionRow.files).where(
            ClauseVersionRow.sha256.in_({one.sha256 for one in found})
        )
    )
    files: dict[str, dict[str, str]] = {row.sha256: row.files for row in rows}
    return {
        f"{one.folder}/{name}": text
        for one in found
        for name, text in files.get(one.sha256, {}).items()
    }


def list_publications(session: Session, clause_id: str) -> tuple[Publication, ...]:
    """Return a clause's publications, the last first, those that were taken back included."""
    return tuple(
        _publication(row, version, taken)
        for row, version, taken in session.execute(
            _joined()
            .where(PublicationRow.clause_id == clause_id)
            .order_by(PublicationRow.id.desc())
        )
    )


def get_publication(session: Session, number: int) -> Publication:
    """Return a publication. Raise NotFoundError where there is none."""
    found = session.execute(_joined().where(PublicationRow.id == number)).first()
    if found is None:
        raise NotFoundError.of("no-such-publication", f"There is no publication {number}.")
    return _publication(*found)


def find_last_publication(session: Session, clause_id: str) -> Publication | None:
    """Return the publication of a clause that was made last, whenever it begins; None for none.

    What was taken back does not count.
    """
    found = session.execute(
        _joined()
        .where(PublicationRow.clause_id == clause_id, _stands())
        .order_by(PublicationRow.id.desc())
        .limit(1)
    ).first()
    return _publication(*found) if found else None


def list_ahead(session: Session, day: date) -> tuple[Publication, ...]:
    """Return the publications that begin after a day, the next first."""
    wanted = _joined().where(PublicationRow.effective_on > day, _stands())
    ordered = wanted.order_by(PublicationRow.effective_on, PublicationRow.id)
    return tuple(_publication(*found) for found in session.execute(ordered))


def list_last_publications(session: Session) -> Mapping[str, str]:
    """Return the hash of each clause's last publication, by clause id."""
    rows = session.execute(
        select(PublicationRow.clause_id, PublicationRow.sha256)
        .where(_stands())
        .order_by(PublicationRow.id)
    )
    return {row.clause_id: row.sha256 for row in rows}


def record_publication(  # noqa: PLR0913 - what is published, from when, why, by whom
    session: Session,
    *,
    clause_id: str,
    folder: str,
    sha256: str,
    effective_on: date,
    reason: str,
    author_id: int | None,
    publisher_id: int | None,
    now: datetime,
) -> PublicationRow:
    """Record a publication and return its row."""
    row = PublicationRow(
        clause_id=clause_id,
        folder=folder,
        sha256=sha256,
        effective_on=effective_on,
        reason=reason,
        author_id=author_id,
        publisher_id=publisher_id,
        published_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _stands() -> ColumnElement[bool]:
    return PublicationRow.id.not_in(select(WithdrawalRow.publication_id))


def _joined() -> Select[PublicationRow, ClauseVersionRow, WithdrawalRow]:
    return (
        select(PublicationRow, ClauseVersionRow, WithdrawalRow)
        .join(ClauseVersionRow, ClauseVersionRow.sha256 == PublicationRow.sha256)
        .outerjoin(WithdrawalRow, WithdrawalRow.publication_id == PublicationRow.id)
    )


def _publication(
    row: PublicationRow, version: ClauseVersionRow, taken: WithdrawalRow | None
) -> Publication:
    return Publication(
        id=row.id,
        clause_id=row.clause_id,
        folder=row.folder,
        version=version.version,
        title=version.title,
        sha256=row.sha256,
        effective_on=row.effective_on,
        reason=row.reason,
        author_id=row.author_id,
        publisher_id=row.publisher_id,
        published_at=row.published_at,
        files=version.files,
        withdrawal=Withdrawal(taken.person_id, taken.withdrawn_at, taken.reason) if taken else None,
    )
