"""Passwords: argon2id, and what a new one has to be."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dealdesk.kernel.errors import DomainError, Problem

SHORTEST, LONGEST = 12, 200
_HASHER = PasswordHasher()  # RFC 9106's second choice: 64 MiB, three passes, four lanes
# What an unknown account's password is compared with, so that both answers take as long.
_NOBODY = _HASHER.hash("nobody has this password")


class WeakPasswordError(DomainError):
    """The new password is not one to take."""


def password_hash(password: str) -> str:
    """Return a password's argon2id hash with its parameters and salt."""
    return _HASHER.hash(password)


def is_password(stored: str | None, given: str) -> bool:
    """Tell whether the password is the stored one; nothing stored takes as long and is false."""
    try:
        _HASHER.verify(stored or _NOBODY, given[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def require_strong(password: str, *known: str) -> None:
    """Raise WeakPasswordError for one that is too short, too long, or made of what is known.

    Length is what counts (NIST SP 800-63B, 3.1.1.2); no rules on kinds of characters.
    """
    problems = []
    if not SHORTEST <= len(password) <= LONGEST:
        problems.append(
            Problem(
                "password-length",
                f"The password has {len(password)} characters.",
                remedy=f"Take {SHORTEST} to {LONGEST}.",
            )
        )
    folded = password.casefold()
    if len(set(folded)) < 5 or any(len(word) > 3 and word in folded for word in _words(known)):  # noqa: PLR2004
        problems.append(
            Problem(
                "password-guessable",
                "The password is easily guessed: it holds your name or address, or repeats itself.",
                remedy="Take several words that don't belong together.",
            )
        )
    if problems:
        raise WeakPasswordError(problems)


def _words(known: tuple[str, ...]) -> list[str]:
    return [word for text in known for word in text.casefold().replace("@", " ").split()]
