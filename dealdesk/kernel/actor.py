"""Who acts: the one that every operation and every event names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, or the program itself (`id` None).

    `team` is the team's id. Roles are keys of `identity.roles`; names are for people to read,
    never to compare.
    """

    id: int | None
    name: str
    roles: frozenset[str] = frozenset()
    team: int | None = None
    team_name: str = ""
    email: str = ""

    @property
    def ref(self) -> str:
        """Who this is in events: an id, never a name."""
        return "system" if self.id is None else f"user:{self.id}"

    def has(self, *roles: str) -> bool:
        """Tell whether the actor has one of the roles."""
        return not self.roles.isdisjoint(roles)
