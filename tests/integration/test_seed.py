"""Seeding: each deal file once, with its version and decisions, however often it is loaded."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm.exc import StaleDataError

from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.agreements.queries import get_latest_version, list_version_clauses
from dealdesk.agreements.serial import inputs_from_json
from dealdesk.approvals.models import DecisionRow
from dealdesk.approvals.queries import list_decisions
from dealdesk.clauses.clause_file import files_hash
from dealdesk.clauses.loader import load_library
from dealdesk.clauses.queries import list_clause_versions
from dealdesk.deals.deal_file import load_deal
from dealdesk.deals.models import DealRow, Stage
from dealdesk.deals.queries import get_deal, list_deals
from dealdesk.identity.actors import SYSTEM
from dealdesk.identity.models import UserRow
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import DomainError, NotFoundError, RefusedError
from dealdesk.kernel.hashing import sha256_text
from dealdesk.workflows.clause_texts import changed_clauses
from dealdesk.workflows.seeding import seed_deals

TESTS = Path(__file__).parents[1]
LIBRARY = load_library(TESTS / "library")
FILES = (TESTS / "deals" / "T1.yaml", TESTS / "deals" / "T2.yaml")
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
DECIDED = """
decisions:
  - {role: cfo, person: Finley Exemple, verdict: approved, at: 2026-11-24T09:00:00+02:00,
     policy: approval@1, seen: [{rule: discount, subject: discount_highest, tested: "28"}]}
