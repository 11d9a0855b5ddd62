"""The actors of this program; the type itself is the kernel's, so that events can name it."""

from dealdesk.identity.roles import ROLES
from dealdesk.kernel.actor import Actor

__all__ = ["SYSTEM", "Actor"]

# The command line, the worker's timers and the seed: whoever runs them has the whole machine.
SYSTEM = Actor(id=None, name="DealDesk", roles=frozenset({*ROLES, "system"}))
