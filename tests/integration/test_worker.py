"""The worker on both databases: two commits a job, real mail, faults kept and told."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dealdesk.audit.models import AnchorRow
from dealdesk.deals.models import DealRow
from dealdesk.files.storage import LocalStorage
from dealdesk.identity.models import AttemptRow
from dealdesk.identity.throttling import count_attempt
from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import RefusedError, UnavailableError
from dealdesk.kernel.settings import PROJECT, Settings, SettingsError
from dealdesk.outbox.adapters.huey_queue import HueyQueue, open_huey
from dealdesk.outbox.adapters.smtp import SmtpMailer
from dealdesk.outbox.leases import Claim
from dealdesk.outbox.models import JobRow
from dealdesk.outbox.operations import enqueue, enqueue_mail, run_again
from dealdesk.outbox.queries import find_mail, worker_seen_at
from dealdesk.worker.registry import HANDLERS, TIMERS
from dealdesk.worker.runner import Holding, due_timers, renew_leases, run_job, run_timer, sweep
from dealdesk.workflows.machine import Handler, Keep, Machine, Timer
from tests.smtp import Inbox, free_port, smtp_server

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@dataclass
class HandClock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def machine(engine: Engine, settings: Settings, tmp_path: Path) -> Machine:
    return Machine(
        settings=replace(settings, mail_sender="desk@example.com"),
        engine=engine,
        rules=None,  # type: ignore[arg-type] - no job here needs them
        storage=LocalStorage(tmp_path / "files"),
        clock=HandClock(),
        mailer=None,
    )


def promise(machine: Machine, kind: str = "trial", **payload: int) -> int:
    with sessions(machine.engine, writes=True).begin() as unit:
        return enqueue(unit, kind, payload, key=f"{kind}:{payload}", now=NOW)


def mail(machine: Machine, key: str = "reset:1", to: str = "zoe@example.com") -> int:
    with sessions(machine.engine, writes=True).begin() as unit:
        return enqueue_mail(
            unit, to, "password-reset", {"name": "Zoë"},
            key=key, now=NOW, secrets={"link": "https://deals.example.com/reset/abc"},
        )  # fmt: skip


def state(machine: Machine, job: int) -> tuple[str, str]:
    with sessions(machine.engine)() as unit:
        row = unit.get_one(JobRow, job)
        return row.state, row.told


def handlers(handler: Handler) -> Mapping[str, Handler]:
    return {"trial": handler}


def a_deal(number: str) -> DealRow:
    return DealRow(
        number=number, title="T", customer="C", owner="O", deal_file="", stage="draft",
        created_at=NOW,
    )  # fmt: skip


def deals(machine: Machine) -> int:
    with sessions(machine.engine)() as unit:
        return unit.query(DealRow).count()


def test_what_a_job_made_is_kept_with_its_end_and_what_it_promised(machine: Machine) -> None:
    def handler(_reading: Session, _machine: Machine, claim: Claim) -> Keep:
        def keep(unit: Session, now: datetime) -> None:
            unit.add(a_deal(f"X-{claim.payload['n']}"))
            enqueue(unit, "next", {}, key="next:1", now=now)

        return keep

    job = promise(machine, n=1)
    promised = run_job(machine, handlers(handler), job)
    assert len(promised) == 1
    assert (state(machine, job), deals(machine)) == (("done", ""), 1)
    assert run_job(machine, handlers(handler), job) == ()
    assert deals(machine) == 1


def test_what_a_worker_made_after_losing_its_lease_is_not_kept(machine: Machine) -> None:
    clock = machine.clock
    assert isinstance(clock, HandClock)

    def keep(unit: Session, _now: datetime) -> None:
        unit.add(a_deal("X-1"))

    def quick(*_: object) -> Keep:
        return keep

    def slow(*_: object) -> Keep:
        clock.at = NOW + machine.settings.lease + timedelta(seconds=1)
        run_job(machine, handlers(quick), job)
        return keep

    job = promise(machine)
    assert run_job(machine, handlers(slow), job) == ()
    assert (state(machine, job)[0], deals(machine)) == ("done", 1)


def test_a_long_job_is_not_taken_from_a_worker_that_holds_on(machine: Machine) -> None:
    clock, holding = machine.clock, Holding()
    assert isinstance(clock, HandClock)
    takers: list[object] = []

    def slow(*_: object) -> None:
        for _n in range(3):
            clock.at += machine.settings.lease * 0.75
            takers.append(run_job(machine, handlers(lambda *_: takers.append("took")), job))
            renew_leases(machine, holding)

    job = promise(machine)
    run_job(machine, handlers(slow), job, holding)
    assert takers == [(), (), ()]
    assert holding.now() == []
    assert state(machine, job) == ("done", "")


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (UnavailableError.of("away", "The server is away."), "waiting"),
        (ZeroDivisionError("by nothing"), "waiting"),
        (RefusedError.of("no", "This will never do."), "failed"),
    ],
)
def test_a_fault_is_kept_and_nothing_else_is(machine: Machine, error: Exception, ends: str) -> None:
    def keep(unit: Session, _now: datetime) -> None:
        unit.add(a_deal("X-1"))
        unit.flush()
        raise error

    job = promise(machine)
    assert run_job(machine, handlers(lambda *_: keep), job) == ()
    found, told = state(machine, job)
    assert (found, deals(machine)) == (ends, 0)
    assert str(error) in told


def test_a_kind_that_no_one_handles_is_given_up(machine: Machine) -> None:
    job = promise(machine)
    run_job(machine, {}, job)
    assert state(machine, job) == ("failed", "This worker knows no job “trial”.")


def test_the_sweep_finds_what_the_queue_lost_and_lets_a_busy_queue_be(machine: Machine) -> None:
    done: list[int] = []
    queue = HueyQueue(open_huey(machine.settings), done.append)
    jobs = [promise(machine, n=n) for n in range(5)]
    sweep(machine, queue, limit=3)
    assert queue.waiting() == 3
    sweep(machine, queue, limit=3)
    assert queue.waiting() == 3
    while (task := queue.huey.dequeue()) is not None:
        queue.huey.execute(task)
    assert done == jobs[:3]
    queue.huey.storage.close()


def test_a_queue_that_is_away_loses_nothing(machine: Machine) -> None:
    queue = HueyQueue(open_huey(machine.settings))
    queue.huey.storage.close()
    queue.huey.storage.filename = "/nowhere/queue.db"
    queue.send(promise(machine))
    with sessions(machine.engine)() as unit:
        assert unit.query(JobRow).one().state == "waiting"


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with smtp_server() as found:
        yield found


def with_server(machine: Machine, inbox: Inbox) -> Machine:
    return replace(machine, mailer=SmtpMailer(inbox.url))


def test_mail_is_sent_once_with_its_secret_which_is_then_forgotten(
    machine: Machine, inbox: Inbox
) -> None:
    job = mail(machine)
    sending = with_server(machine, inbox)
    for _ in range(2):
        run_job(sending, HANDLERS, job)
    (message,) = inbox.messages
    assert message["To"] == "zoe@example.com"
    assert message["From"] == "DealDesk <desk@example.com>"
    assert message["Subject"] == "Set a new password for DealDesk"
    assert message["Auto-Submitted"] == "auto-generated"
    body = message.get_body(("plain",))
    assert body is not None
    assert "Hello Zoë,\r\n" in body.get_content()
    assert "https://deals.example.com/reset/abc" in body.get_content()
    html = message.get_body(("html",))
    assert html is not None
    assert 'href="https://deals.example.com/reset/abc"' in html.get_content()
    with sessions(machine.engine)() as unit:
        kept = find_mail(unit, job)
        assert kept is not None
        assert (kept.sent_at, kept.secrets) == (NOW, None)


def test_mail_that_may_have_left_goes_again_under_the_same_id(
    machine: Machine, inbox: Inbox
) -> None:
    job = mail(machine)
    sending = with_server(machine, inbox)
    with sessions(machine.engine)() as unit:
        HANDLERS["mail"](unit, sending, Claim(job, "mail:reset:1", "mail", {}, 1))
    run_job(sending, HANDLERS, job)
    run_job(sending, HANDLERS, mail(machine, "reset:2"))
    assert len(inbox.messages) == 3
    assert inbox.ids[0] == inbox.ids[1] != inbox.ids[2]


def test_a_server_that_is_busy_is_asked_again_and_one_that_refuses_is_not(
    machine: Machine, inbox: Inbox
) -> None:
    sending = with_server(machine, inbox)
    inbox.answers += ["451 try later", "550 no such person"]
    busy, refused = mail(machine, "a"), mail(machine, "b")
    run_job(sending, HANDLERS, busy)
    run_job(sending, HANDLERS, refused)
    assert state(machine, busy)[0] == "waiting"
    assert "451 try later" in state(machine, busy)[1]
    assert state(machine, refused)[0] == "failed"
    assert "550 no such person" in state(machine, refused)[1]
    clock = machine.clock
    assert isinstance(clock, HandClock)
    clock.at = NOW + timedelta(minutes=1)
    run_job(sending, HANDLERS, busy)
    assert state(machine, busy) == ("done", "")


def test_a_server_that_is_away_is_asked_again(machine: Machine) -> None:
    with smtp_server() as gone:
        url = gone.url
    job = mail(machine)
    run_job(replace(machine, mailer=SmtpMailer(url)), HANDLERS, job)
    found, told = state(machine, job)
    assert found == "waiting"
    assert "The mail server doesn't take the message now" in told


def test_without_a_server_mail_is_held_until_there_is_one(machine: Machine, inbox: Inbox) -> None:
    job = mail(machine)
    run_job(machine, HANDLERS, job)
    assert state(machine, job)[0] == "held"
    assert "DEALDESK_SMTP_URL" in state(machine, job)[1]
    with sessions(machine.engine, writes=True).begin() as unit:
        run_again(unit, job, NOW)
    run_job(with_server(machine, inbox), HANDLERS, job)
    assert (state(machine, job)[0], len(inbox.messages)) == ("done", 1)


def test_a_timer_runs_in_its_turn_and_its_fault_is_its_own(machine: Machine) -> None:
    clock = machine.clock
    assert isinstance(clock, HandClock)
    ran: list[datetime] = []

    def run(unit: Session, _machine: Machine, now: datetime) -> None:
        ran.append(now)
        enqueue(unit, "trial", {}, key=f"trial:{now}", now=now)
        if len(ran) == 2:
            raise ZeroDivisionError

    timer = Timer("trial", timedelta(minutes=1), run)
    promised = []
    for seconds in (0, 30, 60, 120):
        clock.at = NOW + timedelta(seconds=seconds)
        promised += [run_timer(machine, one) for one in due_timers(machine, [timer])]
    assert [(at - NOW).seconds for at in ran] == [0, 60, 120]
    assert [len(found) for found in promised] == [1, 0, 1]


def test_the_timers_anchor_the_day_forget_old_tries_and_show_the_worker(machine: Machine) -> None:
    with sessions(machine.engine, writes=True).begin() as unit:
        count_attempt(unit, "a", NOW - timedelta(days=1))
    for timer in TIMERS:
        run_timer(machine, timer)
    with sessions(machine.engine)() as unit:
        assert unit.query(AnchorRow).one().day == NOW.date()
        assert unit.query(AttemptRow).count() == 0
        assert worker_seen_at(unit) == NOW


def test_a_forged_message_of_the_queue_is_not_even_read(settings: Settings) -> None:
    sender = HueyQueue(open_huey(replace(settings, secret_key="f" * 32)))
    reader = HueyQueue(open_huey(settings), lambda _: None)
    sender.send(1)
    with pytest.raises(ValueError, match="mismatch"):
        reader.huey.dequeue()
    sender.huey.storage.close()
    reader.huey.storage.close()


def test_a_queue_whose_package_is_missing_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huey.storage.Redis", None)
    with pytest.raises(SettingsError, match="DEALDESK_QUEUE can't be used here"):
        open_huey(replace(settings, queue_url="redis://127.0.0.1:6379/0"))


def test_a_worker_without_its_database_says_so_and_may_be_started_again(tmp_path: Path) -> None:
    away = started(tmp_path, f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    assert away.returncode == 1
    assert "The database can't be used now" in away.stderr
    assert "Traceback" not in away.stderr
    behind = started(tmp_path, f"sqlite:///{tmp_path / 'empty.db'}")
    assert behind.returncode == 2
    assert "Run: dealdesk db upgrade." in behind.stderr


def started(folder: Path, database: str) -> subprocess.CompletedProcess[str]:
    """Start a worker that can't run, and return how it ended."""
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT),
        "DEALDESK_VAR": str(folder),
        "DATABASE_URL": database,
    }
    command = [sys.executable, "-m", "dealdesk.worker"]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
