"""Files built by the worker: the present state's, once, made outside any lock."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dealdesk.agreements.models import VersionFileRow
from dealdesk.agreements.operations import FILES, promise_files
from dealdesk.files.storage import LocalStorage
from dealdesk.identity.actors import SYSTEM
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.settings import PROJECT, Settings
from dealdesk.outbox.models import JobRow
from dealdesk.worker.registry import HANDLERS
from dealdesk.worker.runner import run_job
from dealdesk.workflows.deal_rulebook import load_rules
from dealdesk.workflows.files_ahead import ask_for_files, find_files_job
from dealdesk.workflows.machine import Machine
from dealdesk.workflows.seeding import DEMO_DEALS, seed_deals
from dealdesk.workflows.stored_deals import StoredDeal, get_stored_deal
from dealdesk.workflows.version_files import built_files
from tests.integration.test_worker import HandClock, state

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
NUMBER = "FOUNDERS-2028-007"


@pytest.fixture
def machine(engine: Engine, settings: Settings, tmp_path: Path) -> Machine:
    rules = load_rules(PROJECT / "clause_library")
    with sessions(engine, writes=True).begin() as unit:
        paths = [DEMO_DEALS / "invented-founders.yaml"]
        list(seed_deals(unit, paths, rules.library, rules.catalogue, NOW))
    storage = LocalStorage(tmp_path / "files")
    return Machine(settings, engine, rules, storage, HandClock(), None)


def stored(unit: Session, machine: Machine) -> StoredDeal:
    return get_stored_deal(unit, NUMBER, machine.rules, actor=SYSTEM, now=NOW)


def ask(machine: Machine) -> int:
    with sessions(machine.engine, writes=True).begin() as unit:
        return ask_for_files(unit, stored(unit, machine), NOW)


def test_files_are_built_once_however_often_they_are_asked_for(machine: Machine) -> None:
    job = ask(machine)
    assert ask(machine) == job
    with sessions(machine.engine)() as unit:
        assert built_files(unit, stored(unit, machine)) == []
    run_job(machine, HANDLERS, job)
    assert state(machine, job) == ("done", "")
    with sessions(machine.engine, writes=True).begin() as unit:
        files = built_files(unit, stored(unit, machine))
        assert [one.name for one in files][:3] == [
            "agreement.docx", "agreement.html", "agreement.pdf",
        ]  # fmt: skip
        for one in files:
            machine.storage.get(one.sha256)
        moved = promise_files(unit, stored(unit, machine).row.id, "decision:1", NOW)
        row = unit.get_one(JobRow, moved)
        assert (row.kind, row.due_at > NOW) == (FILES, True)
        row.due_at = NOW
    run_job(machine, HANDLERS, moved)
    with sessions(machine.engine)() as unit:
        assert unit.query(VersionFileRow).count() == len(files)


def test_what_cannot_be_built_is_told_and_asked_for_again(machine: Machine) -> None:
    job = ask(machine)
    with sessions(machine.engine, writes=True).begin() as unit:
        row = unit.get_one(JobRow, job)
        row.payload = '{"deal":999}'
    run_job(machine, HANDLERS, job)
    assert state(machine, job) == ("failed", "There is no deal 999.")
    assert ask(machine) == job
    with sessions(machine.engine)() as unit:
        found = find_files_job(unit, stored(unit, machine))
        assert found is not None
        assert (found.id, found.state) == (job, "waiting")
