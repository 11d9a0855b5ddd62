"""Our own fonts and static files, addressed by their content so that browsers may keep them."""

from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory, url_for

from dealdesk.kernel.hashing import sha256_bytes
from dealdesk.web.access import open_to_anybody

STATIC = Path(__file__).parent / "static"
FONTS = Path(__file__).parents[1] / "documents" / "assets" / "fonts"
A_YEAR = 31_536_000

blueprint = Blueprint("assets", __name__)


@blueprint.get("/fonts/<name>")
@open_to_anybody
def font(name: str) -> Response:
    """Give one of the shipped fonts."""
    if name not in {path.name for path in FONTS.glob("*.ttf")}:
        abort(404)
    return send_from_directory(FONTS, name, mimetype="font/ttf", max_age=A_YEAR)


@cache
def fingerprint(name: str) -> str:
    """Return the start of a static file's hash."""
    return sha256_bytes((STATIC / name).read_bytes())[:12]


def asset(name: str) -> str:
    """Return the address of a static file in its present content."""
    return url_for("static", filename=name, v=fingerprint(name))
