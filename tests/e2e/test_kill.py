"""A worker killed in the middle loses nothing and doubles nothing, on every database and queue."""

import asyncio
import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import Engine, func, select

from dealdesk.agreements.models import AgreementVersionRow, VersionFileRow
from dealdesk.agreements.operations import FILES
from dealdesk.audit.models import EventRow
from dealdesk.audit.verification import verify
from dealdesk.deals.models import DealRow
from dealdesk.files.models import StoredFileRow
from dealdesk.files.storage import LocalStorage
from dealdesk.identity.actors import SYSTEM
from dealdesk.identity.models import ResetRow
from dealdesk.identity.operations import NewPerson, add_user
from dealdesk.kernel.engine import make_engine, sessions
from dealdesk.kernel.settings import Settings
from dealdesk.outbox.delivery import message_id
from dealdesk.outbox.models import JobRow, MailRow
from dealdesk.outbox.operations import MAIL, enqueue, enqueue_mail
from dealdesk.outbox.queries import worker_seen_at
from dealdesk.worker.process import THREADS
from dealdesk.workflows.database import upgrade
from dealdesk.workflows.seeding import DEMO_DEALS
from tests.databases import BACKENDS, empty_database, stop_servers
from tests.e2e.processes import environment, kill, running, until
from tests.redis_server import RedisServer, redis_server
from tests.smtp import Inbox, free_port, smtp_server

pytestmark = pytest.mark.slow

MESSAGES, KILLS, ASKERS = 24, 3, 40
DEALS = [str(path) for path in sorted(DEMO_DEALS.glob("*.yaml"))]
SENDER = "desk@example.com"


@pytest.fixture(scope="module", autouse=True)
def servers() -> Iterator[None]:
    yield
    stop_servers()


@dataclass
class SlowInbox(Inbox):
    """Takes its time, so that a kill comes in the middle."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        await asyncio.sleep(0.05)
        return await super().handle_DATA(server, session, envelope)


@dataclass(frozen=True)
class Desk:
    settings: Settings
    engine: Engine
    env: dict[str, str]
    log: Path
    redis: RedisServer | None = None


@pytest.fixture(params=(*BACKENDS, "redis"))
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """Give a seeded desk: on SQLite, on PostgreSQL with its queue there, on SQLite with Redis."""
    with ExitStack() as stack:
        backend = "sqlite" if request.param == "redis" else request.param
        settings = stack.enter_context(empty_database(backend, tmp_path))
        engine = make_engine(settings)
        upgrade(engine)
        env = environment(settings, DEALDESK_LEASE="2", DEALDESK_MAIL_SENDER=SENDER)
        if request.param == "postgresql":
            # The queue is there too, as where several machines work.
            env["DEALDESK_QUEUE"] = env["DATABASE_URL"]
        redis = stack.enter_context(redis_server(tmp_path)) if request.param == "redis" else None
        if redis is not None:
            env["DEALDESK_QUEUE"] = redis.url
        with running(["dealdesk", "seed", *DEALS], env, tmp_path / "seed.log") as seeding:
            assert seeding.wait(120) == 0
        yield Desk(settings, engine, env, tmp_path / "worker.log", redis)
        engine.dispose()


def promise_all(desk: Desk) -> None:
    now = datetime.now(UTC)
    with sessions(desk.engine, writes=True).begin() as unit:
        for number in unit.scalars(select(DealRow.id)).all():
            enqueue(unit, FILES, {"deal": number}, key=f"files:{number}", now=now)
    promise_mail(desk)


def promise_mail(desk: Desk) -> None:
    now = datetime.now(UTC)
    with sessions(desk.engine, writes=True).begin() as unit:
        for n in range(MESSAGES):
            enqueue_mail(
                unit, f"person{n}@example.com", "password-reset", {"name": f"Person {n}"},
                key=f"reset:{n}", now=now, secrets={"link": f"https://example.com/reset/{n}"},
            )  # fmt: skip


def states(desk: Desk) -> Counter[str]:
    with sessions(desk.engine)() as unit:
        return Counter(unit.scalars(select(JobRow.state)).all())


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(desk: Desk) -> None:
    promise_all(desk)
    with smtp_server(SlowInbox()) as inbox:
        env = desk.env | {"DEALDESK_SMTP_URL": inbox.url}
        for n in range(KILLS):
            with running(["dealdesk.worker"], env, desk.log) as worker:
                until(lambda done=n: in_the_middle(desk, inbox, done), desk.log.read_text())
                kill(worker)
        with running(["dealdesk.worker"], env, desk.log):
            until(lambda: set(states(desk)) == {"done"}, f"all done: {states(desk)}")
    wanted = Counter({message_id(f"mail:reset:{n}", SENDER): 1 for n in range(MESSAGES)})
    came = Counter(inbox.ids)
    # Nobody can take back what a server took just before the kill: it comes again as the same.
    assert set(came) == set(wanted)
    assert (came - wanted).total() <= KILLS * THREADS
    links = [message.get_body(("plain",)).get_content() for message in inbox.messages]  # type: ignore[union-attr]
    assert all("https://example.com/reset/" in link for link in links)
    check_rows(desk)


def in_the_middle(desk: Desk, inbox: Inbox, kills: int) -> bool:
    return states(desk)["running"] > 0 and len(inbox.messages) > 3 * kills


def check_rows(desk: Desk) -> None:
    with sessions(desk.engine)() as unit:
        assert max(unit.scalars(select(JobRow.tries))) > 1, "no kill hit a job"
        mails = unit.scalars(select(MailRow)).all()
        assert all(mail.sent_at is not None and mail.secrets is None for mail in mails)
        files = unit.execute(
            select(
                AgreementVersionRow.deal_id,
                func.count(),
                func.count(VersionFileRow.name.distinct()),
            )
            .join(VersionFileRow, VersionFileRow.version_id == AgreementVersionRow.id)
            .group_by(AgreementVersionRow.deal_id)
        ).all()
        assert [(rows, names) for _, rows, names in files] == [(7, 7)] * 5
        storage = LocalStorage(desk.settings.stored_files)
        for sha256 in unit.scalars(select(StoredFileRow.sha256)):
            storage.get(sha256)


@pytest.mark.parametrize("desk", ["redis"], indirect=True)
def test_a_queue_that_dies_with_all_that_it_held_loses_no_job(desk: Desk) -> None:
    assert desk.redis is not None
    with smtp_server(SlowInbox()) as inbox:
        env = desk.env | {"DEALDESK_SMTP_URL": inbox.url}
        with running(["dealdesk.worker"], env, desk.log):
            until(lambda: worker_is_there(desk), "a worker")
            promise_mail(desk)
            until(lambda: len(inbox.messages) > 2, desk.log.read_text())
            desk.redis.kill()
            held = states(desk)
            desk.redis.start()
            until(lambda: set(states(desk)) == {"done"}, f"all done: {states(desk)}")
    assert held["waiting"] > 0, "the queue had nothing to lose"
    assert Counter(inbox.ids) == {message_id(f"mail:reset:{n}", SENDER): 1 for n in range(MESSAGES)}


def worker_is_there(desk: Desk) -> bool:
    with sessions(desk.engine)() as unit:
        return worker_seen_at(unit) is not None


@pytest.mark.parametrize("desk", BACKENDS, indirect=True)
def test_a_worker_is_started_again_and_gone_with_its_server(desk: Desk) -> None:
    with running(["dealdesk", "serve", "--port", str(free_port())], desk.env, desk.log) as web:
        first = worker_of(web.pid)
        os.kill(first, signal.SIGKILL)
        second = worker_of(web.pid, but=first)
        supervisor = parent_of(second)
        os.kill(web.pid, signal.SIGKILL)
        until(lambda: not (is_there(second) or is_there(supervisor)), "worker gone")


def worker_of(server: int, but: int = 0) -> int:
    """Return the worker that the server's supervisor started."""
    found: list[int] = []

    def look() -> bool:
        found[:] = [
            process
            for supervisor in children(server)
            for process in children(supervisor)
            if process != but and b"dealdesk.worker" in command(process)
        ]
        return bool(found)

    until(look, "a worker")
    return found[0]


