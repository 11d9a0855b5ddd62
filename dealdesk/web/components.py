"""A page that shows every component in every state."""

from flask import Blueprint

from dealdesk.web.access import requires
from dealdesk.web.edge import page
from dealdesk.web.standing import Status

blueprint = Blueprint("components", __name__)

STATUSES = (
    Status("ok", "Approved"),
    Status("info", "Fallback 1"),
    Status("wait", "Open"),
    Status("stop", "Blocked"),
    Status("quiet", "Version 3"),
)
COLOURS = (
    "paper", "ground", "sunken", "line", "ink", "soft", "accent", "ok", "info", "wait", "stop",
)  # fmt: skip


@blueprint.get("/components")
@requires("web:page:read")
def components() -> str:
    """Show the components."""
    return page("components/page.html", "Components", statuses=STATUSES, colours=COLOURS)
