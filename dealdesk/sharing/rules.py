"""How long a link holds, what a code looks like, and to whom one may be sent."""

import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from dealdesk.identity.tokens import new_token
from dealdesk.kernel.errors import Problem
from dealdesk.kernel.mail_addresses import is_mail_address

DAYS = (7, 30, 90)
DEFAULT_DAYS = 30
CODE_DIGITS = 8
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a link is for, for how long, and whether it asks for a code."""

    name: str
    email: str
    days: int = DEFAULT_DAYS
    has_code: bool = False

    @property
    def holds(self) -> timedelta:
        """How long the link holds."""
        return timedelta(days=self.days)


def recipient_problems(one: Recipient) -> Iterator[Problem]:
    """Yield everything that is wrong with whom a link would be for."""
    if not 0 < len(one.name.strip()) <= LONGEST_NAME:
        yield Problem("name", f"A name has 1 to {LONGEST_NAME} characters.")
    if not is_mail_address(one.email):
        yield Problem("address", f"“{one.email[:80]}” is not a mail address.")
    if one.days not in DAYS:
        days = ", ".join(map(str, DAYS))
        yield Problem("days", f"A link holds for one of {days} days, not for {one.days}.")


@dataclass(frozen=True, slots=True)
class LinkSecrets:
    """What a link's reader needs: the token in its address, and the code if it asks for one."""

    token: str
    code: str


def new_secrets() -> LinkSecrets:
    """Return secrets that nobody can guess or make again."""
    return LinkSecrets(new_token(), new_code())


def secrets_of_form(key: str, form: str, recipient: Recipient, *about: int | None) -> LinkSecrets:
    """Return the secrets that one press of a form makes: the same press again, the same secrets.

    `key` is the installation's own, `form` the form's unguessable token, `about` whose form it is.
    Nothing of it has to be kept to show the code again to whoever pressed twice.
    """
    parts = (form, recipient.name, recipient.email, recipient.days, recipient.has_code, *about)
    message = json.dumps(parts, ensure_ascii=False).encode()
    made = hmac.digest(key.encode(), b"dealdesk share link\0" + message, "sha512")
    token = urlsafe_b64encode(made[:32]).rstrip(b"=").decode()
    return LinkSecrets(
        token, f"{int.from_bytes(made[32:], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
    )


def new_code() -> str:
    """Return a code of digits to be told by telephone."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
