"""Policies in force and drafts: a change needs a reason and a second person who publishes it."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dealdesk.approvals.lifecycle import DraftAction, DraftState, draft_moved
from dealdesk.approvals.models import DecisionRow
from dealdesk.approvals.policy import Policy
from dealdesk.approvals.policy_file import read_policy
from dealdesk.approvals.policy_models import PolicyDraftRow, PolicyVersionRow
from dealdesk.approvals.requests import checked_words
from dealdesk.audit.operations import hold, record
from dealdesk.identity.actors import Actor
from dealdesk.kernel.errors import ConflictError, DomainError, NotFoundError, Problem, RefusedError
from dealdesk.kernel.hashing import Json, sha256_text
from dealdesk.kernel.located_yaml import load_yaml

STREAM = "policy"
LONGEST_POLICY = 200_000
_VERSION = re.compile(r"^version:.*$", re.MULTILINE)


class PolicyError(DomainError):
    """A policy can't be what it should become; every reason is named."""


def find_policy_in_force(session: Session) -> PolicyVersionRow | None:
    """Return the policy published last, or None while the library's file is in force."""
    return session.scalar(
        select(PolicyVersionRow)
        .where(PolicyVersionRow.publisher_id.is_not(None))
        .order_by(PolicyVersionRow.id.desc())
        .limit(1)
    )


def list_policy_versions(session: Session) -> Sequence[PolicyVersionRow]:
    """Return every policy that was in force, the last first."""
    return session.scalars(select(PolicyVersionRow).order_by(PolicyVersionRow.id.desc())).all()


def list_drafts(session: Session) -> Sequence[PolicyDraftRow]:
    """Return the drafts that nobody published or discarded, the last first."""
    return session.scalars(
        select(PolicyDraftRow)
        .where(PolicyDraftRow.state == DraftState.DRAFT.value)
        .order_by(PolicyDraftRow.id.desc())
    ).all()


def get_draft(session: Session, number: int, *, writes: bool = False) -> PolicyDraftRow:
    """Return a draft, held against others where one writes.

    Raise NotFoundError where there is none.
    """
    row = session.get(PolicyDraftRow, number, with_for_update=writes)
    if row is None:
        raise NotFoundError.of("no-such-draft", f"There is no draft {number}.")
    return row


def keep_policy(session: Session, key: str, text: str, now: datetime) -> PolicyVersionRow:
    """Return the kept version of a policy's text; the library's file is kept at its first use.

    Raise PolicyError where another text is kept under the same version.
    """
    row = session.scalar(select(PolicyVersionRow).where(PolicyVersionRow.key == key))
    if row is None:
        row = PolicyVersionRow(
            key=key, text=text, sha256=sha256_text(text), reason="", published_at=now
        )
        session.add(row)
        session.flush()
    if row.text != text:
        raise PolicyError.of(
            "version-taken",
            f"The file of the policy {key} was changed after deals were submitted under it.",
            remedy="Give the changed file a new version.",
        )
    return row


def next_text(text: str, taken: Sequence[str]) -> str:
    """Return a policy's text with the next version that is not taken, to start a draft from."""
    policy = read_policy(load_yaml(text, "policy"))
    number = int(policy.version) + 1 if policy.version.isdecimal() else 1
    while f"{policy.id}@{number}" in taken:
        number += 1
    return _VERSION.sub(f'version: "{number}"', text, count=1)


def save_draft(  # noqa: PLR0913 - a draft is whose, of what, with which text and reason, and when
    session: Session,
    actor: Actor,
    draft: PolicyDraftRow | None,
    *,
    base_key: str,
    text: str,
    reason: str,
    now: datetime,
) -> PolicyDraftRow:
    """Keep a draft, a new one where none is given, and return it.

    Raise PolicyError with everything wrong in the text, RefusedError where it is another's draft.
    """
    words = checked_words(reason, "The reason for the change")
    policy = readable(text)
    _refuse_taken(session, policy, base_key)
    if draft is None:
        draft = PolicyDraftRow(
            base_key=base_key,
            state=DraftState.DRAFT.value,
            author_id=_id(actor),
            created_at=now,
        )
        session.add(draft)
    elif draft.author_id != actor.id:
        raise RefusedError.of("another's", "Only its author changes a draft.")
    else:
        draft.state = draft_moved(DraftState(draft.state), DraftAction.CHANGE).value
    draft.text, draft.reason, draft.changed_at = text, words, now
    session.flush()
    _tell(session, actor, draft, "drafted", now)
    return draft


