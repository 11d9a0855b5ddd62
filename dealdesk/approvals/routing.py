"""Who may decide on a request: holders of the role, their delegates, and who covers for them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from dealdesk.approvals.policy import Policy
from dealdesk.identity.actors import Actor
from dealdesk.identity.permissions import Owned, may
from dealdesk.identity.queries import Person
from dealdesk.terms.short_dates import short_day

DECIDE = "approvals:decision:record"


class Capacity(StrEnum):
    """As what somebody decides in a role."""

    HOLDER = "holder"
    DELEGATE = "delegate"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class Absence:
    """A person who is away, their roles and team, and who covers for them, if anybody."""

    user: int
    name: str
    roles: frozenset[str]
    delegate: int | None
    delegate_name: str
    starts_at: datetime
    ends_at: datetime
    team: int | None = None

    @property
    def actor(self) -> Actor:
        """Who is away, as one who acts: whoever covers decides where they would."""
        return Actor(self.user, self.name, self.roles, self.team)

    @property
    def last_day(self) -> date:
        """The last day away; the absence ends with it."""
        return (self.ends_at - timedelta(seconds=1)).date()

    def is_on(self, now: datetime) -> bool:
        """Tell whether the person is away now."""
        return self.starts_at <= now < self.ends_at


def may_stand_in(roles: Iterable[str], role: str, policy: Policy) -> bool:
    """Tell whether somebody with those roles may be handed a role: holds it, or may by policy."""
    allowed = {role, *policy.stand_ins.get(role, ())}
    return not allowed.isdisjoint(roles)


def in_role(actor: Actor, role: str) -> Actor:
    """Return the actor with that role alone: on whose deals one decides goes by the role.

    Who manages the sales of a team and heads engineering too decides on engineering everywhere,
    and on the sales of that team alone.
    """
    return replace(actor, roles=actor.roles & {role})


def capacity(  # noqa: PLR0913 - who decides in which role by which policy, whose deal, given how
    actor: Actor,
    role: str,
    policy: Policy,
    *,
    of: Owned,
    delegate: int | None = None,
    away: Iterable[Absence] = (),
) -> Capacity | None:
    """Return as what the actor may decide in a role on somebody's deal, or None.

    Whoever decides for another holds the role too, or has one that the policy lets stand in; who
    covers decides where the one who is away would.
    """
    if may(in_role(actor, role), DECIDE, of):
        return Capacity.HOLDER
    if actor.id is None or not may_stand_in(actor.roles, role, policy):
        return None
    if delegate == actor.id:
        return Capacity.DELEGATE
    covered = (one.actor for one in away if one.delegate == actor.id)
    if any(may(in_role(one, role), DECIDE, of) for one in covered):
        return Capacity.COVER
    return None


def covered_for(
    actor: Actor, policy: Policy, away: Iterable[Absence]
) -> Iterator[tuple[Actor, str]]:
    """Yield those for whom the actor covers, each with a role in which the policy lets them."""
    for one in away:
        if one.delegate == actor.id:
            for role in sorted(one.roles):
                if role in policy.roles and may_stand_in(actor.roles, role, policy):
                    yield one.actor, role


@dataclass(frozen=True, slots=True)
class Decider:
    """Somebody who may decide on a request, as what, and for whom where they cover."""

    person: Person
    capacity: Capacity
    instead_of: str = ""


def deciders(  # noqa: PLR0913 - who may decide follows from role, policy, people and whose it is
    role: str,
    policy: Policy,
    people: Sequence[Person],
    away: Sequence[Absence],
    *,
    of: Owned,
    barred: Collection[int] = (),
) -> Iterator[Decider]:
    """Yield who may decide in a role on somebody's deal, those away left out for their covers.

    A cover who is away too is left out as well. `barred` are those who sell it: they decide on
    nothing of their own.
    """
    absent = {one.user: one for one in away}
    by_id = {person.id: person for person in people if person.deactivated_at is None}
    seen: set[int] = set(barred)
    holders = [one for one in by_id.values() if may(in_role(one.actor, role), DECIDE, of)]
    for holder in holders:
        if holder.id not in absent and holder.id not in seen:
            seen.add(holder.id)
            yield Decider(holder, Capacity.HOLDER)
    for holder in holders:
        absence = absent.get(holder.id)
        cover = by_id.get(absence.delegate) if absence and absence.delegate else None
        if cover is None or cover.id in absent or cover.id in seen:
            continue
        if may_stand_in(cover.roles, role, policy):
            seen.add(cover.id)
            yield Decider(cover, Capacity.COVER, holder.name)


def next_in_line(
    role: str, policy: Policy, people: Sequence[Person], away: Sequence[Absence]
) -> Iterator[Person]:
    """Yield who is there and may stand in for a role, in the policy's order and then by name."""
    absent = {one.user for one in away}
    seen: set[int] = set()
    for other in policy.stand_ins.get(role, ()):
        for person in people:
            is_there = person.deactivated_at is None and person.id not in absent
            if is_there and other in person.roles and person.id not in seen:
                seen.add(person.id)
                yield person


def why_nobody(
    role: str,
    policy: Policy,
    people: Sequence[Person],
    away: Sequence[Absence],
    *,
    of: Owned,
) -> str:
    """Return in sentences why nobody of a role decides on somebody's deal."""
    absent = {one.user: one for one in away}
    holders = [
        one
        for one in people
        if one.deactivated_at is None and may(in_role(one.actor, role), DECIDE, of)
    ]
    if not holders:
        return f"Nobody holds {policy.title_of(role)}."
    return " ".join(_why_not(one, absent) for one in holders)


def _why_not(holder: Person, absent: Mapping[int, Absence]) -> str:
    absence = absent.get(holder.id)
    if absence is None:
        return f"{holder.name} may not decide on this deal."
    until = f"{holder.name} is away until {short_day(absence.last_day, 'en')}"
    if absence.delegate is None:
        return f"{until}, and nobody covers."
    cover = absent.get(absence.delegate)
    if cover is not None:
        return f"{until}; {absence.delegate_name}, who covers, is away too."
    return f"{until}; {absence.delegate_name}, who covers, may not decide on this deal."
