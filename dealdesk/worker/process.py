"""The worker's process: huey's consumer, and threads that sweep, run timers and renew leases."""

import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence

from dealdesk.files.storage import LocalStorage
from dealdesk.kernel.clock import SystemClock
from dealdesk.kernel.engine import make_engine
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.settings import Settings
from dealdesk.outbox.adapters.huey_queue import HueyQueue, open_huey
from dealdesk.outbox.adapters.smtp import SmtpMailer
from dealdesk.worker.runner import Holding, due_timers, renew_leases, run_job, run_timer, sweep
from dealdesk.workflows.database import require_head
from dealdesk.workflows.deal_rulebook import load_rules
from dealdesk.workflows.machine import Handler, Machine, Timer

THREADS = 2
EVERY_SECONDS = 2.0
LONGEST_STOP = 20
RENEWALS = 4  # in the time of a lease
_log = logging.getLogger(__name__)


def make_machine(settings: Settings) -> Machine:
    """Return the worker's parts. Raise DomainError where database or library can't be used."""
    engine = make_engine(settings)
    require_head(engine)
    return Machine(
        settings=settings,
        engine=engine,
        rules=load_rules(settings.library),
        storage=LocalStorage(settings.stored_files),
        clock=SystemClock(),
        mailer=SmtpMailer(settings.smtp_url) if settings.smtp_url else None,
    )


def work(
    machine: Machine,
    handlers: Mapping[str, Handler],
    timers: Sequence[Timer],
    *,
    parent: int | None = None,
) -> None:
    """Work until told to stop, or until the process that started this one is gone."""

    def run(job: int) -> None:
        for promised in run_job(machine, handlers, job, holding):
            queue.send(promised)

    holding = Holding()
    queue = HueyQueue(open_huey(machine.settings), run)
    consumer = queue.huey.create_consumer(
        workers=THREADS,
        periodic=False,
        max_delay=0.5,
        graceful_signal="TERM",
        shutdown_timeout=LONGEST_STOP,
    )

    def tick() -> None:
        while not consumer.stop_flag.wait(EVERY_SECONDS):
            if parent is not None and os.getppid() != parent:
                consumer.stop(graceful=True)
                return
            _look_around(machine, queue, timers)

    def hold_on() -> None:
        while not consumer.stop_flag.wait(machine.settings.lease.total_seconds() / RENEWALS):
            _told(lambda: renew_leases(machine, holding))

    _look_around(machine, queue, timers)
    for target in (tick, hold_on):
        threading.Thread(target=target, name=target.__name__, daemon=True).start()
    consumer.run()


def _look_around(machine: Machine, queue: HueyQueue, timers: Sequence[Timer]) -> None:
    def look() -> None:
        sweep(machine, queue)
        for timer in due_timers(machine, timers):
            for promised in run_timer(machine, timer):
                queue.send(promised)

    _told(look)


def _told(work_: Callable[[], None]) -> None:
    """Do something that comes round again; where it goes wrong, say so and go on."""
    try:
        work_()
    except DomainError as error:
        _log.warning("%s", error)
    except Exception:  # noqa: BLE001 - the worker goes on
        _log.exception("The worker's round went wrong")
