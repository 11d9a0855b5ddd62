"""The demo's history gets its executed documents when asked for, and says what they are."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from dealdesk.audit.queries import list_events
from dealdesk.audit.verification import verify
from dealdesk.contracts.models import ContractRow
from dealdesk.contracts.queries import find_contract, list_contract_files
from dealdesk.deals.lifecycle import Readiness, StageAction
from dealdesk.deals.models import DealRow
from dealdesk.deals.moving import move_deal
from dealdesk.files.storage import LocalStorage
from dealdesk.identity.actors import SYSTEM
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import RefusedError
from dealdesk.kernel.settings import PROJECT, Settings
from dealdesk.outbox.models import JobRow, MailRow
from dealdesk.signing.docx_verification import verify_docx
from dealdesk.signing.verification import verify_pdf
from dealdesk.worker.registry import HANDLERS
from dealdesk.worker.runner import run_job
from dealdesk.workflows.deal_rulebook import load_rules
from dealdesk.workflows.history_contracts import ask_for_documents
from dealdesk.workflows.machine import Machine
from dealdesk.workflows.seeding import DEMO_DEALS, seed_deals
from dealdesk.workflows.stored_deals import get_stored_deal
from tests.integration.test_worker import HandClock, state

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
LONG_AGO = datetime(2025, 8, 14, 9, tzinfo=UTC)
NUMBER = "PLACEHOLDER-2027-001"


@pytest.fixture
def machine(engine: Engine, settings: Settings, tmp_path: Path) -> Machine:
    """Give the worker of a demo with one deal that was signed long ago."""
    rules = load_rules(PROJECT / "clause_library")
    with sessions(engine, writes=True).begin() as unit:
        paths = [DEMO_DEALS / "placeholder-robotics.yaml"]
        list(seed_deals(unit, paths, rules.library, rules.catalogue, LONG_AGO))
        row = unit.query(DealRow).one()
        for action in (StageAction.SEND, StageAction.PREPARE, StageAction.SEAL):
            move_deal(unit, SYSTEM, row, action, Readiness({}), now=LONG_AGO)
    storage = LocalStorage(tmp_path / "files")
    return Machine(replace(settings, is_demo=True), engine, rules, storage, HandClock(), None)


def ask(machine: Machine) -> int:
    with sessions(machine.engine, writes=True).begin() as unit:
        stored = get_stored_deal(unit, NUMBER, machine.rules, actor=SYSTEM, now=NOW)
        return ask_for_documents(unit, stored, machine.settings, NOW)


def test_documents_are_made_and_sealed_today_once(machine: Machine) -> None:
    job = ask(machine)
    assert ask(machine) == job
    run_job(machine, HANDLERS, job)
    assert state(machine, job) == ("done", "")
    with sessions(machine.engine)() as unit:
        contract = unit.query(ContractRow).one()
        assert (contract.sealed_at, contract.agreed_on) == (NOW, date(2025, 8, 14))
        assert (contract.is_development, contract.sealed_by) == (True, None)
        kept = {one.name: one.sha256 for one in list_contract_files(unit, contract)}
        sealed = next(iter(list_events(unit, contract.deal_id)))
        assert (sealed.event, sealed.facts["history"]) == ("contracts:contract:sealed", True)
        assert verify(unit).breaks == ()
        assert unit.query(MailRow).count() == 0
    assert set(kept) == {
        "executed-agreement.docx", "executed-agreement.evidence.json", "executed-agreement.pdf",
        "sla-terms.json",
    }  # fmt: skip
    found = verify_pdf(machine.storage.get(kept["executed-agreement.pdf"]), now=NOW)
    assert found.is_valid
    assert [one.signed_at for one in found.signatures] == [NOW]
    assert verify_docx(machine.storage.get(kept["executed-agreement.docx"]), now=NOW).is_valid
    with pytest.raises(RefusedError, match="Only signed deals of the demo"):
        ask(machine)
    with sessions(machine.engine, writes=True).begin() as unit:
        unit.execute(update(JobRow).values(state="waiting", ended_at=None))
    run_job(machine, HANDLERS, job)
    assert state(machine, job) == ("done", "")
    with sessions(machine.engine)() as unit:
        assert unit.query(ContractRow).one().id == contract.id


@pytest.mark.parametrize("case", ["not a demo", "not signed"])
def test_no_other_deal_gets_documents_afterwards(machine: Machine, case: str) -> None:
    if case == "not a demo":
        machine = replace(machine, settings=replace(machine.settings, is_demo=False))
    else:
        with sessions(machine.engine, writes=True).begin() as unit:
            unit.execute(update(DealRow).values(stage="negotiation"))
    with pytest.raises(RefusedError, match="Only signed deals of the demo"):
        ask(machine)


def test_a_promise_of_a_demo_is_not_kept_elsewhere(machine: Machine) -> None:
    job = ask(machine)
    elsewhere = replace(machine, settings=replace(machine.settings, is_demo=False))
    run_job(elsewhere, HANDLERS, job)
    with sessions(machine.engine)() as unit:
        assert find_contract(unit, unit.query(DealRow).one().id) is None
