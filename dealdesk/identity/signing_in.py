"""Signing in with address and password: throttled, and the same answer for whatever is wrong."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from dealdesk.audit.operations import record
from dealdesk.identity.actors import SYSTEM
from dealdesk.identity.models import UserRow
from dealdesk.identity.passwords import is_password
from dealdesk.identity.queries import find_user, folded
from dealdesk.identity.sessions import STREAM, open_session
from dealdesk.identity.throttling import (
    PER_ACCOUNT,
    PER_ADDRESS,
    account_key,
    address_key,
    count_attempt,
    forget_attempts,
)


class Outcome(StrEnum):
    """How a try to sign in ended."""

    SIGNED_IN = "signed in"
    WRONG = "wrong"
    THROTTLED = "throttled"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request comes from, as far as it can be told."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Tried:
    """The outcome of a try, with the new session's token where it succeeded."""

    outcome: Outcome
    token: str = ""


def sign_in(session: Session, email: str, password: str, visitor: Visitor, now: datetime) -> Tried:
    """Open a session for whoever has that address and password.

    Every try is counted, for the account and for the visitor's address, whatever becomes of it;
    so the caller commits also when the answer is no.
    """
    account = account_key(folded(email))
    tries = count_attempt(session, account, now)
    from_here = count_attempt(session, address_key(visitor.address), now)
    user = find_user(session, email)
    if tries > PER_ACCOUNT or from_here > PER_ADDRESS:
        if tries == PER_ACCOUNT + 1:
            facts = {"user": user.id if user else None}
            record(session, SYSTEM, STREAM, "identity:sign_in:throttled", facts, now=now)
        return Tried(Outcome.THROTTLED)
    if not is_password(_hash_of(user), password) or user is None:
        return Tried(Outcome.WRONG)
    forget_attempts(session, account)
    return Tried(Outcome.SIGNED_IN, open_for(session, user, visitor, now))


def open_for(session: Session, user: UserRow, visitor: Visitor, now: datetime) -> str:
    """Open a session for a person who is known to be who they are, and return its token."""
    return open_session(session, user, now=now, address=visitor.address, browser=visitor.browser)


def _hash_of(user: UserRow | None) -> str | None:
    return user.password_hash if user is not None and user.deactivated_at is None else None
