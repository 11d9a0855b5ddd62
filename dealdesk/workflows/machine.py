"""What a job may use, and the shape of what handles jobs and timers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dealdesk.files.ports import Storage
from dealdesk.kernel.clock import Clock
from dealdesk.kernel.settings import Settings
from dealdesk.outbox.leases import Claim
from dealdesk.outbox.ports import Mailer
from dealdesk.workflows.deal_rulebook import Rules


@dataclass(frozen=True, slots=True)
class Machine:
    """The worker's parts, made once at its start; without a mail server `mailer` is None."""

    settings: Settings
    engine: Engine
    rules: Rules
    storage: Storage
    clock: Clock
    mailer: Mailer | None


Keep: TypeAlias = Callable[[Session, datetime], None]
# A handler reads, works and talks to the outside, holding no lock, and returns what writes down
# what came of it: that is kept together with the job's end, or not at all. It may be called again
# for the same job, so what it does outside has to bear repetition.
Handler: TypeAlias = Callable[[Session, Machine, Claim], Keep | None]


@dataclass(frozen=True, slots=True)
class Timer:
    """Something to do now and then, in one short transaction that is kept at its end."""

    name: str
    every: timedelta
    run: Callable[[Session, Machine, datetime], object]
