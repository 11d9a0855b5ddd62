"""Who asks: the request's signed-in person, by the token in their cookie."""

from flask import Flask, Response, abort, g, request

from dealdesk.identity.actors import Actor
from dealdesk.identity.permissions import scope_of
from dealdesk.identity.sessions import LONGEST, SignedIn, find_signed_in, note_seen
from dealdesk.identity.signing_in import Visitor
from dealdesk.web.desk import desk
from dealdesk.web.edge import aside, looked_up

COOKIE = "desk"
_LONGEST_TOKEN = 100


def find_visitor(app: Flask) -> None:
    """Have every request know who asks, before any view is entered."""

    @app.before_request
    def find_out() -> None:
        token = request.cookies.get(COOKIE, "")[:_LONGEST_TOKEN]
        if not token or request.endpoint in {"static", "assets.font"}:
            return
        now = desk().clock.now()
        found = looked_up(lambda unit: find_signed_in(unit, token, now))
        if found is None:
            return
        g.signed_in, g.actor = found, found.actor
        if found.is_stale(now):
            aside(lambda unit: note_seen(unit, found.session, now))

    app.add_template_global(find_actor, "find_actor")
    app.add_template_global(can, "can")


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


def find_session() -> SignedIn | None:
    """Return the session of the signed-in person, or None."""
    found = g.get("signed_in")
    return found if isinstance(found, SignedIn) else None


def current_session() -> SignedIn:
    """Return the session of the signed-in person."""
    found = find_session()
    if found is None:
        abort(401)
    return found


def can(permission: str) -> bool:
    """Tell whether the person who asks has the permission on anything at all."""
    actor = find_actor()
    return actor is not None and scope_of(actor, permission) is not None


def visitor() -> Visitor:
    """Return where this request comes from."""
    return Visitor(request.remote_addr or "", request.headers.get("User-Agent", ""))


def give_token(answer: Response, token: str) -> None:
    """Have a browser keep a session's token; scripts can't read it."""
    answer.set_cookie(
        COOKIE,
        token,
        max_age=LONGEST,
        httponly=True,
        secure=desk().settings.is_https,
        samesite="Lax",
    )


def take_token(answer: Response) -> None:
    """Have a browser forget a session's token."""
    answer.delete_cookie(COOKIE, httponly=True, secure=desk().settings.is_https, samesite="Lax")
