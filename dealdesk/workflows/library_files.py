"""The library's files and the database: neither is written over the other unseen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from dealdesk.clauses.drafts import list_live_drafts, start_draft
from dealdesk.clauses.file_state import list_agreed_files, note_agreed
from dealdesk.clauses.loader import load_library
from dealdesk.clauses.model import Clause, Library
from dealdesk.clauses.publications import find_last_publication, list_last_publications
from dealdesk.clauses.queries import list_clause_versions
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import ConflictError, Problem
from dealdesk.workflows.library_publishing import clause_folder, publish_clause


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
    publish_clause(
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
        if publication is not None:
            place = clause_folder(present) if present else publication.folder
            written += _write(folder, folder / place, publication.files)
        note_agreed(session, clause_id, sha256, now)
    return tuple(written)


def unnamed_files(folder: Path) -> tuple[str, ...]:
    """Return the texts in the folders of clauses that no position is called by, by name.

    They are neither published nor deleted.
    """
    library = load_library(folder)
    return tuple(
        path.relative_to(folder).as_posix()
        for clause in library.clauses.values()
        for path in sorted((folder / clause_folder(clause)).glob("*.md"))
        if path.name not in clause.files
    )


def _write(root: Path, place: Path, files: Mapping[str, str]) -> Iterator[str]:
    for name, text in files.items():
        path = place / name
        if not path.is_file() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
            yield path.relative_to(root).as_posix()
