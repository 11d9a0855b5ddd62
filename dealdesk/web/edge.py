"""The edge that every view shares: one session a request, one commit at the end of a change."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from flask import Flask, g, render_template
from sqlalchemy.orm import Session

from dealdesk.kernel.engine import sessions
from dealdesk.web.desk import desk

_Params = ParamSpec("_Params")
_Result = TypeVar("_Result")


def session() -> Session:
    """Return the request's session, opened at its first use."""
    if "session" not in g:
        g.session = sessions(desk().engine, writes=g.get("writes", False))()
    return cast("Session", g.session)


def transactional(view: Callable[_Params, _Result]) -> Callable[_Params, _Result]:
    """Wrap a view that changes something: committed once when it answers, else left undone."""

    @functools.wraps(view)
    def wrapped(*args: _Params.args, **kwargs: _Params.kwargs) -> _Result:
        g.writes = True
        answer = view(*args, **kwargs)
        session().commit()
        return answer

    return wrapped


def page(template: str, title: str, **context: object) -> str:
    """Return a page; `title` is its one h1 and stands first in the window's title."""
    return render_template(template, title=title, **context)


def close_sessions(app: Flask) -> None:
    """Have each request let go of its session, and of what was not committed."""

    @app.teardown_request
    def close(_error: BaseException | None) -> None:
        opened = g.pop("session", None)
        if opened is not None:
            opened.close()
