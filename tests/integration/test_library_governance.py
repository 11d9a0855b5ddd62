"""The library between files, database and people: in force by day, drafted, published, exported."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from dealdesk.audit.verification import verify
from dealdesk.clauses.drafts import (
    change_draft,
    discard_draft,
    get_draft,
    list_live_drafts,
    return_draft,
    start_draft,
    submit_draft,
)
from dealdesk.clauses.lifecycle import TRANSITIONS, DraftAction, DraftState, may_move, moved
from dealdesk.clauses.loader import load_library
from dealdesk.clauses.models import ClauseDraftRow, PublicationRow
from dealdesk.clauses.publications import find_last_publication, list_publications
from dealdesk.identity.actors import SYSTEM, Actor
from dealdesk.identity.operations import NewPerson, add_user
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import ConflictError, DomainError, RefusedError
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.deal_edits import Target
from dealdesk.workflows.deal_rulebook import load_rules
from dealdesk.workflows.library_files import BothMovedError, export_files, import_files
from dealdesk.workflows.library_in_force import library_in_force
from dealdesk.workflows.library_publishing import publish_draft
from dealdesk.workflows.library_use import list_uses, offer_of, take_offer
from dealdesk.workflows.seeding import seed_deals
from dealdesk.workflows.stored_deals import get_stored_deal

TESTS = Path(__file__).parents[1]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = NOW.date()
CLAUSE, FOLDER = "publicity", "clauses/publicity/publicity"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Give a copy of the test library that a test may change."""
    folder = tmp_path / "library"
    shutil.copytree(TESTS / "library", folder)
    return folder


@pytest.fixture
def people(engine: Engine) -> tuple[Actor, Actor]:
    with sessions(engine, writes=True).begin() as session:
        rows = [
            add_user(session, SYSTEM, NewPerson(f"{name}@example.com", name, (role,)), NOW)
            for name, role in (("Cameron", "commercial_counsel"), ("Gale", "general_counsel"))
        ]
        return tuple(Actor(row.id, row.name, frozenset({"general_counsel"})) for row in rows)  # type: ignore[return-value]


def changed(files: dict[str, str] | object, version: str = "9") -> dict[str, str]:
    """Return a clause's files with another version and another sentence."""
    texts = dict(files)  # type: ignore[call-overload]
    lines = texts["clause.yaml"].splitlines()
    texts["clause.yaml"] = (
        "\n".join(
            f'version: "{version}"' if line.startswith("version:") else line for line in lines
        )
        + "\n"
    )
    texts["standard.md"] = texts["standard.md"].replace(".", ", in writing.", 1)
    return texts


def drafted(session: Session, shelf: Path, actor: Actor, now: datetime = NOW) -> ClauseDraftRow:
    """Return a submitted draft of another version of the clause."""
    last = find_last_publication(session, CLAUSE)
    assert last is not None
    row = start_draft(
        session, actor, clause_id=CLAUSE, folder=FOLDER, base_sha256=last.sha256,
        files=changed(last.files), now=now,
    )  # fmt: skip
    submit_draft(session, actor, row, seen=row.revision, reason="Customers asked.", now=now)
    return row


def test_files_fill_an_empty_database_and_come_back_without_a_difference(
    engine: Engine, shelf: Path
) -> None:
    before = {path: path.read_bytes() for path in shelf.rglob("*") if path.is_file()}
    with sessions(engine, writes=True).begin() as session:
        assert {one.outcome for one in import_files(session, SYSTEM, shelf, NOW)} == {"published"}
        assert {one.outcome for one in import_files(session, SYSTEM, shelf, NOW)} == {"as it was"}
        assert export_files(session, shelf, NOW) == ()
        library = load_library(shelf)
        assert library_in_force(session, shelf, library, NOW.date()) is library
        assert verify(session).breaks == ()
    assert {path: path.read_bytes() for path in shelf.rglob("*") if path.is_file()} == before


