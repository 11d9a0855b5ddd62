"""Reads of the audit: events of a stream or of all, as frozen values."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dealdesk.audit.models import EventRow, NameRow
from dealdesk.audit.operations import stream_name

ERASED = "(erased)"
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Event:
    """One event with the names that stand beside it; an erased one reads "(erased)"."""

    id: int
    stream: str
    position: int
    event: str
    actor: str
    at: datetime
    facts: Mapping[str, Any]
    names: Mapping[str, str]
    sha256: str


def list_events(
    session: Session, stream: int | str, *, limit: int = 200, before: int | None = None
) -> tuple[Event, ...]:
    """Return a stream's latest events, the last first; `before` is a position to page on from."""
    wanted = select(EventRow).where(EventRow.stream == stream_name(stream))
    if before is not None:
        wanted = wanted.where(EventRow.position < before)
    return _read(session, wanted.order_by(EventRow.position.desc()).limit(limit))


def find_events(
    session: Session,
    *,
    stream: str = "",
    event: str = "",
    before: int | None = None,
    limit: int = 200,
) -> tuple[Event, ...]:
    """Return the latest events of all streams, or of one, or of one kind, the last first.

    `event` is the start of an event's name; `before` is an event's id to page on from.
    """
    wanted = select(EventRow)
    if stream:
        wanted = wanted.where(EventRow.stream == stream)
    if event:
        wanted = wanted.where(EventRow.event.startswith(event, autoescape=True))
    if before is not None:
        wanted = wanted.where(EventRow.id < before)
    return _read(session, wanted.order_by(EventRow.id.desc()).limit(limit))


def iterate_events(session: Session, stream: int | str | None = None) -> Iterator[Event]:
    """Yield all events, or a stream's, in the order in which they were written."""
    last = 0
    while True:
        wanted = select(EventRow).where(EventRow.id > last).order_by(EventRow.id).limit(BATCH)
        if stream is not None:
            wanted = wanted.where(EventRow.stream == stream_name(stream))
        found = _read(session, wanted)
        yield from found
        if len(found) < BATCH:
            return
        last = found[-1].id


def _read(session: Session, wanted: Select[EventRow]) -> tuple[Event, ...]:
    rows = session.scalars(wanted).all()
    names = _names(session, [row.id for row in rows])
    return tuple(_event(row, names.get(row.id, {})) for row in rows)


def _names(session: Session, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    if ids:
        for row in session.scalars(select(NameRow).where(NameRow.event_id.in_(ids))):
            found.setdefault(row.event_id, {})[row.key] = ERASED if row.text is None else row.text
    return found


def _event(row: EventRow, names: Mapping[str, str]) -> Event:
    facts = {key: value for key, value in json.loads(row.facts).items() if key != "names"}
    return Event(
        id=row.id,
        stream=row.stream,
        position=row.position,
        event=row.event,
        actor=row.actor,
        at=row.at,
        facts=facts,
        names=names,
        sha256=row.sha256,
    )
