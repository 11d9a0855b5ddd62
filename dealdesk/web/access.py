"""What a view needs: declared on it, enforced before it, and read by the test of all routes."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from flask import abort, current_app

from dealdesk.identity.permissions import PERMISSIONS
from dealdesk.web.visitors import can, find_actor

_Params = ParamSpec("_Params")
_Result = TypeVar("_Result")

NEEDS = "needs"
ANYBODY = "anybody"


def requires(
    permission: str,
) -> Callable[[Callable[_Params, _Result]], Callable[_Params, _Result]]:
    """Let a view be entered by those alone who have the permission on something.

    Whether they have it on the very thing is for the query that loads it: loading is authorising.
    The unsigned are led to sign in. Raise KeyError at import for a permission that there is not.
    """
    PERMISSIONS[permission]

    def mark(view: Callable[_Params, _Result]) -> Callable[_Params, _Result]:
        @functools.wraps(view)
        def wrapped(*args: _Params.args, **kwargs: _Params.kwargs) -> _Result:
            if find_actor() is None:
                abort(401)
            if not can(permission):
                abort(403)
            return view(*args, **kwargs)

        setattr(wrapped, NEEDS, permission)
        return wrapped

    return mark


def open_to_anybody(view: Callable[_Params, _Result]) -> Callable[_Params, _Result]:
    """Declare that a view needs nobody to be signed in."""
    setattr(view, NEEDS, ANYBODY)
    return view


def needs_of(endpoint: str) -> str:
    """Return what the view behind an endpoint declared, "" for nothing at all."""
    view = cast("Any", current_app.view_functions[endpoint])
    return str(getattr(view, NEEDS, ""))
