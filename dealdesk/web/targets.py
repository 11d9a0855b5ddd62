"""Where a form leads back to: an address of ours, and no other."""

from urllib.parse import urlsplit

from flask import request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def local_target(address: str) -> str:
    """Return an address of ours to go on to; whatever may lead elsewhere becomes the start."""
    parts = urlsplit(address)
    is_ours = address.startswith("/") and not parts.scheme and not parts.netloc
    has_traps = address[1:2] in {"/", "\\"} or any(sign < " " or sign == "\\" for sign in address)
    return address if is_ours and not has_traps else "/"


def this_page() -> str:
    """Return the address that shows this page again, the start where only a form leads here."""
    if request.method in {"GET", "HEAD"}:
        return request.full_path.rstrip("?")
    adapter = request_ctx.url_adapter
    try:
        found = adapter is not None and bool(adapter.match(request.path, method="GET"))
    except (HTTPException, RequestRedirect):
        found = False
    return request.path if found else "/"
