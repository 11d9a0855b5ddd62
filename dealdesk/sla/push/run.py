"""A push from start to end, and the check that reads back what somebody changed by hand."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from dealdesk.kernel.errors import DomainError
from dealdesk.sla.exporters.export import Options
from dealdesk.sla.exporters.registry import find_system, refuse_foreign_id
from dealdesk.sla.model import SlaTerms
from dealdesk.sla.push.client import Access, Client, PushError
from dealdesk.sla.push.freshdesk import sync_freshdesk
from dealdesk.sla.push.sync import Action, Change, Sync
from dealdesk.sla.push.zammad import sync_zammad
from dealdesk.sla.push.zendesk import sync_zendesk

_Syncs = Callable[[Sync, SlaTerms, Options, date], None]


@dataclass(frozen=True, slots=True)
class Pushable:
    """A system that takes terms over HTTP: how it is brought in line, how a token is shown."""

    title: str
    sync: _Syncs
    authorization: Callable[[str, str], str]


def _basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode('ascii')}"


def _zendesk_authorization(user: str, token: str) -> str:
    return _basic(f"{user}/token", token) if user else f"Bearer {token}"


PUSHABLE: Mapping[str, Pushable] = {
    "zendesk": Pushable("Zendesk", sync_zendesk, _zendesk_authorization),
    "freshdesk": Pushable("Freshdesk", sync_freshdesk, lambda _, token: _basic(token, "X")),
    "zammad": Pushable("Zammad", sync_zammad, lambda _, token: f"Token token={token}"),
}


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did, or would do, and what the system still shows otherwise afterwards."""

    changes: tuple[Change, ...]
    left: tuple[str, ...] = ()


def find_pushable(target: str) -> Pushable:
    """Return the system of that name. Raise DomainError for one that takes no push."""
    system = PUSHABLE.get(target)
    if system is None:
        raise DomainError.of(
            "no-push",
            f"Nothing is pushed to “{target}”.",
            remedy=f"Use one of {', '.join(PUSHABLE)}, or export to a file.",
        )
    return system


def access_to(target: str, url: str, user: str, token: str, token_name: str) -> Access:
    """Return how to reach a system. Raise DomainError where the address or token can't be used."""
    system = find_pushable(target)
    if not token.isascii() or any(not letter.isprintable() for letter in token):
        raise PushError.of(
            "bad-token", f"{token_name} holds something that is no token.", remedy="Check it."
        )
    return Access(system.title, url, system.authorization(user, token), token, token_name)


@dataclass(frozen=True, slots=True)
class Job:
    """What is pushed where; `today` divides holidays that are history from those to come."""

    target: str
    terms: SlaTerms
    options: Options
    today: date


def push(client: Client, job: Job, *, is_dry: bool) -> Pushed:
    """Bring a system in line with the terms, or with `is_dry` only say what would change.

    Afterwards everything is read back: what the system took but does not show is told. Raise
    PushError; where part was done by then, its sentence says so.
    """
    sync = Sync(client, is_dry=is_dry)
    try:
        _run(sync, job)
    except PushError as error:
        if is_dry or not sync.differs:
            raise
        done = len(sync.differs)
        told = PushError.of(
            "half-done",
            f"{done} change{' was' if done == 1 else 's were'} made before that.",
            remedy="Run the command again: it goes on from there.",
        )
        raise PushError([*error.problems, *told.problems]) from error
    if is_dry or not sync.differs:
        return Pushed(tuple(sync.changes))
    return Pushed(tuple(sync.changes), drift(client, job))


def _run(sync: Sync, job: Job) -> None:
    system = find_pushable(job.target)
    refuse_foreign_id(find_system(job.target), job.options.customer_id)
    system.sync(sync, job.terms, job.options, job.today)


def drift(client: Client, job: Job) -> tuple[str, ...]:
    """Return what a system has otherwise than the terms say, a sentence each. Raise PushError."""
    sync = Sync(client, is_dry=True)
    _run(sync, job)
    return tuple(sentence for change in sync.differs for sentence in drift_sentences(change))


def drift_sentences(change: Change) -> list[str]:
    """Return what a change that would be made says about what is there."""
    what = f"The {change.kind} {change.name}"
    match change.action:
        case Action.CREATE:
            return [f"{what} is not there."]
        case Action.REMOVE:
            return [f"{what} was added by hand: {detail}" for detail in change.details]
        case _:
            when = f" Last changed there {change.touched}." if change.touched else ""
            return [f"{what}: {detail}{when}" for detail in change.details]