def publish(  # noqa: PLR0913 - who publishes which text over which, as seen, when
    session: Session,
    actor: Actor,
    draft: PolicyDraftRow,
    *,
    in_force: str,
    seen: int,
    now: datetime,
) -> PolicyVersionRow:
    """Put a draft in force for whatever is submitted from now on, and return the version.

    Raise RefusedError where the actor wrote it, ConflictError where draft or policy moved on,
    PolicyError where the text can't be a policy.
    """
    draft_moved(DraftState(draft.state), DraftAction.PUBLISH)
    # Two drafts at once: the second waits, then sees the policy that the first put in force.
    hold(session, STREAM)
    last = find_policy_in_force(session)
    in_force = last.key if last is not None else in_force
    if draft.author_id == actor.id:
        raise RefusedError.of(
            "own-draft", "Nobody publishes their own change.", remedy="Ask a second person."
        )
    if draft.revision != seen:
        raise ConflictError.of(
            "draft-moved",
            "The draft was changed after you opened it.",
            remedy="Read it again before you publish it.",
        )
    if draft.base_key != in_force:
        raise ConflictError.of(
            "policy-moved",
            f"The draft changes {draft.base_key}, and {in_force} is in force now.",
            remedy="Start a new draft from the policy in force.",
        )
    policy = readable(draft.text)
    _refuse_taken(session, policy, in_force)
    _refuse_missing_roles(session, policy)
    row = PolicyVersionRow(
        key=policy.key,
        text=draft.text,
        sha256=sha256_text(draft.text),
        reason=draft.reason,
        author_id=draft.author_id,
        publisher_id=_id(actor),
        published_at=now,
    )
    session.add(row)
    draft.state = DraftState.PUBLISHED.value
    draft.closed_at, draft.closed_by_id = now, actor.id
    session.flush()
    _tell(session, actor, draft, "published", now)
    return row


def discard(session: Session, actor: Actor, draft: PolicyDraftRow, now: datetime) -> None:
    """Discard a draft. Raise ConflictError where it was published or discarded already."""
    draft.state = draft_moved(DraftState(draft.state), DraftAction.DISCARD).value
    draft.closed_at, draft.closed_by_id = now, actor.id
    session.flush()
    _tell(session, actor, draft, "discarded", now)


def readable(text: str) -> Policy:
    """Return the policy in a text. Raise DomainError with everything that is wrong in it."""
    if len(text) > LONGEST_POLICY:
        raise PolicyError.of("too-long", f"A policy has up to {LONGEST_POLICY:,} characters.")
    return read_policy(load_yaml(text, "policy"))


def _refuse_taken(session: Session, policy: Policy, in_force: str) -> None:
    known = session.scalar(select(PolicyVersionRow.id).where(PolicyVersionRow.key == policy.key))
    if known is not None or policy.key == in_force:
        raise PolicyError.of(
            "version-taken",
            f"The policy {policy.key} exists already.",
            remedy="Give the change a new version.",
        )


def _refuse_missing_roles(session: Session, policy: Policy) -> None:
    """Raise PolicyError naming roles that decided once: their decisions have to be readable."""
    used = session.scalars(select(DecisionRow.role).distinct().order_by(DecisionRow.role)).all()
    missing = [
        Problem("role-missing", f"“{role}” decided on deals and is not in the policy's roles.")
        for role in used
        if role not in policy.roles
    ]
    if missing:
        raise PolicyError(missing)


def _id(actor: Actor) -> int:
    if actor.id is None:
        raise RefusedError.of("nobody", "Policies are changed by people.")
    return actor.id


def _tell(session: Session, actor: Actor, draft: PolicyDraftRow, event: str, now: datetime) -> None:
    facts: dict[str, Json] = {
        "draft": draft.id,
        "base": draft.base_key,
        "text_sha256": sha256_text(draft.text),
    }
    names = {"reason": draft.reason}
    record(session, actor, STREAM, f"approvals:policy:{event}", facts, names=names, now=now)
