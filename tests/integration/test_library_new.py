"""A new clause and its family: from a skeleton to publication, to the files and back."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dealdesk.audit.verification import verify
from dealdesk.clauses.drafts import change_draft, submit_draft
from dealdesk.clauses.loader import load_library
from dealdesk.clauses.models import ClauseDraftRow
from dealdesk.clauses.skeleton import NewClause
from dealdesk.identity.actors import SYSTEM, Actor
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import DomainError
from dealdesk.workflows.library_files import export_files, import_files, unnamed_files
from dealdesk.workflows.library_in_force import library_in_force
from dealdesk.workflows.library_publishing import check_draft, publish_draft
from dealdesk.workflows.library_starting import start_clause
from tests.integration.test_library_governance import NOW, TODAY, people, shelf

__all__ = ["people", "shelf"]
NEW = NewClause(
    id="data-return",
    title='Return of "data"',
    owner="commercial_counsel",
    sentence="Data comes back within thirty days: always",
    explanation="The customer gets its data back.",
    family_title="Data after the end",
)
TEXT = "# Return of data {#data-return}\n\n## Return {#agreed}\nData is returned within 30 days.\n"


def written(session: Session, folder: Path, author: Actor, new: NewClause = NEW) -> ClauseDraftRow:
    """Return a submitted draft of a new clause whose text is written."""
    row = start_clause(session, author, new, load_library(folder), NOW)
    files = {**row.files, "standard.md": TEXT.replace("#data-return", f"#{new.id}")}
    change_draft(session, author, row, seen=row.revision, files=files, now=NOW)
    submit_draft(session, author, row, seen=row.revision, reason="Customers ask.", now=NOW)
    return row


def test_a_new_clause_opens_a_family_and_is_written_to_the_files_without_a_difference(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        row = written(session, shelf, people[0])
        files = load_library(shelf)
        publish_draft(
            session, people[1], row, seen=row.revision, folder=shelf, library=files,
            effective_on=TODAY, now=NOW,
        )  # fmt: skip
        found = library_in_force(session, shelf, files, TODAY)
        clause = found.clauses["data-return"]
        assert (clause.title, clause.family) == ('Return of "data"', "data-return")
        assert found.families["data-return"].title == "Data after the end"
        assert {m.outcome for m in import_files(session, SYSTEM, shelf, NOW)} == {"as it was"}
        folder = "clauses/data-return/data-return"
        assert set(export_files(session, shelf, NOW)) == {
            f"{folder}/clause.yaml", f"{folder}/family.yaml", f"{folder}/standard.md",
        }  # fmt: skip
        assert export_files(session, shelf, NOW) == ()
        there = load_library(shelf)
        assert there.clauses["data-return"].sha256 == clause.sha256
        assert library_in_force(session, shelf, there, TODAY) is there
        assert {m.outcome for m in import_files(session, SYSTEM, shelf, NOW)} == {"as it was"}
        assert unnamed_files(shelf) == ()
        assert verify(session).breaks == ()


def test_a_skeleton_is_not_published_until_its_text_is_written(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        library = load_library(shelf)
        row = start_clause(session, people[0], NEW, library, NOW)
        assert start_clause(session, people[0], NEW, library, NOW) is row
        checked = check_draft(shelf, library, row.folder, row.files)
        assert [one.problem.message for one in checked.errors] == [
            "“[Insert what both sides agree to.]” is a drafting note."
        ]
        assert [one.message for one in checked.differences] == ["the clause is new."]
        submit_draft(session, people[0], row, seen=row.revision, reason="Now.", now=NOW)
        with pytest.raises(DomainError, match="is a drafting note"):
            publish_draft(
                session, people[1], row, seen=row.revision, folder=shelf, library=library,
                effective_on=TODAY, now=NOW,
            )  # fmt: skip


def test_two_clauses_that_open_the_same_family_both_hold(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        files = load_library(shelf)
        first = written(session, shelf, people[0])
        other = written(session, shelf, people[0], replace(NEW, id="data-copy"))
        other.files = {
            name: text.replace("family: data-copy", "family: data-return")
            if name == "clause.yaml"
            else text.replace("id: data-copy", "id: data-return")
            for name, text in other.files.items()
        }
        session.flush()
        for row in (first, other):
            publish_draft(
                session, people[1], row, seen=row.revision, folder=shelf, library=files,
                effective_on=TODAY, now=NOW,
            )  # fmt: skip
        found = library_in_force(session, shelf, files, TODAY)
        assert {found.clauses[one].family for one in ("data-return", "data-copy")} == {
            "data-return"
        }


def test_an_id_that_is_published_ahead_is_taken(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        library = load_library(shelf)
        row = written(session, shelf, people[0])
        publish_draft(
            session, people[1], row, seen=row.revision, folder=shelf, library=library,
            effective_on=TODAY + timedelta(days=9), now=NOW,
        )  # fmt: skip
        with pytest.raises(DomainError, match="published already, to begin later"):
            start_clause(session, people[0], NEW, library, NOW)
