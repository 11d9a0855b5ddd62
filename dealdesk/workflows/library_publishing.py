"""Publish clauses: a draft is checked beside the library in force, and a second person ends it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from sqlalchemy.orm import Session

from dealdesk.audit.operations import hold, record
from dealdesk.clauses.difference import ClauseDifference, library_difference
from dealdesk.clauses.drafts import STREAM, close_published
from dealdesk.clauses.lint.library_rules import LIBRARY_RULES
from dealdesk.clauses.lint.rule import Finding, Level, apply
from dealdesk.clauses.lint.template_rules import template_findings
from dealdesk.clauses.loader import read_library
from dealdesk.clauses.model import Clause, Library
from dealdesk.clauses.models import ClauseDraftRow, PublicationRow
from dealdesk.clauses.operations import record_clause
from dealdesk.clauses.publications import (
    find_last_publication,
    record_publication,
)
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import DomainError, Place, Problem, RefusedError
from dealdesk.kernel.hashing import Json
from dealdesk.workflows.library_in_force import clause_texts
from dealdesk.workflows.summary_jobs import promise_refresh


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
    if clause is not None:
        findings = (*_unnamed(clause, texts), *findings)
    differences = library_difference(_only(library, clause), _only(found, clause))
    return Checked(found, clause, findings, differences)


def _unnamed(clause: Clause, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Yield a finding for each text that no position is called by: publishing would drop it."""
    known = {f"{clause_folder(clause)}/{name}" for name in clause.files}
    for name in sorted(set(texts) - known):
        problem = Problem(
            "unnamed-text",
            "clause.yaml names no position with this text, so it would be lost.",
            Place(name),
            "Name the position there, or take the text out.",
        )
        yield Finding(problem.code, Level.ERROR, problem)


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
    day is past or before the last publication's, ConflictError where draft or clause moved on.
    """
    # Two drafts of one clause at once: the second waits, then sees what the first put in force.
    hold(session, STREAM)
    if effective_on < now.date():
        raise RefusedError.of(
            "past-day", "A clause can't take effect in the past.", remedy="Choose today or later."
        )
    checked = check_draft(folder, library, row.folder, row.files)
    if checked.clause is None or checked.errors:
        raise DomainError([one.problem for one in checked.errors])
    _refuse_same_version(session, checked.clause)
    _refuse_overtaking(session, checked.clause, effective_on)
    close_published(session, actor, row, seen=seen, now=now)
    return publish_clause(
        session,
        actor,
        checked.clause,
        row.folder,
        effective_on=effective_on,
        reason=row.reason,
        author_id=row.author_id,
        now=now,
    )


def same_version(session: Session, row: ClauseDraftRow, folder: Path, library: Library) -> str:
    """Return the sentence that a draft still has the published version's number, else ""."""
    clause = check_draft(folder, library, row.folder, row.files).clause
    if clause is None or not _has_published_version(session, clause):
        return ""
    return f"Version {clause.version} is published already: give the change its own in clause.yaml."


def _refuse_same_version(session: Session, clause: Clause) -> None:
    if _has_published_version(session, clause):
        raise RefusedError.of(
            "same-version",
            f"{clause.title} is published as version {clause.version} already.",
            remedy="Give the change its own version in clause.yaml.",
        )


def _refuse_overtaking(session: Session, clause: Clause, effective_on: date) -> None:
    last = find_last_publication(session, clause.id)
    if last is not None and effective_on < last.effective_on:
        raise RefusedError.of(
            "before-last",
            f"Version {last.version} takes effect on {last.effective_on:%d %b %Y}; a later version"
            " can't begin before it.",
            remedy="Choose that day or a later one, or take that publication back first.",
        )


def _has_published_version(session: Session, clause: Clause) -> bool:
    last = find_last_publication(session, clause.id)
    return last is not None and last.version == clause.version


def publish_clause(  # noqa: PLR0913 - what is published, from when, why, by whom
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
    """Put a clause in force from a day on, with its event, and return its publication."""
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
    begins_at = datetime.combine(effective_on, time.min, UTC)
    # Clauses that files bring together are one cause.
    cause = f"clauses:{effective_on.isoformat()}:{now.isoformat()}"
    promise_refresh(session, cause, now, max(now, begins_at))
    return row


def clause_folder(clause: Clause) -> str:
    """Return the folder of a clause's files within the library's."""
    return clause.file.rpartition("/")[0]
