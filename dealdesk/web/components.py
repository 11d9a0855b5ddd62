"""A page that shows every component in every state."""

from datetime import UTC, datetime

from flask import Blueprint

from dealdesk.approvals.request_queries import Said
from dealdesk.kernel.errors import Problem
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

PROBLEMS = (Problem("reason", "A rejection needs its reason.", remedy="Write a sentence."),)
_ASKED_AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
SAID = (
    Said(1, "question", "Emery Muster", "Two regions from the first day?", _ASKED_AT),
    Said(1, "answer", "Avery Seller", "From March on; the promise begins then.", _ASKED_AT),
)


@blueprint.get("/components")
@requires("web:page:read")
def components() -> str:
    """Show the components."""
    return page(
        "components/page.html",
        "Components",
        statuses=STATUSES,
        colours=COLOURS,
        problems=PROBLEMS,
        said=SAID,
    )
