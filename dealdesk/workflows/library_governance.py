"""Govern the library: check and publish drafts, load and write the files, tell who has what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from dealdesk.audit.operations import record
from dealdesk.clauses.difference import ClauseDifference, library_difference
from dealdesk.clauses.drafts import STREAM, close_published, list_live_drafts, start_draft
from dealdesk.clauses.file_state import list_agreed_files, note_agreed
from dealdesk.clauses.lint.library_rules import LIBRARY_RULES
from dealdesk.clauses.lint.rule import Finding, Level, apply
from dealdesk.clauses.lint.template_rules import template_findings
from dealdesk.clauses.loader import load_library, read_library
from dealdesk.clauses.model import Clause, Library
from dealdesk.clauses.models import ClauseDraftRow, PublicationRow
from dealdesk.clauses.operations import record_clause
from dealdesk.clauses.publications import (
    find_last_publication,
    list_last_publications,
    record_publication,
)
from dealdesk.clauses.queries import list_clause_versions
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import ConflictError, DomainError, Problem, RefusedError
from dealdesk.kernel.hashing import Json
from dealdesk.workflows.library_in_force import clause_texts


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft read beside the library in force: the clause where it can be read, and findings.

    `library` is what the library would be; None where the draft's files can't be read.
    """

    library: Library | None
    clause: Clause | None
    findings: tuple[Finding, ...]
    differences: tuple[ClauseDifference, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stand in the way of publication."""
        return tuple(one for one in self.findings if one.level is Level.ERROR)


def check_draft(
    folder: Path, library: Library, clause_folder: str, files: Mapping[str, str]
) -> Checked:
    """Return what the linter and the comparison say of a clause's files, as if they were in force.

    Only findings of this clause's own files count: what others have is not this draft's.
    """
    own = f"{clause_folder}/"
    texts = {f"{own}{name}": text for name, text in files.items()}
    others = {
        name: text for name, text in clause_texts(library).items() if not name.startswith(own)
    }
    found, problems = read_library(folder, {**others, **texts})
    if found is None or problems:
        # What agreements then lack follows from the clause's own faults.
        ours = [one for one in problems if one.place.file.startswith(own)] or problems
        unread = tuple(Finding(one.code, Level.ERROR, one) for one in ours)
        return Checked(None, None, unread, ())
    clause = next((one for one in found.clauses.values() if one.file.startswith(own)), None)
    findings = tuple(
        one
        for one in (*apply(LIBRARY_RULES, found), *template_findings(found))
        if one.problem.place.file.startswith(own)
    )
    differences = library_difference(_only(library, clause), _only(found, clause))
    return Checked(found, clause, findings, differences)


def _only(library: Library, clause: Clause | None) -> Library:
    same = clause and library.clauses.get(clause.id)
    return replace(library, clauses={same.id: same} if same else {})


def publish_draft(  # noqa: PLR0913 - which draft, on which sight, over what, from when, by whom
    session: Session,
    actor: Actor,
    row: ClauseDraftRow,
    *,
    seen: int,
    folder: Path,
    library: Library,
    effective_on: date,
    now: datetime,
) -> PublicationRow:
    """Put a draft in force from a day on and return its publication.

    Raise DomainError with each error of the linter, RefusedError where the actor wrote it or the
    day is past, ConflictError where draft or clause moved on.
    """
    if effective_on < now.date():
        raise RefusedError.of(
            "past-day", "A clause can't take effect in the past.", remedy="Choose today or later."
        )
    checked = check_draft(folder, library, row.folder, row.files)
    if checked.clause is None or checked.errors:
        raise DomainError([one.problem for one in checked.errors])
    _refuse_same_version(session, checked.clause)
    close_published(session, actor, row, seen=seen, now=now)
    return _publish(
        session,
        actor,
        checked.clause,
        row.folder,
        effective_on=effective_on,
        reason=row.reason,
        author_id=row.author_id,
        now=now,
    )


def _refuse_same_version(session: Session, clause: Clause) -> None:
    last = find_last_publication(session, clause.id)
    if last is not None and last.version == clause.version:
        raise RefusedError.of(
            "same-version",
            f"{clause.title} is published as version {last.version} already.",
            remedy="Give the change its own version in clause.yaml.",
        )


def _publish(  # noqa: PLR0913 - what is published, from when, why, by whom
    session: Session,
    actor: Actor,
    clause: Clause,
    folder: str,
    *,
    effective_on: date,
    reason: str,
    author_id: int | None,
    now: datetime,
) -> PublicationRow:
    sha256 = record_clause(session, clause, now)
    row = record_publication(
        session,
        clause_id=clause.id,
        folder=folder,
        sha256=sha256,
        effective_on=effective_on,
        reason=reason,
        author_id=author_id,
        publisher_id=actor.id,
        now=now,
    )
    facts: dict[str, Json] = {
        "clause": clause.id,
        "version": clause.version,
        "sha256": sha256,
        "effective_on": effective_on.isoformat(),
    }
    record(session, actor, STREAM, "clauses:version:published", facts, now=now)
    return row


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one clause when files met database: published, drafted, as it was."""

    clause_id: str
    outcome: str


class BothMovedError(ConflictError):
    """Files and database changed the same clauses; carries each difference in words."""


def import_files(session: Session, actor: Actor, folder: Path, now: datetime) -> tuple[Moved, ...]:
    """Load a library's files: published into an empty database, else each change as a draft.

    Raise BothMovedError where a clause changed on both sides, with the comparison; then nothing is
    loaded. Raise LibraryError where the files can't be read.
    """
    files = load_library(folder)
    published, agreed = list_last_publications(session), list_agreed_files(session)
    if not published:
        return tuple(_first(session, actor, clause, now) for clause in files.clauses.values())
    _refuse_both_moved(session, files, published, agreed)
    drafted = {row.clause_id: row.files for row in list_live_drafts(session)}
    return tuple(
        _meet(session, actor, clause, published.get(clause.id), agreed, drafted, now)
        for clause in files.clauses.values()
    )


def _first(session: Session, actor: Actor, clause: Clause, now: datetime) -> Moved:
    _publish(
        session,
        actor,
        clause,
        clause_folder(clause),
        effective_on=min(clause.effective_from, now.date()),
        reason="Loaded from the library's files.",
        author_id=None,
        now=now,
    )
    note_agreed(session, clause.id, clause.sha256, now)
    return Moved(clause.id, "published")


def _meet(  # noqa: PLR0913, PLR0917 - one clause, both sides of it, and what is drafted
    session: Session,
    actor: Actor,
    clause: Clause,
    published: str | None,
    agreed: Mapping[str, str],
    drafted: Mapping[str, Mapping[str, str]],
    now: datetime,
) -> Moved:
    if clause.sha256 == published:
        note_agreed(session, clause.id, clause.sha256, now)
        return Moved(clause.id, "as it was")
    if clause.sha256 == agreed.get(clause.id):
        return Moved(clause.id, "newer in the database")
    if dict(drafted.get(clause.id, {})) == dict(clause.files):
        return Moved(clause.id, "drafted already")
    start_draft(
        session,
        actor,
        clause_id=clause.id,
        folder=clause_folder(clause),
        base_sha256=published,
        files=clause.files,
        now=now,
        reason="Loaded from the library's files.",
    )
    return Moved(clause.id, "drafted")


def _refuse_both_moved(
    session: Session, files: Library, published: Mapping[str, str], agreed: Mapping[str, str]
) -> None:
    both = [
        clause
        for clause in files.clauses.values()
        if clause.id in published
        and clause.sha256 not in {published[clause.id], agreed.get(clause.id)}
        and published[clause.id] != agreed.get(clause.id)
    ]
    if both:
        raise BothMovedError(
            Problem("both-moved", message, remedy="Export first, or take one side's text.")
            for clause in both
            for message in _comparison(session, clause, published[clause.id])
        )


def _comparison(session: Session, clause: Clause, sha256: str) -> Iterator[str]:
    rows = list_clause_versions(session, [sha256])
    theirs = rows[0].files if rows else {}
    names = sorted(
        name for name in {*theirs, *clause.files} if theirs.get(name) != clause.files.get(name)
    )
    yield (
        f"{clause.title} changed in the files and in the database: {', '.join(names)} differ"
        f" (files: version {clause.version}; database: version {rows[0].version if rows else '?'})."
    )


def export_files(session: Session, folder: Path, now: datetime) -> tuple[str, ...]:
    """Write what is published last into a library's folder and return the files that changed.

    Files that say the same are not touched. Raise BothMovedError where a file changed as well.
    """
    files = load_library(folder)
    published, agreed = list_last_publications(session), list_agreed_files(session)
    _refuse_both_moved(session, files, published, agreed)
    written: list[str] = []
    for clause_id, sha256 in published.items():
        present = files.clauses.get(clause_id)
        if present is not None and present.sha256 not in {sha256, agreed.get(clause_id)}:
            continue  # moved in the files alone: that is for an import
        publication = find_last_publication(session, clause_id)
        row = list_clause_versions(session, [sha256])[0]
        place = folder / (clause_folder(present) if present else f"clauses/new/{clause_id}")
        if publication is not None:
            written += _write(folder, place, row.files)
        note_agreed(session, clause_id, sha256, now)
    return tuple(written)


def _write(root: Path, place: Path, files: Mapping[str, str]) -> Iterator[str]:
    for name, text in files.items():
        path = place / name
        if not path.is_file() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
            yield path.relative_to(root).as_posix()


def clause_folder(clause: Clause) -> str:
    """Return the folder of a clause's files within the library's."""
    return clause.file.rpartition("/")[0]
