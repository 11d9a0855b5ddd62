"""Who asks: the request's signed-in person."""

from flask import abort, g

from dealdesk.identity.actors import Actor


def find_actor() -> Actor | None:
    """Return the signed-in person of this request, or None."""
    found = g.get("actor")
    return found if isinstance(found, Actor) else None


def current_actor() -> Actor:
    """Return the signed-in person; a view that nobody may see unsigned always has one."""
    actor = find_actor()
    if actor is None:
        abort(401)
    return actor
