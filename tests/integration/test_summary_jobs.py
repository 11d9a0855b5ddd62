"""Lists follow rules that moved: a published policy, a clause, a day that came; in steps."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from dealdesk.approvals.policy_versions import publish, save_draft
from dealdesk.deals.models import DealSummaryRow
from dealdesk.files.storage import LocalStorage
from dealdesk.identity.actors import Actor
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import ConflictError
from dealdesk.kernel.settings import Settings
from dealdesk.outbox.models import JobRow, JobState
from dealdesk.worker.registry import HANDLERS
from dealdesk.worker.runner import run_job
from dealdesk.workflows import summary_jobs
from dealdesk.workflows.machine import Machine
from dealdesk.workflows.summaries import list_behind
from dealdesk.workflows.summary_jobs import SUMMARIES, promise_if_behind, promise_refresh
from tests.integration.test_worker import HandClock
from tests.integration.workbench import NOW, RULES, people, started


@pytest.fixture
def machine(engine: Engine, settings: Settings, tmp_path: Path) -> Machine:
    """Give a worker's parts with three deals in the database."""
    avery = people(engine).avery
    for key in ("one", "two", "three"):
        started(engine, avery, key)
    storage = LocalStorage(tmp_path / "files")
    return Machine(settings, engine, RULES, storage, HandClock(NOW), None)


def waiting(session: Session) -> list[int]:
    wanted = select(JobRow.id).where(JobRow.kind == SUMMARIES, JobRow.state == JobState.WAITING)
    return list(session.scalars(wanted))


def run_all(machine: Machine) -> int:
    """Run the promised jobs until none is left, and return how many there were."""
    count = 0
    while True:
        with sessions(machine.engine)() as session:
            jobs = waiting(session)
        if not jobs:
            return count
        for job in jobs:
            run_job(machine, HANDLERS, job)
            count += 1


def test_lists_that_are_behind_are_brought_up_in_steps(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary_jobs, "STEP", 2)
    with sessions(machine.engine, writes=True).begin() as session:
        assert list_behind(session, RULES, NOW, 9) == []
        promise_if_behind(session, machine, NOW)
        assert waiting(session) == []
        session.execute(update(DealSummaryRow).values(judged_by="older", standing="blocked"))
        promise_refresh(session, "policy:1", NOW)
        promise_refresh(session, "policy:1", NOW)
    assert run_all(machine) == 2
    with sessions(machine.engine)() as session:
        assert list_behind(session, RULES, NOW, 9) == []
        assert "blocked" not in set(session.scalars(select(DealSummaryRow.standing)))


def test_a_record_that_ended_is_noticed_by_the_timer(machine: Machine) -> None:
    later = datetime(2027, 7, 1, 12, tzinfo=NOW.tzinfo)
    machine = replace(machine, clock=HandClock(later))
    with sessions(machine.engine, writes=True).begin() as session:
        promise_if_behind(session, machine, later)
        assert len(waiting(session)) == 1
    assert run_all(machine) == 1
    with sessions(machine.engine)() as session:
        assert set(session.scalars(select(DealSummaryRow.standing))) == {"open"}


def test_of_two_policies_drafted_from_one_the_second_is_not_published(machine: Machine) -> None:
    """Both were seen over the same policy; the first that was published stands."""
    text, now_in_force = RULES.policy_text, f'\nversion: "{RULES.policy.version}"'
    assert now_in_force in text
    with sessions(machine.engine, writes=True).begin() as session:
        authors = [Actor(number, f"Person {number}") for number in (1, 2)]
        drafts = [
            save_draft(
                session, author, None, base_key=RULES.policy.key,
                text=text.replace(now_in_force, f'\nversion: "{number}"', 1),
                reason="Asked for.", now=NOW,
            )
            for author, number in zip(authors, (8, 9), strict=True)
        ]  # fmt: skip
        key, now = RULES.policy.key, NOW + timedelta(minutes=1)
        publish(session, authors[1], drafts[0], in_force=key, seen=drafts[0].revision, now=now)
        with pytest.raises(ConflictError, match="approval@8 is in force now"):
            publish(session, authors[0], drafts[1], in_force=key, seen=drafts[1].revision, now=now)