def test_a_change_of_the_files_is_a_draft_that_a_person_publishes(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        clause = load_library(shelf).clauses[CLAUSE]
        for name, text in changed(clause.files).items():
            (shelf / FOLDER / name).write_text(text)
        outcomes = {m.clause_id: m.outcome for m in import_files(session, SYSTEM, shelf, NOW)}
        assert outcomes.pop(CLAUSE) == "drafted"
        assert set(outcomes.values()) == {"as it was"}
        again = {m.clause_id: m.outcome for m in import_files(session, SYSTEM, shelf, NOW)}
        assert again[CLAUSE] == "drafted already"
        (row,) = list_live_drafts(session)
        submit_draft(session, people[0], row, seen=row.revision, reason="From files.", now=NOW)
        files = load_library(shelf)
        in_force = library_in_force(session, shelf, files, NOW.date())
        assert in_force.clauses[CLAUSE].sha256 == clause.sha256
        publish_draft(
            session, people[1], row, seen=row.revision, folder=shelf, library=in_force,
            effective_on=NOW.date(), now=NOW,
        )  # fmt: skip
        assert library_in_force(session, shelf, files, NOW.date()).clauses[CLAUSE].version == "9"
        assert {m.outcome for m in import_files(session, SYSTEM, shelf, NOW)} == {"as it was"}


def test_a_publication_is_in_force_from_its_day_and_export_writes_it(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        row, files = drafted(session, shelf, people[0]), load_library(shelf)
        day = NOW.date() + timedelta(days=7)
        publish_draft(
            session, people[1], row, seen=row.revision, folder=shelf, library=files,
            effective_on=day, now=NOW,
        )  # fmt: skip
        before = library_in_force(session, shelf, files, day - timedelta(days=1))
        assert before.clauses[CLAUSE].version != "9"
        assert library_in_force(session, shelf, files, day).clauses[CLAUSE].version == "9"
        history = list_publications(session, CLAUSE)
        assert (history[0].version, history[0].author_id, history[0].publisher_id) == (
            "9", people[0].id, people[1].id,
        )  # fmt: skip
        written = export_files(session, shelf, NOW)
        assert set(written) == {f"{FOLDER}/clause.yaml", f"{FOLDER}/standard.md"}
        assert load_library(shelf).clauses[CLAUSE].version == "9"
        assert {m.outcome for m in import_files(session, SYSTEM, shelf, NOW)} == {"as it was"}


def test_where_both_sides_moved_nothing_is_loaded_or_written(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        row, files = drafted(session, shelf, people[0]), load_library(shelf)
        publish_draft(
            session, people[1], row, seen=row.revision, folder=shelf, library=files,
            effective_on=NOW.date(), now=NOW,
        )  # fmt: skip
        text = shelf / FOLDER / "standard.md"
        text.write_text(text.read_text().replace(".", ", twice.", 1))
        for act in (
            lambda: import_files(session, SYSTEM, shelf, NOW),
            lambda: export_files(session, shelf, NOW),
        ):
            with pytest.raises(
                BothMovedError,
                match=r"standard\.md differ \(files: version 1\.0\.0; database: version 9\)",
            ):
                act()
        assert list_live_drafts(session) == []


def test_nobody_publishes_their_own_change_or_an_old_or_faulty_one(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        library = load_library(shelf)

        def publish(row: ClauseDraftRow, actor: Actor, day: date = TODAY, seen: int = 0) -> None:
            publish_draft(
                session, actor, row, seen=seen or row.revision, folder=shelf, library=library,
                effective_on=day, now=NOW,
            )  # fmt: skip

        row = drafted(session, shelf, people[0])
        with pytest.raises(RefusedError, match="Nobody publishes their own change"):
            publish(row, people[0])
        with pytest.raises(RefusedError, match="in the past"):
            publish(row, people[1], NOW.date() - timedelta(days=1))
        with pytest.raises(ConflictError, match="changed after you opened it"):
            publish(row, people[1], seen=row.revision + 7)
        second = drafted(session, shelf, people[0])
        publish(row, people[1])
        with pytest.raises(
            DomainError, match=r"published as version 9 already|published after this draft"
        ):
            publish(second, people[1])
        broken = drafted(session, shelf, people[0])
        broken.files = {**broken.files, "standard.md": "## {#x\n\n{{nothing"}
        with pytest.raises(DomainError):
            publish(broken, people[1])
        assert verify(session).breaks == ()


@pytest.mark.parametrize("state", DraftState)
@pytest.mark.parametrize("action", DraftAction)
def test_every_state_and_action_is_decided(state: DraftState, action: DraftAction) -> None:
    if (state, action) in TRANSITIONS:
        assert may_move(state, action)
        assert moved(state, action) is TRANSITIONS[state, action]
    else:
        assert not may_move(state, action)
        with pytest.raises(ConflictError, match=f"This draft is {state.value}"):
            moved(state, action)


def test_a_draft_goes_back_and_forth_and_its_texts_stay(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        row = drafted(session, shelf, people[0])
        return_draft(session, people[1], row, seen=row.revision, note="Say when.", now=NOW)
        assert (row.state, row.note) == ("draft", "Say when.")
        with pytest.raises(RefusedError, match="Only its author"):
            change_draft(session, people[1], row, seen=row.revision, files=row.files, now=NOW)
        texts = {**row.files, "standard.md": row.files["standard.md"] + "\r\n"}
        change_draft(session, people[0], row, seen=row.revision, files=texts, now=NOW)
        assert "\r" not in row.files["standard.md"]
        with pytest.raises(DomainError, match="The reason for the change is missing"):
            submit_draft(session, people[0], row, seen=row.revision, reason=" ", now=NOW)
        discard_draft(session, people[0], row, seen=row.revision, now=NOW)
        with pytest.raises(ConflictError, match="discarded"):
            submit_draft(session, people[0], row, seen=row.revision, reason="Again", now=NOW)
        assert get_draft(session, row.id).state == "discarded"


def test_drafts_of_deals_are_offered_the_update_and_sent_ones_keep_their_text(
    engine: Engine, shelf: Path, people: tuple[Actor, Actor]
) -> None:
    rules = load_rules(shelf)
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
        deals = [TESTS / "deals" / "T9.yaml", TESTS / "deals" / "T1.yaml"]
        list(seed_deals(session, deals, rules.library, None, NOW))
        numbers = [use.number for use in list_uses(session, SYSTEM, CLAUSE)]
        assert len(numbers) >= 1
        number = numbers[0]
        before = get_stored_deal(session, number, rules, actor=SYSTEM, now=NOW)
        assert offer_of(before) is None
        row = drafted(session, shelf, people[0])
        publish_draft(
            session, people[1], row, seen=row.revision, folder=shelf, library=rules.library,
            effective_on=NOW.date(), now=NOW,
        )  # fmt: skip
        stored = get_stored_deal(session, number, rules, actor=SYSTEM, now=NOW)
        assert stored.is_as_stored
        assert stored.quote.version.hashes == before.quote.version.hashes
        offer = offer_of(stored)
        assert offer is not None
        assert {one.clause for one in offer.differences} == {CLAUSE}
        assert {use.version for use in list_uses(session, SYSTEM, CLAUSE)} == {
            stored.rules.library.clauses[CLAUSE].version
        }
        act = Act(session, rules, SYSTEM, NOW)
        stored.row.stage = "negotiation"
        session.flush()
        assert offer_of(stored) is None
        with pytest.raises(RefusedError, match="keeps the clauses"):
            take_offer(act, Target(number, stored.version_row.number))
        stored.row.stage = "draft"
        session.flush()
        taken = take_offer(act, Target(number, stored.version_row.number))
        assert taken.version_row.number == stored.version_row.number + 1
        assert taken.quote.version.hashes.text != before.quote.version.hashes.text
        assert "9" in {
            use.version for use in list_uses(session, SYSTEM, CLAUSE) if use.number == number
        }


def test_a_publication_is_never_changed(engine: Engine, shelf: Path) -> None:
    with sessions(engine, writes=True).begin() as session:
        import_files(session, SYSTEM, shelf, NOW)
    with pytest.raises(DBAPIError), sessions(engine, writes=True).begin() as session:
        session.execute(update(PublicationRow).values(reason="another"))
    with sessions(engine)() as session:
        assert session.scalars(select(PublicationRow.reason).distinct()).all() == [
            "Loaded from the library's files."
        ]
