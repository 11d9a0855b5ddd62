"""A publication taken back before its day, one draft for two presses, texts that nobody names."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from dealdesk.audit.verification import verify
from dealdesk.clauses.drafts import (
    change_draft,
    get_draft,
    list_live_drafts,
    open_draft,
    submit_draft,
)
from dealdesk.clauses.loader import load_library
from dealdesk.clauses.models import PublicationRow, WithdrawalRow
from dealdesk.clauses.publications import find_last_publication, list_publications
from dealdesk.clauses.withdrawals import take_back
from dealdesk.identity.actors import SYSTEM, Actor
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import ConflictError, DomainError, NotFoundError, RefusedError
from dealdesk.outbox.models import JobRow
from dealdesk.workflows.library_files import export_files, import_files, unnamed_files
from dealdesk.workflows.library_in_force import library_in_force
from dealdesk.workflows.library_publishing import check_draft, publish_draft
from dealdesk.workflows.summary_jobs import SUMMARIES
from tests.integration.test_library_governance import (
    CLAUSE,
    FOLDER,
    NOW,
    TODAY,
    changed,
    drafted,
    people,
    shelf,
)

__all__ = ["people", "shelf"]
DAY = TODAY + timedelta(days=7)


def published_ahead(
    session: Session, folder: Path, who: tuple[Actor, Actor], version: str = "9"
) -> PublicationRow:
    """Publish another version of the clause a week ahead."""
    last = find_last_publication(session, CLAUSE)
    assert last is not None
    row = drafted(session, folder, who[0])
    row.files = changed(last.files, version)
    session.flush()
    return publish_draft(
        session, who[1], row, seen=row.revision, folder=folder, library=load_library(folder),
        effective_on=DAY, now=NOW,
    )  # fmt: skip


def test_what_is_taken_back_is_never_in_force_and_its_number_is_free_again(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        before = find_last_publication(session, CLAUSE)
        row = published_ahead(session, shelf, people)
        with pytest.raises(DomainError, match="The reason for taking it back is missing"):
            take_back(session, people[0], row.id, reason=" ", now=NOW)
        taken = take_back(session, people[0], row.id, reason="The board wants to see it.", now=NOW)
        again = take_back(session, people[1], row.id, reason="Once more.", now=NOW)
        assert again == taken
        assert taken.withdrawal is not None
        assert taken.withdrawal.person_id == people[0].id
        assert find_last_publication(session, CLAUSE) == before
        files = load_library(shelf)
        assert library_in_force(session, shelf, files, DAY) is files
        assert [one.withdrawal is not None for one in list_publications(session, CLAUSE)] == [
            True,
            False,
        ]
        published_ahead(session, shelf, people)
        assert library_in_force(session, shelf, files, DAY).clauses[CLAUSE].version == "9"
        assert verify(session).breaks == ()
    with pytest.raises(DBAPIError), sessions(engine, writes=True).begin() as session:
        session.execute(delete(WithdrawalRow))


def test_what_is_in_force_or_built_upon_is_not_taken_back(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        first = published_ahead(session, shelf, people)
        second = published_ahead(session, shelf, people, "10")
        with pytest.raises(RefusedError, match="later publication of Publicity builds on version"):
            take_back(session, people[0], first.id, reason="No.", now=NOW)
        with pytest.raises(RefusedError, match="Version 10 is in force since"):
            take_back(session, people[0], second.id, reason="No.", now=NOW + timedelta(days=7))
        for row in (second, first):
            take_back(session, people[0], row.id, reason="No.", now=NOW)
        with pytest.raises(NotFoundError):
            take_back(session, people[0], 999_999, reason="No.", now=NOW)


def test_a_draft_of_what_was_taken_back_is_not_published(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        row = published_ahead(session, shelf, people)
        later = drafted(session, shelf, people[0])
        later.files = changed(later.files, "10")
        session.flush()
        take_back(session, people[1], row.id, reason="No.", now=NOW)
        with pytest.raises(ConflictError, match="taken back"):
            publish_draft(
                session, people[1], later, seen=later.revision, folder=shelf,
                library=load_library(shelf), effective_on=DAY, now=NOW,
            )  # fmt: skip


def test_files_written_from_what_was_taken_back_are_written_again(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    before = (shelf / FOLDER / "standard.md").read_text()
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        row = published_ahead(session, shelf, people)
        assert len(export_files(session, shelf, NOW)) > 0
        take_back(session, people[0], row.id, reason="No.", now=NOW)
        assert len(export_files(session, shelf, NOW)) > 0
        assert {one.outcome for one in import_files(session, SYSTEM, shelf, NOW)} == {"as it was"}
    assert (shelf / FOLDER / "standard.md").read_text() == before


def test_two_presses_at_once_lead_to_one_draft(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
    ready = Barrier(2)

    def press(actor: Actor) -> int:
        with sessions(engine)() as session:
            last = find_last_publication(session, CLAUSE)
            assert last is not None
        ready.wait()
        with sessions(engine, writes=True).begin() as session:
            return open_draft(
                session, actor, clause_id=CLAUSE, folder=FOLDER, base_sha256=last.sha256,
                files=last.files, now=NOW,
            ).id  # fmt: skip

    with ThreadPoolExecutor(2) as two:
        made = list(two.map(press, (people[0], people[0])))
    assert made[0] == made[1]
    with sessions(engine)() as session:
        assert [row.id for row in list_live_drafts(session)] == made[:1]


def test_a_text_that_no_position_names_is_told_and_not_published(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        library = load_library(shelf)
        row = drafted(session, shelf, people[0])
        row.files = {**row.files, "fallback-9.md": "## Old {#old}\nKept for later.\n"}
        session.flush()
        checked = check_draft(shelf, library, row.folder, row.files)
        (finding,) = checked.errors
        assert str(finding.problem.place) == f"{FOLDER}/fallback-9.md"
        assert "would be lost" in finding.problem.message
        with pytest.raises(DomainError, match="names no position with this text"):
            publish_draft(
                session, people[1], row, seen=row.revision, folder=shelf, library=library,
                effective_on=TODAY, now=NOW,
            )  # fmt: skip
    assert unnamed_files(shelf) == ()
    (shelf / FOLDER / "fallback-9.md").write_text("## Old {#old}\nKept for later.\n")
    assert unnamed_files(shelf) == (f"{FOLDER}/fallback-9.md",)


def test_a_later_version_never_begins_before_the_one_it_is_made_from(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    """Else the earlier one's text would come back on its day."""
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        first, files = published_ahead(session, shelf, people), load_library(shelf)
        later = drafted(session, shelf, people[0])
        later.files = changed(later.files, "10")
        session.flush()

        def publish(day: date) -> PublicationRow:
            return publish_draft(
                session, people[1], later, seen=later.revision, folder=shelf, library=files,
                effective_on=day, now=NOW,
            )  # fmt: skip

        with pytest.raises(RefusedError, match="Version 9 takes effect on 01 Dec 2026"):
            publish(TODAY)
        assert later.state == "submitted"
        publish(DAY)
        assert library_in_force(session, shelf, files, DAY).clauses[CLAUSE].version == "10"
        due = session.scalars(select(JobRow.due_at).where(JobRow.kind == SUMMARIES)).all()
        assert {at.date() for at in due} == {TODAY, DAY}
        # As rows may lie from before: what was made last is in force once its day has come.
        session.add(
            PublicationRow(
                clause_id=CLAUSE, folder=FOLDER, sha256=first.sha256, reason="", published_at=NOW,
                effective_on=DAY - timedelta(days=1),
            )
        )  # fmt: skip
        session.flush()
        assert library_in_force(session, shelf, files, DAY).clauses[CLAUSE].version == "9"


