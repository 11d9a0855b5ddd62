"""Who may decide on a request: holders of the role, their delegates, and who covers for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dealdesk.approvals.policy import Policy
from dealdesk.identity.actors import Actor


class Capacity(StrEnum):
    """As what somebody decides in a role."""

    HOLDER = "holder"
    DELEGATE = "delegate"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class Absence:
    """A person who is away, their roles, and who covers for them."""

    user: int
    name: str
    roles: frozenset[str]
    delegate: int
    delegate_name: str
    starts_at: datetime
    ends_at: datetime

    def is_on(self, now: datetime) -> bool:
        """Tell whether the person is away now."""
        return self.starts_at <= now < self.ends_at


def may_stand_in(roles: Iterable[str], role: str, policy: Policy) -> bool:
    """Tell whether somebody with those roles may be handed a role: holds it, or may by policy."""
    allowed = {role, *policy.stand_ins.get(role, ())}
    return not allowed.isdisjoint(roles)


def capacity(
    actor: Actor,
    role: str,
    policy: Policy,
    *,
    delegate: int | None = None,
    away: Iterable[Absence] = (),
) -> Capacity | None:
    """Return as what the actor may decide in a role, or None.

    Whoever decides for another holds the role too, or has one that the policy lets stand in.
    """
    if role in actor.roles:
        return Capacity.HOLDER
    if actor.id is None or not may_stand_in(actor.roles, role, policy):
        return None
    if delegate == actor.id:
        return Capacity.DELEGATE
    if any(one.delegate == actor.id and role in one.roles for one in away):
        return Capacity.COVER
    return None


def covered_roles(actor: Actor, policy: Policy, away: Iterable[Absence]) -> frozenset[str]:
    """Return the roles in which the actor covers for somebody who is away."""
    return frozenset(
        role
        for one in away
        if one.delegate == actor.id
        for role in one.roles
        if role in policy.roles and may_stand_in(actor.roles, role, policy)
    )
