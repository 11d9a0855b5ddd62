"""Headers that every answer carries: a strict content policy with a nonce, and no leaks."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from werkzeug.sansio.utils import host_is_trusted

from dealdesk.web.desk import desk

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
# Without HTTPS the pages are for this machine alone; a foreign name that leads here is refused,
# so that no page, and no link in a mail, is ever made from what a request says.
LOOPBACK = ("127.0.0.1", "localhost")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def nonce() -> str:
    """Return this request's nonce for scripts."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def refuse_foreign_hosts(app: Flask) -> None:
    """Answer 421 to every name but our own: loopback, or with HTTPS the address that is set."""

    @app.before_request
    def check_host() -> None:
        settings = desk().settings
        own = (urlsplit(settings.address).netloc,) if settings.is_https else LOOPBACK
        if not host_is_trusted(request.host, own):
            abort(421)


def secure_answers(app: Flask) -> None:
    """Have every answer carry the headers."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY.format(nonce=nonce())
        for name, value in HEADERS.items():
            response.headers[name] = value
        if desk().settings.is_https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
