"""What reports are made of, read for what the reader may see: deals, moves, requests, choices."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from sys import intern
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import URL, ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from dealdesk.agreements.models import AgreementVersionRow
from dealdesk.agreements.queries import latest_numbers
from dealdesk.approvals.lifecycle import ASKED, RequestState
from dealdesk.approvals.request_models import RequestRow, SubmissionRow
from dealdesk.audit.models import EventRow
from dealdesk.audit.operations import stream_name
from dealdesk.deals.models import DealRow, DealSummaryRow, Stage
from dealdesk.deals.queries import visible
from dealdesk.identity.actors import Actor
from dealdesk.identity.models import UserRow
from dealdesk.kernel.remembered import Remembered

READ = "reports:report:read"
MOVED = "deals:stage:moved"


@dataclass(frozen=True, slots=True)
class DealFact:
    """A deal as reports count it; `worth` is in hundredths, `discount` in parts of a percent."""

    id: int
    stage: Stage
    worth: int | None
    discount: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """A deal that came from one stage to another."""

    deal: int
    before: str
    after: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """A request that somebody decided: in which role, how long after it was asked, in time?"""

    role: str
    person: str
    seconds: int
    is_in_time: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody who waits on somebody since an instant."""

    who: str
    whom: str
    since: datetime
    is_late: bool


class Chosen(NamedTuple):
    """A clause as a deal has it: its position, and whether own words stand in its place.

    A tuple, since there are hundreds of thousands of them.
    """

    deal: int
    clause: str
    position: str
    is_own_words: bool
    target: str = ""


def mine(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that leaves the deals on which the actor may see reports."""
    return visible(actor, READ)


def list_deal_facts(session: Session, actor: Actor) -> tuple[DealFact, ...]:
    """Return the deals that have a summary."""
    rows = session.execute(
        select(
            DealRow.id,
            DealRow.stage,
            DealSummaryRow.worth,
            DealSummaryRow.discount,
            DealRow.created_at,
        )
        .join(DealSummaryRow, DealSummaryRow.deal_id == DealRow.id)
        .where(mine(actor))
    )
    return tuple(DealFact(row[0], Stage(row[1]), *row[2:]) for row in rows)


def list_moves(session: Session, actor: Actor) -> tuple[Move, ...]:
    """Return every move of the deals from stage to stage, in their order."""
    ids = {
        stream_name(number): number
        for number in session.scalars(select(DealRow.id).where(mine(actor)))
    }
    rows = session.execute(
        select(EventRow.stream, EventRow.facts, EventRow.at)
        .where(EventRow.event == MOVED)
        .order_by(EventRow.id)
    )
    found = []
    for stream, facts, at in rows:
        if stream in ids:
            said = json.loads(facts)
            found.append(Move(ids[stream], str(said["from"]), str(said["to"]), at))
    return tuple(found)


def list_decided(session: Session, actor: Actor) -> tuple[Decided, ...]:
    """Return every request that was decided."""
    rows = session.execute(
        select(
            RequestRow.role,
            UserRow.name,
            RequestRow.asked_at,
            RequestRow.closed_at,
            RequestRow.due_at,
        )
        .join(DealRow, DealRow.id == RequestRow.deal_id)
        .join(UserRow, UserRow.id == RequestRow.closed_by_id)
        .where(
            mine(actor),
            RequestRow.state.in_([RequestState.APPROVED.value, RequestState.REJECTED.value]),
            RequestRow.asked_at.is_not(None),
            RequestRow.closed_at.is_not(None),
        )
    )
    return tuple(
        Decided(
            role,
            person,
            int((closed - asked).total_seconds()),
            is_in_time=due is None or closed <= due,
        )
        for role, person, asked, closed, due in rows
        if asked is not None and closed is not None
    )


def list_waits(
    session: Session, actor: Actor, titles: Mapping[str, str], now: datetime
) -> tuple[Wait, ...]:
    """Return who waits on whom: submitters on roles or delegates, those who asked on sellers."""
    delegate = aliased(UserRow)
    rows = session.execute(
        select(RequestRow, UserRow.name, delegate.name)
        .join(DealRow, DealRow.id == RequestRow.deal_id)
        .join(SubmissionRow, SubmissionRow.id == RequestRow.submission_id)
        .join(UserRow, UserRow.id == SubmissionRow.submitter_id)
        .outerjoin(delegate, delegate.id == RequestRow.delegate_id)
        .where(mine(actor), RequestRow.state.in_(sorted(ASKED)))
    )
    found = []
    for row, submitter, given in rows:
        decider = given or titles.get(row.role, row.role)
        if row.questioned_at is not None:
            found.append(Wait(decider, submitter, row.questioned_at, is_late=False))
            continue
        since = row.asked_at or row.created_at
        found.append(
            Wait(submitter, decider, since, is_late=bool(row.due_at and row.due_at <= now))
        )
    return tuple(found)


def list_chosen(session: Session, actor: Actor) -> tuple[Chosen, ...]:
    """Return the clauses of every deal's latest version, in two statements at most.

    A version never changes, so that its choices are read once a process. One that was recorded
    between the two statements counts from the next look on.
    """
    database = session.get_bind().engine.url
    rows = session.execute(_latest(AgreementVersionRow.deal_id, AgreementVersionRow.id, actor))
    versions = [(deal, version) for deal, version in rows]
    known = {version: _CHOICES.find((database, version)) for _, version in versions}
    missing = [version for version, choices in known.items() if choices is None]
    if missing:
        wanted: Select[Any] = _latest(AgreementVersionRow.id, AgreementVersionRow.inputs, actor)
        if len(missing) <= _FEW:
            by_id: Any = select(AgreementVersionRow.id, AgreementVersionRow.inputs)
            wanted = by_id.where(AgreementVersionRow.id.in_(missing))
        for version, inputs in session.execute(wanted.execution_options(yield_per=_BATCH)):
            if known.get(version) is None:
                choices = tuple(_chosen(json.loads(inputs)["choices"]))
                known[version] = _CHOICES.keep((database, version), choices)
    return tuple(
        Chosen(deal, *chosen) for deal, version in versions for chosen in known[version] or ()
    )


_Choices: TypeAlias = tuple[tuple[str, str, bool, str], ...]
# By database too: one process may look at several, each of which counts its versions from one.
_CHOICES: Remembered[tuple[URL, int], _Choices] = Remembered(20_000)
_FEW, _BATCH = 400, 200


def _latest(first: Any, second: Any, actor: Actor) -> Select[Any]:
    """Return the selection of two columns over the latest version of each deal."""
    latest = latest_numbers().subquery()
    return (
        select(first, second)
        .join(
            latest,
            (latest.c.deal_id == AgreementVersionRow.deal_id)
            & (latest.c.number == AgreementVersionRow.number),
        )
        .join(DealRow, DealRow.id == AgreementVersionRow.deal_id)
        .where(mine(actor))
    )


def _chosen(choices: Iterable[dict[str, object]]) -> Iterable[tuple[str, str, bool, str]]:
    for one in choices:
        values = one.get("values")
        target = values.get("target") if isinstance(values, dict) else None
        number = target.get("number") if isinstance(target, dict) else None
        level = str(number["value"]) if isinstance(number, dict) and "value" in number else ""
        yield (
            intern(str(one["clause_id"])),
            intern(str(one["position"])),
            one.get("override") is not None,
            intern(level),
        )
