"""Who may do what, as data, and the pure predicates that read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from dealdesk.identity.actors import Actor
from dealdesk.identity.roles import DECIDING


class Scope(IntEnum):
    """On whose things a permission holds; a wider one holds what a narrower one does."""

    OWN = 1
    TEAM = 2
    ALL = 3


@dataclass(frozen=True, slots=True)
class Owned:
    """Whose a thing is: a person's and, by that person, a team's."""

    user: int | None
    team: int | None = None


# Permissions are named <context>:<noun>:<verb>; each with what it lets people do.
PERMISSIONS: Mapping[str, str] = {
    "identity:session:own": "See and end one's own sessions",
    "identity:user:manage": "Add and deactivate people, give roles",
    "audit:event:read": "Read every event and export it",
    "deals:deal:read": "See a deal and everything on it",
    "deals:deal:create": "Start a deal, keep accounts and contacts",
    "deals:deal:write": "Change a deal: order, clauses, values",
    "deals:deal:share": "Give one colleague a deal to read or to change",
    "agreements:file:build": "Build the files of a deal",
    "negotiation:round:write": "Send to the customer, take their redlines in, note on them",
    "negotiation:change:decide": "Decide on what the customer changed, and answer it",
    "signing:contract:seal": "Seal and hand over",
    "approvals:request:submit": "Ask for approval",
    "approvals:decision:record": "Decide in one's role",
    "approvals:policy:change": "Change the approval policy",
    "approvals:policy:publish": "Publish another person's change of the policy",
    "clauses:library:read": "Browse the library",
    "clauses:library:edit": "Draft changes of clauses",
    "clauses:library:publish": "Publish another person's draft",
    "sla:record:read": "See service levels, records and availability",
    "sla:record:write": "Hand over service levels, keep their records",
    "reports:report:read": "See reports",
    "outbox:job:read": "See jobs and mail, run them again",
    "web:page:read": "See pages that hold no one's data",
}

_EVERYONE: Mapping[str, Scope] = {
    "identity:session:own": Scope.OWN,
    "clauses:library:read": Scope.ALL,
    "web:page:read": Scope.ALL,
}
_SELLING: Mapping[str, Scope] = {
    "deals:deal:read": Scope.OWN,
    "deals:deal:create": Scope.OWN,
    "deals:deal:write": Scope.OWN,
    "deals:deal:share": Scope.OWN,
    "agreements:file:build": Scope.OWN,
    "negotiation:round:write": Scope.OWN,
    "approvals:request:submit": Scope.OWN,
    "sla:record:read": Scope.OWN,
    "reports:report:read": Scope.OWN,
}
_DECIDING: Mapping[str, Scope] = {
    "deals:deal:read": Scope.ALL,
    "agreements:file:build": Scope.ALL,
    "approvals:decision:record": Scope.ALL,
    "sla:record:read": Scope.ALL,
    "reports:report:read": Scope.ALL,
}
_LEGAL: Mapping[str, Scope] = {
    **_DECIDING,
    "deals:deal:write": Scope.ALL,
    "negotiation:round:write": Scope.ALL,
    "negotiation:change:decide": Scope.ALL,
    "signing:contract:seal": Scope.ALL,
    "clauses:library:edit": Scope.ALL,
    "clauses:library:publish": Scope.ALL,
}

GRANTS: Mapping[str, Mapping[str, Scope]] = {
    **dict.fromkeys(sorted(DECIDING), _DECIDING),
    "account_executive": _SELLING,
    "sales_manager": {
        **dict.fromkeys(_SELLING, Scope.TEAM),
        "approvals:decision:record": Scope.TEAM,
    },
    "deal_desk": {
        **_DECIDING,
        **dict.fromkeys(_SELLING, Scope.ALL),
        "negotiation:change:decide": Scope.ALL,
        "signing:contract:seal": Scope.ALL,
        "approvals:policy:change": Scope.ALL,
    },
    "commercial_counsel": _LEGAL,
    "general_counsel": {
        **_LEGAL,
        "approvals:policy:change": Scope.ALL,
        "approvals:policy:publish": Scope.ALL,
    },
    "cfo": {
        **_DECIDING,
        "approvals:policy:change": Scope.ALL,
        "approvals:policy:publish": Scope.ALL,
    },
    "support_head": {**_DECIDING, "sla:record:write": Scope.ALL},
    # Who keeps accounts and jobs has no need of deals, and so doesn't see them.
    "administrator": {"identity:user:manage": Scope.ALL, "outbox:job:read": Scope.ALL},
    "auditor": {
        "deals:deal:read": Scope.ALL,
        "sla:record:read": Scope.ALL,
        "reports:report:read": Scope.ALL,
        "audit:event:read": Scope.ALL,
    },
}


# What a colleague may do on one deal that was shared with them, where their role may do it at all.
SHARED: Mapping[str, frozenset[str]] = {
    "read": frozenset({"deals:deal:read", "sla:record:read"}),
    "write": frozenset(
        {"deals:deal:read", "sla:record:read", "deals:deal:write", "agreements:file:build"}
    ),
}


def levels_for(actor: Actor, permission: str) -> frozenset[str]:
    """Return the levels of sharing that let the actor do that on a deal of somebody else's."""
    if actor.id is None or scope_of(actor, permission) is None:
        return frozenset()
    return frozenset(level for level, given in SHARED.items() if permission in given)


def scope_of(actor: Actor, permission: str) -> Scope | None:
    """Return the widest scope in which the actor has the permission, or None.

    Raise KeyError for a permission that there is not, so that a misspelt one never passes.
    """
    PERMISSIONS[permission]
    if actor.id is None:
        return Scope.ALL if "system" in actor.roles else None
    scopes = [GRANTS.get(role, {}).get(permission) for role in actor.roles]
    scopes.append(_EVERYONE.get(permission))
    return max((scope for scope in scopes if scope is not None), default=None)


def may(actor: Actor, permission: str, of: Owned | None = None) -> bool:
    """Tell whether the actor may do that, on that thing where one is given."""
    scope = scope_of(actor, permission)
    if scope is None:
        return False
    if of is None or scope is Scope.ALL:
        return True
    if of.user is not None and of.user == actor.id:
        return True
    return scope is Scope.TEAM and of.team is not None and of.team == actor.team
