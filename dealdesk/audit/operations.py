"""Writes of the audit: an event in the caller's transaction, a day's anchor, an erasure."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dealdesk.audit.chain import (
    START,
    Anchor,
    Link,
    anchor_sha256,
    heads_json,
    link_sha256,
    name_sha256,
)
from dealdesk.audit.models import AnchorRow, ChainRow, EventRow, NameRow
from dealdesk.kernel.actor import Actor
from dealdesk.kernel.hashing import Json, canonical_json

# The stream of what is done to the record itself.
STREAM = "audit"
ERASED = "audit:words:erased"


def record(  # noqa: PLR0913 - who, where, what, with which facts, when
    session: Session,
    actor: Actor,
    stream: int | str,
    event: str,
    facts: Mapping[str, Json] | None = None,
    *,
    names: Mapping[str, str] | None = None,
    now: datetime,
) -> EventRow:
    """Add an event to a stream's chain in the caller's transaction and return it.

    `stream` is a deal's id, or a name such as "identity". `event` is <context>:<noun>:<verb> in the
    past tense. `facts` hold ids, digests, numbers and states, never people's names or words: those
    go to `names`, which stand beside the event, bound to it by a salted digest, and may be erased.
    """
    chain = _locked(session, stream_name(stream))
    kept = {key: (secrets.token_hex(16), text) for key, text in (names or {}).items()}
    said: dict[str, Json] = dict(facts or {})
    if kept:
        said["names"] = {key: name_sha256(*pair) for key, pair in kept.items()}
    link = Link(
        chain.stream,
        chain.length + 1,
        event,
        actor.ref,
        now,
        canonical_json(said),
        chain.sha256,
    )
    row = _event(link)
    session.add(row)
    session.flush()
    session.add_all(
        NameRow(event_id=row.id, key=key, salt=salt, text=text)
        for key, (salt, text) in kept.items()
    )
    chain.length, chain.sha256 = row.position, row.sha256
    session.flush()
    return row


def hold(session: Session, stream: int | str) -> None:
    """Hold a stream until the transaction ends: whoever else writes to it waits.

    What is read after this is what others left, so that a thing done twice at once is done once.
    """
    _locked(session, stream_name(stream))


def stream_name(stream: int | str) -> str:
    """Return a stream's name: a deal's id stands for the deal's own stream."""
    return f"deal:{stream}" if isinstance(stream, int) else stream


def anchor_day(session: Session, now: datetime) -> AnchorRow | None:
    """Write the day's anchor over all chains that moved since the last, and return it.

    Return None where the day has its anchor already. The anchor's hash is worth keeping
    elsewhere: whoever has it can tell that nothing before it was changed or cut off.
    """
    last = session.scalar(select(AnchorRow).order_by(AnchorRow.day.desc()).limit(1))
    if last is not None and last.day >= now.date():
        return None
    known = anchored_heads(session)
    moved = {
        chain.stream: (chain.length, chain.sha256)
        for chain in session.scalars(select(ChainRow))
        if known.get(chain.stream) != (chain.length, chain.sha256)
    }
    anchor = Anchor(now.date(), now, heads_json(moved), last.sha256 if last else START)
    anchor = replace(anchor, sha256=anchor_sha256(anchor))
    row = AnchorRow(
        day=anchor.day,
        at=anchor.at,
        heads=anchor.heads,
        previous_sha256=anchor.previous,
        sha256=anchor.sha256,
    )
    session.add(row)
    session.flush()
    return row


def anchored_heads(session: Session) -> dict[str, tuple[int, str]]:
    """Return where each chain was when it was anchored last."""
    heads: dict[str, tuple[int, str]] = {}
    for text in session.scalars(select(AnchorRow.heads).order_by(AnchorRow.day)):
        heads |= {stream: (int(n), str(sha)) for stream, (n, sha) in json.loads(text).items()}
    return heads


def erase_names(session: Session, actor: Actor, text: str, now: datetime) -> int:
    """Erase a name, or words, wherever they stand beside an event; return how often they stood.

    The events stay, and their chain still holds: they name the words by a salted digest alone. An
    event of its own says which were erased, so that words which are gone without it are told.
    """
    found = session.execute(
        select(NameRow, EventRow.stream, EventRow.position)
        .join(EventRow, EventRow.id == NameRow.event_id)
        .where(NameRow.text == text)
        .order_by(EventRow.stream, EventRow.position, NameRow.key)
    ).all()
    for row, _, _ in found:
        row.text, row.salt, row.erased_at = None, "", now
    session.flush()
    if found:
        erased: list[Json] = [[stream, position, row.key] for row, stream, position in found]
        record(session, actor, STREAM, ERASED, {"erased": erased}, now=now)
    return len(found)


def _locked(session: Session, stream: str) -> ChainRow:
    """Return a stream's chain, held by this transaction so that events follow one another."""
    start = {"stream": stream, "length": 0, "sha256": START}
    if session.get_bind().dialect.name == "postgresql":
        session.execute(postgresql.insert(ChainRow).values(start).on_conflict_do_nothing())
    else:
        session.execute(sqlite.insert(ChainRow).values(start).on_conflict_do_nothing())
    return session.scalars(
        select(ChainRow)
        .where(ChainRow.stream == stream)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _event(link: Link) -> EventRow:
    return EventRow(
        stream=link.stream,
        position=link.position,
        event=link.event,
        actor=link.actor,
        at=link.at,
        facts=link.facts,
        previous_sha256=link.previous,
        sha256=link_sha256(link),
    )
