"""Every kind of job with its handler, and every timer: a new one is a line here."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dealdesk.agreements.operations import FILES
from dealdesk.audit.operations import anchor_day
from dealdesk.identity.throttling import forget_old_attempts
from dealdesk.outbox.delivery import deliver
from dealdesk.outbox.leases import Claim
from dealdesk.outbox.operations import MAIL, forget_done
from dealdesk.workflows.approval_routing import keep_all_moving
from dealdesk.workflows.approval_timers import keep_limits
from dealdesk.workflows.files_ahead import build_ahead
from dealdesk.workflows.history_contracts import HISTORY, seal_history
from dealdesk.workflows.machine import Handler, Keep, Machine, Timer
from dealdesk.workflows.summary_jobs import SUMMARIES, promise_if_behind, refresh_step


def _mail(session: Session, machine: Machine, claim: Claim) -> Keep | None:
    return deliver(session, claim, machine.mailer, machine.settings.mail_sender)


def _anchor(session: Session, _machine: Machine, now: datetime) -> None:
    anchor_day(session, now)


def _forget(session: Session, _machine: Machine, now: datetime) -> None:
    forget_old_attempts(session, now)


def _keep_limits(session: Session, machine: Machine, now: datetime) -> None:
    address = machine.settings.links_lead_to
    # Before anybody is reminded: who is away can't be.
    keep_all_moving(session, machine.rules, now, address)
    keep_limits(session, machine.rules, now, address)


def _forget_done(session: Session, _machine: Machine, now: datetime) -> None:
    forget_done(session, now)


def _be_seen(_session: Session, _machine: Machine, _now: datetime) -> None:
    """Do nothing: that its turn was taken tells that a worker is there."""


HANDLERS: Mapping[str, Handler] = {
    MAIL: _mail,
    FILES: build_ahead,
    SUMMARIES: refresh_step,
    HISTORY: seal_history,
}
TIMERS: tuple[Timer, ...] = (
    Timer("outbox:worker", timedelta(seconds=15), _be_seen),
    # The anchor is a day's own: asking each hour writes it soon after midnight, once.
    Timer("audit:anchor", timedelta(hours=1), _anchor),
    Timer("approvals:limits", timedelta(minutes=1), _keep_limits),
    Timer("deals:summaries", timedelta(hours=1), promise_if_behind),
    Timer("outbox:done", timedelta(hours=1), _forget_done),
    Timer("identity:attempts", timedelta(hours=1), _forget),
)
