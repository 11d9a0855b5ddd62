"""The edge that every view shares: one session a request, one commit at the end of a change."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import render_template
from sqlalchemy.orm import Session

from dealdesk.kernel.engine import sessions
from dealdesk.outbox.operations import take_promised
from dealdesk.web.database import database
from dealdesk.web.desk import desk

_Params = ParamSpec("_Params")
_Result = TypeVar("_Result")


def session() -> Session:
    """Return the request's session; what is not committed at the request's end is left undone."""
    return database.session()


def transactional(view: Callable[_Params, _Result]) -> Callable[_Params, _Result]:
    """Wrap a view that changes something: committed once when it answers, else left undone."""

    @functools.wraps(view)
    def wrapped(*args: _Params.args, **kwargs: _Params.kwargs) -> _Result:
        unit = database.writing()
        answer = view(*args, **kwargs)
        unit.commit()
        for job in take_promised(unit):
            desk().queue.send(job)
        return answer

    return wrapped


def looked_up(read: Callable[[Session], _Result]) -> _Result:
    """Return what a read finds before the request's own session is opened.

    The request's session takes SQLite's write lock at its start or not at all.
    """
    with sessions(desk().engine)() as unit:
        return read(unit)


def aside(work: Callable[[Session], _Result]) -> _Result:
    """Commit a small write apart from the request's own and return what it finds.

    Such as when a session was last used, or that a password is tried: what takes long, or is
    refused afterwards, neither holds others up nor undoes it.
    """
    with sessions(desk().engine, writes=True)() as unit:
        found = work(unit)
        unit.commit()
    return found


def page(template: str, title: str, **context: object) -> str:
    """Return a page; `title` is its one h1 and stands first in the window's title."""
    return render_template(template, title=title, **context)
