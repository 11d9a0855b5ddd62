"""Run a job in two commits (claim, then work), and a timer in two (its turn, then its work)."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy.orm import Session

from dealdesk.kernel.engine import sessions
from dealdesk.kernel.errors import ConflictError, DomainError, UnavailableError
from dealdesk.outbox.leases import (
    Claim,
    HeldError,
    LeaseLostError,
    claim_job,
    end_job,
    give_up,
    hold,
    list_due,
    put_back,
    renew_lease,
)
from dealdesk.outbox.operations import take_promised
from dealdesk.outbox.ports import Queue
from dealdesk.outbox.timers import take_turn, waiting_timers
from dealdesk.workflows.machine import Handler, Machine, Timer

_log = logging.getLogger(__name__)
Promised = tuple[int, ...]


class Holding:
    """The jobs that this process is working on, each by its try."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: set[tuple[int, int]] = set()

    @contextmanager
    def of(self, claim: Claim) -> Iterator[None]:
        """Count a job as being worked on inside the block."""
        one = (claim.job, claim.tries)
        with self._lock:
            self._held.add(one)
        try:
            yield
        finally:
            with self._lock:
                self._held.discard(one)

    def now(self) -> Sequence[tuple[int, int]]:
        """Return what is worked on now: job and try."""
        with self._lock:
            return sorted(self._held)


def run_job(
    machine: Machine, handlers: Mapping[str, Handler], job: int, holding: Holding | None = None
) -> Promised:
    """Do a job if it is to be had, and return the ids of those that it promised in turn."""
    with _committed(machine) as unit:
        claim = claim_job(unit, job, machine.clock.now(), machine.settings.lease)
    if claim is None:
        return ()
    with (holding or Holding()).of(claim):
        return _told(machine, handlers, claim)


def renew_leases(machine: Machine, holding: Holding) -> None:
    """Hold on to the jobs that are being worked on, so that a long one isn't taken over."""
    held = holding.now()
    if held:
        until = machine.clock.now() + machine.settings.lease
        with _committed(machine) as unit:
            for job, tries in held:
                renew_lease(unit, job, tries, until)


def _told(machine: Machine, handlers: Mapping[str, Handler], claim: Claim) -> Promised:
    """Do a claimed job; where it goes wrong, write down what went wrong and what is next."""
    try:
        return _work(machine, handlers, claim)
    except LeaseLostError as error:
        _log.warning("%s", error)
    except HeldError as error:
        _leave(machine, claim, hold, str(error))
    except (UnavailableError, ConflictError) as error:
        _leave(machine, claim, put_back, str(error))
    except DomainError as error:
        _leave(machine, claim, give_up, str(error))
    except Exception as error:  # noqa: BLE001 - a job's fault must not take the worker down
        _log.exception("Job %s (%s) went wrong", claim.job, claim.kind)
        _leave(machine, claim, put_back, f"{type(error).__name__}: {error}")
    return ()


def run_timer(machine: Machine, timer: Timer) -> Promised:
    """Run a timer if it is due and this worker's turn; return the ids of jobs that it promised."""
    now = machine.clock.now()
    with _committed(machine) as unit:
        is_ours = take_turn(unit, timer.name, timer.every, now)
    if not is_ours:
        return ()
    try:
        with _committed(machine) as unit:
            timer.run(unit, machine, now)
        return take_promised(unit)
    except Exception:  # noqa: BLE001 - the same for a timer's
        # Its next turn comes in any case.
        _log.exception("The timer %s went wrong", timer.name)
        return ()


def due_timers(machine: Machine, timers: Sequence[Timer]) -> Sequence[Timer]:
    """Return the timers that look due, by a read alone; whose turn it is shows when one is run."""
    with sessions(machine.engine)() as unit:
        waiting = waiting_timers(unit, machine.clock.now())
    return [timer for timer in timers if timer.name not in waiting]


def sweep(machine: Machine, queue: Queue, limit: int = 100) -> None:
    """Hand the queue every due job that it may have lost; nothing while it is busy."""
    room = limit - queue.waiting()
    if room <= 0:
        return
    with sessions(machine.engine)() as unit:
        due = list_due(unit, machine.clock.now(), room)
    for job in due:
        queue.send(job)


def _work(machine: Machine, handlers: Mapping[str, Handler], claim: Claim) -> Promised:
    handler = handlers.get(claim.kind)
    if handler is None:
        raise DomainError.of("no-handler", f"This worker knows no job “{claim.kind}”.")
    with sessions(machine.engine)() as reading:
        keep = handler(reading, machine, claim)
    now = machine.clock.now()
    with _committed(machine) as unit:
        # The lease is asked for first: it holds the job's row until what came of it is kept.
        end_job(unit, claim, now)
        if keep is not None:
            keep(unit, now)
    return take_promised(unit)


def _leave(machine: Machine, claim: Claim, leave: Callable[..., None], told: str) -> None:
    try:
        with _committed(machine) as unit:
            leave(unit, claim, told, machine.clock.now())
    except LeaseLostError as error:
        _log.warning("%s", error)


@contextmanager
def _committed(machine: Machine) -> Iterator[Session]:
    with sessions(machine.engine, writes=True)() as unit:
        yield unit
        unit.commit()
