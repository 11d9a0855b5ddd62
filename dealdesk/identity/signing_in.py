"""Signing in with address and password: throttled, and the same answer for whatever is wrong."""

from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request comes from, as far as it can be told."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Try:
    """A try at a password that was counted: whose, and whether it is one too many."""

    key: str
    user_id: int | None
    password_hash: str | None
    is_throttled: bool

    def is_right(self, password: str) -> bool:
        """Tell whether that is the password; it takes long, and as long for whoever is unknown.

        Ask outside of any transaction that writes.
        """
        return is_password(self.password_hash, password) and self.user_id is not None


def count_sign_in(session: Session, email: str, visitor: Visitor, now: datetime) -> Try:
    """Count a try to sign in, for the account and for the visitor's address; the caller commits.

    It counts whatever becomes of it, so it is committed before the password is looked at.
    """
    user = find_user(session, email)
    return _counted(session, account_key(folded(email)), user, visitor, now)


def count_proof(session: Session, user: UserRow, visitor: Visitor, now: datetime) -> Try:
    """Count a try to prove by the present password that one is who is signed in."""
    return _counted(session, account_key(f"present {user.id}"), user, visitor, now)


def forget_tries(session: Session, tried: Try) -> None:
    """Start the count again, once the password was given."""
    forget_attempts(session, tried.key)


def sign_in(session: Session, tried: Try, visitor: Visitor, now: datetime) -> str | None:
    """Open a session for whose password was given, and return its token.

    None where the person was deactivated, or the password changed, since it was looked at.
    """
    user = session.get(UserRow, tried.user_id, with_for_update=True)
    if user is None or _hash_of(user) != tried.password_hash:
        return None
    forget_tries(session, tried)
    return open_for(session, user, visitor, now)


def open_for(session: Session, user: UserRow, visitor: Visitor, now: datetime) -> str:
    """Open a session for a person who is known to be who they are, and return its token."""
    return open_session(session, user, now=now, address=visitor.address, browser=visitor.browser)


def _hash_of(user: UserRow | None) -> str | None:
    return user.password_hash if user is not None and user.deactivated_at is None else None


def _counted(
    session: Session, key: str, user: UserRow | None, visitor: Visitor, now: datetime
) -> Try:
    tries = count_attempt(session, key, now)
    from_here = count_attempt(session, address_key(visitor.address), now)
    is_throttled = tries > PER_ACCOUNT or from_here > PER_ADDRESS
    if is_throttled and tries == PER_ACCOUNT + 1:
        facts = {"user": user.id if user else None}
        record(session, SYSTEM, STREAM, "identity:sign_in:throttled", facts, now=now)
    return Try(key, user.id if user else None, _hash_of(user), is_throttled)
