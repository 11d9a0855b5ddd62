"""Errors as pages: what is wrong and what to do, in sentences."""

from collections.abc import Iterable

from flask import Flask, Response, make_response, redirect, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from dealdesk.kernel.database_errors import is_twice
from dealdesk.kernel.errors import (
    ConflictError,
    DomainError,
    NotFoundError,
    RefusedError,
    UnavailableError,
)
from dealdesk.kernel.languages import gettext_noop
from dealdesk.web.access import ANYBODY, needs_of
from dealdesk.web.edge import page
from dealdesk.web.languages import gettext
from dealdesk.web.visitors import find_actor

Answer = tuple[str, int]
_STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (NotFoundError, 404),
    (ConflictError, 409),
    (RefusedError, 409),
)
_PAGES = {
    401: (
        gettext_noop("Signed out"),
        gettext_noop(
            "You are signed out, so nothing was changed. Sign in, and repeat what you did."
        ),
    ),
    403: (
        gettext_noop("Not for your role"),
        gettext_noop(
            "Your role doesn't let you open this. An administrator can tell you whose it is."
        ),
    ),
    404: (
        gettext_noop("Not found"),
        gettext_noop("There is nothing at this address. Check it, or start from the deals."),
    ),
    405: (
        gettext_noop("Not possible here"),
        gettext_noop("This address can't be used that way. Start from the deals."),
    ),
    413: (
        gettext_noop("Too large"),
        gettext_noop("What was sent is too large. Send less at once."),
    ),
    421: (
        gettext_noop("Not at this name"),
        gettext_noop(
            "These pages are for this machine alone. Open them at 127.0.0.1, or set DEALDESK_HTTPS."
        ),
    ),
    500: (
        gettext_noop("Something went wrong"),
        gettext_noop("The fault is ours and is written down. Try again in a moment."),
    ),
    503: (
        gettext_noop("Not available now"),
        gettext_noop("The data can't be reached now. Try again in a moment."),
    ),
}
_LARGEST_ID = 2**31 - 1
_UNREADABLE = (
    gettext_noop("This can't be done"),
    gettext_noop("The request can't be read. Start from the deals."),
)


def error_page(status: int, title: str, sentences: Iterable[str]) -> Answer:
    """Return a page that says what is wrong."""
    return page("errors/page.html", title, sentences=list(sentences), status=status), status


def _listed(status: int) -> tuple[str, list[str]]:
    title, sentence = _PAGES.get(status, _UNREADABLE)
    return gettext(title), [gettext(sentence)]


def _is_in_address() -> bool:
    """Tell whether what is too large for the database stands in the request's address."""
    numbers = [one for one in (request.view_args or {}).values() if isinstance(one, int)]
    return request.method in {"GET", "HEAD"} or any(one > _LARGEST_ID for one in numbers)


def answer_errors(app: Flask) -> None:
    """Have the application answer errors with pages."""

    @app.errorhandler(DomainError)
    def domain(error: DomainError) -> Answer:
        status = next((code for kind, code in _STATUS if isinstance(error, kind)), 422)
        title = gettext("Not found") if status == 404 else gettext("This can't be done")  # noqa: PLR2004
        return error_page(status, title, (str(problem) for problem in error.problems))

    @app.errorhandler(UnavailableError)
    def unavailable(error: UnavailableError) -> Answer:
        # What exactly is away, and where, is for the log alone.
        app.logger.error("%s", error)
        return error_page(503, *_listed(503))

    @app.errorhandler(StaleDataError)
    def stale(_error: StaleDataError) -> Answer:
        sentence = gettext(
            "Somebody changed this meanwhile. Load the page again and look at what changed."
        )
        return error_page(409, gettext("Changed meanwhile"), [sentence])

    @app.errorhandler(IntegrityError)
    def twice(error: IntegrityError) -> Answer:
        if not is_twice(error):
            return fault(error)
        app.logger.warning("The same was done twice: %s", error.orig)
        sentence = gettext("The same was done a moment before. Load the page again to see it.")
        return error_page(409, gettext("Done already"), [sentence])

    @app.errorhandler(OverflowError)
    @app.errorhandler(DataError)
    def too_large(error: Exception) -> Answer:
        if not _is_in_address():
            return fault(error)
        app.logger.warning("A number in an address is too large: %s", error)
        sentence = gettext("That is larger than anything kept here. Check the address.")
        return error_page(404, gettext("Not found"), [sentence])

    @app.errorhandler(CSRFError)
    def csrf(error: CSRFError) -> Answer | Response:
        needs = needs_of(request.endpoint or "")
        if find_actor() is None and needs not in {"", ANYBODY}:
            # Signing out took the token with it: that they are signed out is what helps.
            return unsigned(error)
        sentence = gettext(
            "The page is older than your session. Load it again and repeat what you did."
        )
        return error_page(400, gettext("This page has expired"), [sentence])

    @app.errorhandler(401)
    def unsigned(_error: Exception) -> Answer | Response:
        target = url_for("sign_in.form_page", next=request.full_path.rstrip("?"))
        if request.headers.get("HX-Request"):
            if request.method == "POST":
                # Someone types: the page stays, and says beside the form that they are signed out.
                return Response(status=401)
            return Response(status=401, headers={"HX-Redirect": target})
        if request.method in {"GET", "HEAD"}:
            return make_response(redirect(target))
        return error_page(401, *_listed(401))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Answer:
        status = error.code or 500
        return error_page(status, *_listed(status))

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Answer:
        app.logger.error("A request failed", exc_info=error)
        return error_page(500, *_listed(500))