def children(parent: int) -> list[int]:
    processes = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    return [process for process in processes if parent_of(process) == parent]


def parent_of(process: int) -> int:
    try:
        return int(
            (Path("/proc") / str(process) / "stat").read_text().rpartition(")")[2].split()[1]
        )
    except (OSError, IndexError):
        return 0


def command(process: int) -> bytes:
    try:
        return (Path("/proc") / str(process) / "cmdline").read_bytes()
    except OSError:
        return b""


def is_there(process: int) -> bool:
    return bool(command(process))


@pytest.mark.parametrize("desk", BACKENDS, indirect=True)
def test_a_server_killed_in_the_middle_keeps_what_it_answered_whole_or_not_at_all(
    desk: Desk,
) -> None:
    with sessions(desk.engine, writes=True).begin() as unit:
        for n in range(ASKERS):
            person = NewPerson(f"person{n}@example.com", f"Person {n}", ("account_executive",))
            add_user(unit, SYSTEM, person, datetime.now(UTC))
    port, answered = free_port(), set[int]()
    with smtp_server(SlowInbox()) as inbox:
        env = desk.env | {"DEALDESK_SMTP_URL": inbox.url}
        serve = ["dealdesk", "serve", "--port", str(port)]
        with running(serve, env, desk.log) as server:
            until(lambda: is_serving(port), "a server")
            asking = [
                threading.Thread(target=ask, args=(port, range(n, ASKERS, 2), answered))
                for n in range(2)
            ]
            for thread in asking:
                thread.start()
            until(lambda: len(answered) > 4, "some answers")
            # The server, its worker and what watches over it: all at once, as power goes.
            kill(server)
            for thread in asking:
                thread.join()
        assert len(answered) < ASKERS, "the kill came too late"
        before = set(answered)
        with running(serve, env, desk.log):
            until(lambda: is_serving(port), "the server again")
            ask(port, range(ASKERS - 3, ASKERS), answered)
            until(lambda: set(states(desk)) == {"done"}, "all sent")
    check_asked(desk, inbox, before)


def check_asked(desk: Desk, inbox: Inbox, answered: set[int]) -> None:
    with sessions(desk.engine)() as unit:
        keys = unit.scalars(select(JobRow.key).where(JobRow.kind == MAIL)).all()
        links = unit.scalar(select(func.count()).select_from(ResetRow))
        told = unit.scalar(
            select(func.count())
            .select_from(EventRow)
            .where(EventRow.event == "identity:reset:opened")
        )
        assert links == told == len(keys)
        assert verify(unit).breaks == ()
    assert set(inbox.ids) == {message_id(key, SENDER) for key in keys}
    reached = {str(message["To"]) for message in inbox.messages}
    assert {f"person{n}@example.com" for n in answered} <= reached


def ask(port: int, people: Iterable[int], answered: set[int]) -> None:
    """Ask for a link as each person would, until the server is gone; note who was answered."""
    address = f"http://127.0.0.1:{port}/password"
    with requests.Session() as browser, suppress(requests.RequestException):
        for n in people:
            token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(address).text)
            assert token is not None
            given = {"email": f"person{n}@example.com", "csrf_token": token[1]}
            if browser.post(address, data=given, timeout=30).ok:
                answered.add(n)


def is_serving(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/sign-in", timeout=5).ok
    except requests.RequestException:
        return False
