"""Links that set a password, sent by mail: asked for by the person, or by an administrator."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy.orm import Session

from dealdesk.identity.actors import SYSTEM, Actor
from dealdesk.identity.models import UserRow
from dealdesk.identity.queries import find_user, get_person
from dealdesk.identity.resets import open_reset
from dealdesk.identity.roles import ROLES
from dealdesk.identity.throttling import (
    PER_ACCOUNT,
    PER_ADDRESS,
    account_key,
    address_key,
    count_attempt,
)
from dealdesk.kernel.settings import Settings
from dealdesk.outbox.operations import enqueue_mail

A_WEEK = timedelta(days=7)


def reset_link(settings: Settings, token: str) -> str:
    """Return the address of a link that sets a password; never made from what a request says."""
    return f"{settings.links_lead_to}/password/{token}"


def ask_reset(
    session: Session, settings: Settings, email: str, *, address: str, now: datetime
) -> bool:
    """Send a link to whoever has that mail address; return False where it was asked too often.

    The caller answers the same whether there is an account or not, so that nobody can try them
    out; personas of the demo have no password and get none.
    """
    tries = count_attempt(session, account_key(f"reset {email.strip().casefold()}"), now)
    if tries > PER_ACCOUNT or count_attempt(session, address_key(address), now) > PER_ADDRESS:
        return False
    user = find_user(session, email)
    if user is None or user.deactivated_at is not None or user.is_persona:
        return True
    token = open_reset(session, SYSTEM, user, now)
    _send(
        session,
        user,
        "password-reset",
        {"name": user.name},
        link=reset_link(settings, token),
        now=now,
    )
    return True


def invite(
    session: Session, settings: Settings, actor: Actor, user: UserRow, now: datetime
) -> None:
    """Send a person a link that sets their password, good for a week.

    Raise NotFoundError for a deactivated person.
    """
    token = open_reset(session, actor, user, now, holds=A_WEEK)
    roles = [ROLES[role] for role in get_person(session, user.id).roles]
    context = {"name": user.name, "by": actor.name, "roles": roles}
    _send(session, user, "invitation", context, link=reset_link(settings, token), now=now)


def _send(  # noqa: PLR0913 - a message is to whom, which, about what
    session: Session,
    user: UserRow,
    template: str,
    context: Mapping[str, object],
    *,
    link: str,
    now: datetime,
) -> None:
    enqueue_mail(
        session,
        user.email,
        template,
        context,
        key=f"{template}:{user.id}:{token_hex(8)}",
        now=now,
        secrets={"link": link},
        is_private=True,
        language=user.language,
    )