def test_of_two_drafts_published_at_once_the_second_is_told_that_the_clause_moved(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        drafts = []
        for actor, version in zip(people, ("9", "10"), strict=True):
            row = drafted(session, shelf, actor)
            row.files = changed(row.files, version)
            drafts.append(row.id)
    files, start, told = load_library(shelf), Barrier(2), []

    def publish(number: int, actor: Actor) -> None:
        try:
            with sessions(engine, writes=True).begin() as session:
                row = get_draft(session, number)
                if engine.dialect.name == "postgresql":
                    start.wait(timeout=20)  # both hold their draft, and neither has read the clause
                publish_draft(
                    session, actor, row, seen=row.revision, folder=shelf, library=files,
                    effective_on=DAY, now=NOW,
                )  # fmt: skip
            told.append("published")
        except ConflictError as error:
            told.append(error.problems[0].code)

    threads = [
        Thread(target=publish, args=pair) for pair in zip(drafts, reversed(people), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["clause-moved", "published"]


def test_who_edits_a_draft_from_files_is_its_author_and_does_not_publish_it(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    cameron, gale = people
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        for name, text in changed(load_library(shelf).clauses[CLAUSE].files).items():
            (shelf / FOLDER / name).write_text(text)
        import_files(session, SYSTEM, shelf, NOW)
        (row,) = list_live_drafts(session)
        files = changed(row.files, "10")
        change_draft(session, cameron, row, seen=row.revision, files=files, now=NOW)
        assert row.author_id == cameron.id
        with pytest.raises(RefusedError, match="Only its author submits a draft"):
            submit_draft(session, gale, row, seen=row.revision, reason="Mine.", now=NOW)
        submit_draft(session, cameron, row, seen=row.revision, reason="Asked for.", now=NOW)
        with pytest.raises(RefusedError, match="Nobody publishes their own change"):
            publish_draft(
                session, cameron, row, seen=row.revision, folder=shelf,
                library=load_library(shelf), effective_on=TODAY, now=NOW,
            )  # fmt: skip
