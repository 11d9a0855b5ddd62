"""Measure the outbox with a real worker process: rows a second, delay from commit, mail."""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from _pytest.outcomes import Skipped
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from dealdesk.kernel.engine import make_engine, sessions
from dealdesk.kernel.settings import Settings, read_settings
from dealdesk.outbox.adapters.huey_queue import HueyQueue, open_huey
from dealdesk.outbox.leases import Claim
from dealdesk.outbox.models import JobRow
from dealdesk.outbox.operations import enqueue, enqueue_mail, take_promised
from dealdesk.outbox.queries import worker_seen_at
from dealdesk.worker.process import make_machine, work
from dealdesk.worker.registry import HANDLERS, TIMERS
from dealdesk.workflows.database import upgrade
from dealdesk.workflows.machine import Machine
from tests.databases import empty_database, stop_servers
from tests.e2e.processes import environment, running, until
from tests.redis_server import redis_server
from tests.smtp import smtp_server

ROWS, SINGLES, MAILS = 2000, 200, 1000
PAUSE_S, LOOK_S, LONGEST_S = 0.02, 0.1, 300.0
NOTED, NOTES = "noted", "noted.txt"
# Where the rows are, and what carries their ids.
KINDS = (("sqlite", "sqlite"), ("sqlite", "redis"), ("postgresql", "postgresql"))


def main() -> None:
    """Print the table for docs/benchmarks.md; with --worker, be the worker that is measured."""
    if "--worker" in sys.argv:
        _be_worker()
        return
    heads = ("rows in, ids by", "rows a second", "processor a row", "delay p50", "delay p99",
             "1,000 mails, s", "processor a mail")  # fmt: skip
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    try:
        for backend, queue in KINDS:
            try:
                with _desk(backend, queue) as desk:
                    found = (*desk.burst(), *desk.singles(), *desk.mails())
            except Skipped as reason:
                print(f"| {backend}, {queue} | {reason} | | | | | |")
            else:
                told = " | ".join(f"{one:.1f}" for one in found)
                print(f"| {backend}, {queue} | {told} |", flush=True)
    finally:
        stop_servers()


class _Desk:
    """A database and a queue with a worker beside them, and a mail server that takes all."""

    def __init__(self, engine: Engine, settings: Settings, worker: int) -> None:
        self._engine, self._worker = engine, worker
        self._queue = HueyQueue(open_huey(settings))
        self._notes = settings.var / NOTES

    def burst(self) -> tuple[float, float]:
        """Return the rows a second that are done of many promised at once, and ms of work a row."""
        begin, used = time.perf_counter(), self._used()
        with self._promising() as unit:
            for n in range(ROWS):
                enqueue(unit, NOTED, {"n": n}, key=f"burst:{n}", now=datetime.now(UTC))
        self._until_done()
        return ROWS / (time.perf_counter() - begin), (self._used() - used) * 1000 / ROWS

    def singles(self) -> tuple[float, float]:
        """Return the median and the 99th percentile from commit to handler, in milliseconds."""
        committed = {}
        for n in range(ROWS, ROWS + SINGLES):
            with sessions(self._engine, writes=True)() as unit:
                enqueue(unit, NOTED, {"n": n}, key=f"single:{n}", now=datetime.now(UTC))
                unit.commit()
                committed[n] = time.monotonic()
            self._send(unit)
            time.sleep(PAUSE_S)
        self._until_done()
        begun = dict(line.split() for line in self._notes.read_text("utf-8").splitlines())
        delays = sorted((float(begun[str(n)]) - at) * 1000 for n, at in committed.items())
        return statistics.median(delays), delays[SINGLES * 99 // 100]

    def mails(self) -> tuple[float, float]:
        """Return the seconds until all mail is with its server, and ms of work a message."""
        begin, used = time.perf_counter(), self._used()
        with self._promising() as unit:
            for n in range(MAILS):
                enqueue_mail(
                    unit, f"person{n}@example.com", "password-reset", {"name": f"Person {n}"},
                    key=f"mail:{n}", now=datetime.now(UTC), secrets={"link": "https://example.com"},
                )  # fmt: skip
        self._until_done()
        return time.perf_counter() - begin, (self._used() - used) * 1000 / MAILS

    def _used(self) -> float:
        """Return the seconds that the worker has had of the processor."""
        told = Path(f"/proc/{self._worker}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")

    @contextmanager
    def _promising(self) -> Iterator[Session]:
        with sessions(self._engine, writes=True)() as unit:
            yield unit
            unit.commit()
        self._send(unit)

    def _send(self, unit: Session) -> None:
        for job in take_promised(unit):
            self._queue.send(job)

    def _until_done(self) -> None:
        # Looked for seldom, so that looking takes nothing from the worker.
        counted, ends = select(JobRow.state, func.count()).group_by(JobRow.state), _in(LONGEST_S)
        while True:
            with sessions(self._engine)() as unit:
                states = {state: int(count) for state, count in unit.execute(counted)}
            if set(states) == {"done"}:
                return
            if time.monotonic() > ends:
                raise RuntimeError(f"The worker is not done: {states}")
            time.sleep(LOOK_S)


def _in(seconds: float) -> float:
    return time.monotonic() + seconds


@contextmanager
def _desk(backend: str, queue: str) -> Iterator[_Desk]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        settings = stack.enter_context(empty_database(backend, folder))
        engine = make_engine(settings)
        upgrade(engine)
        inbox = stack.enter_context(smtp_server())
        env = environment(
            settings, DEALDESK_SMTP_URL=inbox.url, DEALDESK_MAIL_SENDER="desk@example.com"
        )
        if queue == "postgresql":
            env["DEALDESK_QUEUE"] = env["DATABASE_URL"]
        if queue == "redis":
            env["DEALDESK_QUEUE"] = stack.enter_context(redis_server(folder)).url
        worker = stack.enter_context(
            running(["benchmarks.outbox", "--worker"], env, folder / "worker.log")
        )
        until(lambda: _is_there(engine), "a worker")
        yield _Desk(engine, read_settings(env), worker.pid)
        engine.dispose()


def _is_there(engine: Engine) -> bool:
    with sessions(engine)() as unit:
        return worker_seen_at(unit) is not None


def _be_worker() -> None:
    """Work as `dealdesk worker` does, with one more kind of job that does nothing."""
    work(make_machine(read_settings()), {**HANDLERS, NOTED: _note}, TIMERS)


def _note(_session: Session, machine: Machine, claim: Claim) -> None:
    with (machine.settings.var / NOTES).open("a", encoding="utf-8") as notes:
        notes.write(f"{claim.payload['n']} {time.monotonic()}\n")


if __name__ == "__main__":
    main()
