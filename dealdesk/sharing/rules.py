"""How long a link holds, what a code looks like, and to whom one may be sent."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

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


def new_code() -> str:
    """Return a code of digits to be told by telephone."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
