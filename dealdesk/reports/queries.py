"""Every report by its key, made for what the reader may see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import NotFoundError
from dealdesk.kernel.languages import gettext_noop
from dealdesk.reports import clauses, deals, times
from dealdesk.reports.facts import (
    list_chosen,
    list_deal_facts,
    list_decided,
    list_moves,
    list_waits,
)
from dealdesk.reports.model import Report
from dealdesk.workflows.deal_rulebook import Rules, rules_in_force


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, by which rules, and when."""

    session: Session
    actor: Actor
    rules: Rules
    now: datetime

    @property
    def titles(self) -> Mapping[str, str]:
        """What roles are called."""
        return self.rules.policy.roles

    @property
    def currency(self) -> str:
        """The currency in which deals are compared."""
        return self.rules.policy.fx.to


def _pipeline(by: Reader) -> Report:
    return deals.pipeline(list_deal_facts(by.session, by.actor), by.currency)


def _stage_times(by: Reader) -> Report:
    found = list_deal_facts(by.session, by.actor)
    return times.stage_times(found, list_moves(by.session, by.actor))


def _role_times(by: Reader) -> Report:
    return times.role_times(list_decided(by.session, by.actor), by.titles)


def _person_times(by: Reader) -> Report:
    return times.person_times(list_decided(by.session, by.actor), by.titles)


def _waits(by: Reader) -> Report:
    return times.waits(list_waits(by.session, by.actor, by.titles, by.now), by.now)


def _concessions(by: Reader) -> Report:
    return clauses.concessions(list_chosen(by.session, by.actor), by.rules.library)


def _discounts(by: Reader) -> Report:
    return deals.discounts(list_deal_facts(by.session, by.actor), by.currency)


def _promises(by: Reader) -> Report:
    found = list_deal_facts(by.session, by.actor)
    return clauses.promises(list_chosen(by.session, by.actor), found)


REPORTS: Mapping[str, tuple[str, Callable[[Reader], Report]]] = {
    "pipeline": (gettext_noop("Pipeline by stage"), _pipeline),
    "cycle-stage": (gettext_noop("Cycle time by stage"), _stage_times),
    "cycle-role": (gettext_noop("Cycle time by role"), _role_times),
    "cycle-person": (gettext_noop("Cycle time by person"), _person_times),
    "waits": (gettext_noop("Who waits on whom"), _waits),
    "concessions": (gettext_noop("Concessions by clause"), _concessions),
    "discounts": (gettext_noop("Discount bands"), _discounts),
    "promises": (gettext_noop("Service level promises"), _promises),
}


def get_report(session: Session, key: str, *, actor: Actor, rules: Rules, now: datetime) -> Report:
    """Return a report. Raise NotFoundError for a key that there is not."""
    if key not in REPORTS:
        raise NotFoundError.of("no-such-report", f"There is no report “{key[:40]}”.")
    return REPORTS[key][1](Reader(session, actor, rules_in_force(session, rules, now), now))
