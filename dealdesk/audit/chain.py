"""The hash chain, pure: what an event's hash covers, and where a chain breaks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from dealdesk.kernel.hashing import canonical_json, sha256_json, sha256_text

START = ""  # what stands for the hash before the first


@dataclass(frozen=True, slots=True)
class Link:
    """One event as the chain sees it; `facts` is canonical JSON."""

    stream: str
    position: int
    event: str
    actor: str
    at: datetime
    facts: str
    previous: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One day's anchor; `heads` is canonical JSON: stream → [length, sha256]."""

    day: date
    at: datetime
    heads: str
    previous: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """Where the record is not what it was, as a place and a sentence."""

    stream: str
    position: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.stream}, event {self.position}: {self.sentence}"


def link_sha256(link: Link) -> str:
    """Return the SHA-256 of a link: all that it says, and the hash before it."""
    return sha256_json(
        {
            "stream": link.stream,
            "position": link.position,
            "event": link.event,
            "actor": link.actor,
            "at": _instant(link.at),
            "facts": link.facts,
            "previous": link.previous,
        }
    )


def anchor_sha256(anchor: Anchor) -> str:
    """Return the SHA-256 of a day's anchor."""
    return sha256_json(
        {
            "day": anchor.day.isoformat(),
            "at": _instant(anchor.at),
            "heads": anchor.heads,
            "previous": anchor.previous,
        }
    )


def name_sha256(salt: str, text: str) -> str:
    """Return the digest by which an event names words that stand beside it."""
    return sha256_text(f"{salt}\n{text}")


def heads_json(heads: Mapping[str, tuple[int, str]]) -> str:
    """Return the ends of chains as canonical JSON."""
    return canonical_json({stream: list(head) for stream, head in heads.items()})


def chain_breaks(stream: str, links: Iterable[Link], head: tuple[int, str] | None) -> list[Break]:
    """Return where a stream's chain breaks; `links` in the order of their positions.

    `head` is the recorded length and last hash, None where none is recorded.
    """
    breaks: list[Break] = []
    position, previous = 0, START
    for link in links:
        position += 1
        if link.position != position:
            missing = f"event {position} is missing" if link.position > position else "it is twice"
            breaks.append(Break(stream, link.position, f"the order is broken: {missing}."))
            position = link.position
        elif link.previous != previous:
            breaks.append(Break(stream, position, "it doesn't follow from the event before it."))
        if link_sha256(link) != link.sha256:
            breaks.append(Break(stream, position, "its content is not what its hash says."))
        previous = link.sha256
    if head is None or head != (position, previous):
        told = "no end" if head is None else f"an end after {head[0]} events"
        breaks.append(Break(stream, position, f"the chain stops here, but {told} is recorded."))
    return breaks


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
