"""Our own fonts and static files, addressed by their content so that browsers may keep them."""

import gzip
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, send_from_directory, url_for

from dealdesk.kernel.hashing import sha256_bytes
from dealdesk.web.access import open_to_anybody

STATIC = Path(__file__).parent / "static"
FONTS = Path(__file__).parents[1] / "documents" / "assets" / "fonts"
A_YEAR = 31_536_000
_PACKED = frozenset({".css", ".js", ".svg"})

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


def pack_static_files(app: Flask) -> None:
    """Have style sheets and programs sent packed to whoever takes gzip.

    Pages are not: they hold secrets beside what an address says, and packing would tell them
    apart by length (BREACH).
    """
    app.after_request(_pack)


def _pack(answer: Response) -> Response:
    name = (request.view_args or {}).get("filename", "")
    if request.endpoint != "static" or Path(name).suffix not in _PACKED:
        return answer
    answer.vary.add("Accept-Encoding")
    if answer.status_code == 200 and request.accept_encodings["gzip"]:  # noqa: PLR2004 - whole
        answer.direct_passthrough = False
        answer.set_data(_packed(name))
        answer.content_encoding = "gzip"
        answer.headers.pop("ETag", None)
    return answer


@cache
def _packed(name: str) -> bytes:
    return gzip.compress((STATIC / name).read_bytes(), mtime=0)
