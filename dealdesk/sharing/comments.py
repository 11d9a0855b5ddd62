"""What is said behind a link: questions of its person, answers of the deal's people."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dealdesk.audit.operations import record
from dealdesk.identity.actors import Actor
from dealdesk.identity.models import UserRow
from dealdesk.identity.throttling import PER_ACCOUNT, account_key, count_attempt
from dealdesk.kernel.characters import hidden_words
from dealdesk.kernel.errors import DomainError, Place, Problem
from dealdesk.kernel.hashing import Json
from dealdesk.sharing.models import ShareCommentRow, ShareLinkRow
from dealdesk.sharing.operations import TooManyTriesError

LONGEST_COMMENT = 4_000
MOST_COMMENTS = 300
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """The part of the agreement that something is said about, "" for the whole."""

    id: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A question or an answer as pages show it; `by` is the link's person or one of ours."""

    id: int
    link_id: int
    heading: str
    text: str
    is_ours: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to say: about which part, in which words, by which form."""

    text: str
    form_key: str
    part: Part = Part()


def write_comment(
    session: Session, link: ShareLinkRow, version_id: int, draft: Draft, now: datetime
) -> ShareCommentRow | None:
    """Keep what the person behind a link says about a version; None where they said it already.

    Raise TooManyTriesError where they say too much at once, DomainError where it can't be kept.
    """
    text = _text(draft)
    if _is_known(session, draft):
        return None
    if count_attempt(session, account_key(f"comment {link.id}"), now) > PER_ACCOUNT:
        raise TooManyTriesError.of(
            "too-many-comments",
            "That are many questions at once.",
            remedy="Wait a quarter of an hour, then send the next.",
        )
    row = _kept(session, link, version_id, draft, text, None, now)
    # Whoever holds the link acts, without an account: the event names link and comment alone.
    writer, facts = Actor(None, link.name), _facts(row)
    record(session, writer, link.deal_id, "sharing:comment:written", facts, now=now)
    return row


def answer_comment(  # noqa: PLR0913 - who answers behind which link, on what, when
    session: Session,
    actor: Actor,
    link: ShareLinkRow,
    version_id: int,
    draft: Draft,
    *,
    now: datetime,
) -> ShareCommentRow | None:
    """Keep an answer to the person behind a link; None where it was given already."""
    text = _text(draft)
    if _is_known(session, draft):
        return None
    row = _kept(session, link, version_id, draft, text, actor.id, now)
    record(session, actor, link.deal_id, "sharing:comment:answered", _facts(row), now=now)
    return row


def list_said(session: Session, links: Collection[ShareLinkRow]) -> Mapping[int, Sequence[Said]]:
    """Return what was said behind links, by the link's id, the first first."""
    names = {link.id: link.name for link in links}
    rows = session.execute(
        select(ShareCommentRow, UserRow.name)
        .outerjoin(UserRow, UserRow.id == ShareCommentRow.author_id)
        .where(ShareCommentRow.link_id.in_(names))
        .order_by(ShareCommentRow.created_at, ShareCommentRow.id)
    )
    found: dict[int, list[Said]] = {number: [] for number in names}
    for row, author in rows:
        is_ours = row.author_id is not None
        by = (author or "DealDesk") if is_ours else names[row.link_id]
        found[row.link_id].append(
            Said(row.id, row.link_id, row.heading, row.text, is_ours, by, row.created_at)
        )
    return found


def note_reading(session: Session, link_id: int, version_id: int) -> None:
    """Note which version the person behind a link reads, and keep the one that they read before."""
    row = session.get_one(ShareLinkRow, link_id)
    if row.read_version_id != version_id:
        row.read_before_id, row.read_version_id = row.read_version_id, version_id
        session.flush()


def read_before(link: ShareLinkRow, version_id: int) -> int | None:
    """Return the version that the person behind a link read before this one, or None."""
    if link.read_version_id == version_id:
        return link.read_before_id
    return link.read_version_id


def _text(draft: Draft) -> str:
    text = draft.text.replace("\r\n", "\n").replace("\r", "\n").strip()
    wrong = ""
    if not text:
        wrong = "Write what you want to say."
    elif len(text) > LONGEST_COMMENT:
        wrong = f"{LONGEST_COMMENT:,} characters are the most; this has {len(text):,}."
    else:
        wrong = hidden_words("The text", text)
    if not _KEY.match(draft.form_key):
        wrong = wrong or "The page is too old. Load it again."
    if wrong:
        raise DomainError([Problem("bad-comment", wrong, Place(path="text"))])
    return text


def _is_known(session: Session, draft: Draft) -> bool:
    wanted = select(ShareCommentRow.id).where(ShareCommentRow.form_key == draft.form_key)
    return session.scalar(wanted) is not None


def _kept(  # noqa: PLR0913, PLR0917 - a comment is all of this
    session: Session,
    link: ShareLinkRow,
    version_id: int,
    draft: Draft,
    text: str,
    author_id: int | None,
    now: datetime,
) -> ShareCommentRow:
    count = select(func.count()).where(ShareCommentRow.link_id == link.id)
    if (session.scalar(count) or 0) >= MOST_COMMENTS:
        raise DomainError.of(
            "too-many-comments", "This conversation is full.", remedy="Write mail."
        )
    row = ShareCommentRow(
        link_id=link.id,
        version_id=version_id,
        about=draft.part.id[:200],
        heading=draft.part.heading[:300],
        text=text,
        author_id=author_id,
        form_key=draft.form_key,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _facts(row: ShareCommentRow) -> dict[str, Json]:
    return {"link": row.link_id, "comment": row.id, "version": row.version_id}