"""


def load(engine: Engine, *paths: Path) -> list[str]:
    with sessions(engine, writes=True).begin() as session:
        return [one.outcome for one in seed_deals(session, paths, LIBRARY, None, NOW)]


def test_loading_twice_is_loading_once(engine: Engine) -> None:
    assert load(engine, *FILES) == ["added", "added"]
    assert load(engine, *FILES) == ["as it was", "as it was"]
    with sessions(engine)() as session:
        assert len(list_deals(session, actor=SYSTEM)) == 2
        assert session.scalar(select(func.count()).select_from(AgreementVersionRow)) == 2


def test_a_stored_version_gives_back_its_inputs(engine: Engine) -> None:
    load(engine, FILES[0])
    deal = load_deal(FILES[0])
    with sessions(engine)() as session:
        row = get_latest_version(session, get_deal(session, deal.number, actor=SYSTEM).id)
        assert sha256_text(row.inputs) == row.inputs_sha256
        assert inputs_from_json(json.loads(row.inputs)).order == deal.order
        assert row.created_at == NOW


def test_another_file_of_the_deal_is_a_new_version(engine: Engine, tmp_path: Path) -> None:
    load(engine, FILES[0])
    changed = tmp_path / "T1.yaml"
    text = FILES[0].read_text("utf-8")
    changed.write_text(text.replace("title: ", "title: Changed, ", 1), "utf-8")
    assert load(engine, changed) == ["new version"]
    with sessions(engine)() as session:
        row = get_latest_version(session, list_deals(session, actor=SYSTEM)[0].id)
        assert (row.number, row.parent) == (2, 1)


def another(folder: Path) -> Path:
    """Return a file of the first deal that says something else."""
    changed = folder / "T1.yaml"
    text = FILES[0].read_text("utf-8")
    changed.write_text(text.replace("title: ", "title: Changed, ", 1), "utf-8")
    return changed


@pytest.mark.parametrize("stage", [one for one in Stage if one is not Stage.DRAFT])
def test_a_file_changes_no_deal_that_is_a_draft_no_more(
    engine: Engine, tmp_path: Path, stage: Stage
) -> None:
    load(engine, FILES[0])
    with sessions(engine, writes=True).begin() as session:
        list_deals(session, actor=SYSTEM)[0].stage = stage.value
    with pytest.raises(RefusedError, match=r"T1\.yaml: TEST-T1 is no draft any more"):
        load(engine, another(tmp_path))
    assert load(engine, FILES[0]) == ["as it was"]
    with sessions(engine)() as session:
        (row,) = list_deals(session, actor=SYSTEM)
        assert row.deal_file == FILES[0].read_text("utf-8")
        assert get_latest_version(session, row.id).number == 1


def test_a_file_leaves_a_deal_with_whom_it_was_given_to(engine: Engine, tmp_path: Path) -> None:
    load(engine, FILES[0])
    with sessions(engine, writes=True).begin() as session:
        user = UserRow(email="new@example.com", name="New Owner", created_at=NOW)
        session.add(user)
        session.flush()
        (row,) = list_deals(session, actor=SYSTEM)
        row.owner_id, row.owner = user.id, user.name
    assert load(engine, another(tmp_path)) == ["new version"]
    with sessions(engine)() as session:
        (row,) = list_deals(session, actor=SYSTEM)
        assert (row.owner_id, row.owner) == (user.id, "New Owner")


def test_the_demo_leaves_what_is_there(engine: Engine, tmp_path: Path) -> None:
    load(engine, FILES[0])
    files = [another(tmp_path), FILES[1]]
    with sessions(engine, writes=True).begin() as session:
        made = list(seed_deals(session, files, LIBRARY, None, NOW, only_new=True))
    assert [one.outcome for one in made] == ["as it was", "added"]


def test_the_clauses_of_a_version_are_kept_as_they_were(engine: Engine) -> None:
    load(engine, *FILES)
    with sessions(engine)() as session:
        version = get_latest_version(session, list_deals(session, actor=SYSTEM)[0].id)
        kept = list_clause_versions(session, list_version_clauses(session, version.id))
        chosen = {c.clause_id for c in inputs_from_json(json.loads(version.inputs)).choices}
        assert {row.clause_id for row in kept} == chosen
        assert all(files_hash(row.files) == row.sha256 for row in kept)
        assert all(LIBRARY.clauses[row.clause_id].sha256 == row.sha256 for row in kept)


def test_clauses_that_changed_since_are_named(engine: Engine) -> None:
    load(engine, FILES[0])
    with sessions(engine)() as session:
        version = get_latest_version(session, list_deals(session, actor=SYSTEM)[0].id)
        assert changed_clauses(session, version.id, LIBRARY) == ()
        kept = list_clause_versions(session, list_version_clauses(session, version.id))
        first = LIBRARY.clauses[kept[0].clause_id]
        edited = {**LIBRARY.clauses, first.id: replace(first, sha256="0" * 64)}
        assert changed_clauses(session, version.id, replace(LIBRARY, clauses=edited)) == (
            first.title,
        )


def test_a_decision_is_recorded_once_and_read_back_whole(engine: Engine, tmp_path: Path) -> None:
    decided = tmp_path / "decided.yaml"
    decided.write_text(FILES[0].read_text("utf-8") + DECIDED, "utf-8")
    load(engine, decided)
    load(engine, decided)
    with sessions(engine)() as session:
        assert session.scalar(select(func.count()).select_from(DecisionRow)) == 1
        stored = list_decisions(session, list_deals(session, actor=SYSTEM)[0].id)
    assert stored == load_deal(decided).decisions
    assert stored[0].at.tzinfo is UTC


def test_a_wrong_file_leaves_nothing_behind(engine: Engine, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("schema: deal/1\n", "utf-8")
    with pytest.raises(DomainError, match=r"wrong\.yaml"):
        load(engine, FILES[0], wrong)
    with sessions(engine)() as session:
        assert list_deals(session, actor=SYSTEM) == []


def test_a_deal_that_is_absent_is_named(engine: Engine) -> None:
    with sessions(engine)() as session, pytest.raises(NotFoundError, match="no deal NONE-1"):
        get_deal(session, "NONE-1", actor=SYSTEM)


def test_a_stale_change_is_refused(engine: Engine) -> None:
    load(engine, FILES[0])
    with sessions(engine)() as mine:
        seen = list_deals(mine, actor=SYSTEM)[0]
        mine.expunge(seen)
    with sessions(engine, writes=True).begin() as theirs:
        theirs.get_one(DealRow, seen.id).title = "Theirs"
    with sessions(engine, writes=True)() as late:
        late.add(seen)
        seen.title = "Mine"
        with pytest.raises(StaleDataError):
            late.flush()


def test_a_text_that_the_program_prints_otherwise_is_a_new_version(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(engine, FILES[0])
    monkeypatch.setattr("dealdesk.agreements.assembly.text_hash", lambda _tree: "0" * 64)
    assert load(engine, FILES[0]) == ["new version"]
    assert load(engine, FILES[0]) == ["as it was"]
