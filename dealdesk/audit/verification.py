"""Verification: every chain, anchor and name is recomputed, and every break is named."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dealdesk.audit.chain import (
    START,
    Anchor,
    Break,
    Link,
    anchor_sha256,
    chain_breaks,
    name_sha256,
)
from dealdesk.audit.models import AnchorRow, ChainRow, EventRow, NameRow
from dealdesk.audit.operations import ERASED, STREAM


@dataclass(frozen=True, slots=True)
class Verification:
    """What was recomputed, and every place where it differs from the record."""

    events: int
    chains: int
    anchors: int
    breaks: tuple[Break, ...]


def verify(session: Session) -> Verification:
    """Recompute all chains, anchors and names and return what was found."""
    heads = {row.stream: (row.length, row.sha256) for row in session.scalars(select(ChainRow))}
    breaks: list[Break] = []
    count, seen = 0, set()
    for stream, links in groupby(_links(session), key=lambda link: link.stream):
        chain = list(links)
        count += len(chain)
        seen.add(stream)
        breaks += chain_breaks(stream, chain, heads.get(stream))
    for stream in sorted(set(heads) - seen):
        if heads[stream][0]:
            breaks += chain_breaks(stream, (), heads[stream])
    anchors = [_anchor(row) for row in session.scalars(select(AnchorRow).order_by(AnchorRow.day))]
    breaks += _anchor_breaks(session, anchors)
    breaks += _name_breaks(session)
    return Verification(count, len(seen), len(anchors), tuple(breaks))


def _links(session: Session) -> Iterator[Link]:
    rows = session.execute(
        select(
            EventRow.stream,
            EventRow.position,
            EventRow.event,
            EventRow.actor,
            EventRow.at,
            EventRow.facts,
            EventRow.previous_sha256,
            EventRow.sha256,
        )
        .order_by(EventRow.stream, EventRow.position)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        yield Link(*row)


def _anchor_breaks(session: Session, anchors: Sequence[Anchor]) -> Iterator[Break]:
    previous = START
    for number, anchor in enumerate(anchors, start=1):
        if anchor.previous != previous:
            yield Break("anchors", number, f"that of {anchor.day} doesn't follow the one before.")
        if anchor_sha256(anchor) != anchor.sha256:
            yield Break("anchors", number, f"that of {anchor.day} is not what its hash says.")
            previous = anchor.sha256
            continue
        previous = anchor.sha256
        for stream, (length, sha256) in json.loads(anchor.heads).items():
            found = session.scalar(
                select(EventRow.sha256).where(
                    EventRow.stream == stream, EventRow.position == length
                )
            )
            if found != sha256:
                sentence = f"it is not the event that the anchor of {anchor.day} names."
                yield Break(stream, length, sentence)


def _name_breaks(session: Session) -> Iterator[Break]:
    """Yield a break for words that are not those an event names, and for those that are gone.

    Gone are words whose row is missing or blank, unless an erasure's own event names them.
    """
    erased = _erased(session)
    rows = session.execute(
        select(
            EventRow.stream,
            EventRow.position,
            EventRow.facts,
            NameRow.key,
            NameRow.salt,
            NameRow.text,
        )
        .outerjoin(NameRow, NameRow.event_id == EventRow.id)
        .where(or_(NameRow.key.is_not(None), EventRow.facts.contains('"names":')))
        .order_by(EventRow.stream, EventRow.position, NameRow.key)
        .execution_options(yield_per=1000)
    )
    for (stream, position), group in groupby(rows, key=lambda row: (row.stream, row.position)):
        found = list(group)
        named = json.loads(found[0].facts).get("names", {})
        kept = {row.key: (row.salt, row.text) for row in found if row.key and row.text is not None}
        for key, (salt, text) in kept.items():
            if name_sha256(salt, text) != named.get(key):
                yield Break(stream, position, f"its words for “{key}” are not those it names.")
        for key in sorted(set(named) - set(kept)):
            if (stream, position, key) not in erased:
                yield Break(
                    stream, position, f"its words for “{key}” are gone, and no erasure names them."
                )


def _erased(session: Session) -> frozenset[tuple[str, int, str]]:
    """Return the words that were erased, by their event and key, as the erasures' events say."""
    events = session.scalars(
        select(EventRow.facts).where(EventRow.stream == STREAM, EventRow.event == ERASED)
    )
    return frozenset(
        (stream, position, key)
        for facts in events
        for stream, position, key in json.loads(facts)["erased"]
    )


def _anchor(row: AnchorRow) -> Anchor:
    return Anchor(row.day, row.at, row.heads, row.previous_sha256, row.sha256)
