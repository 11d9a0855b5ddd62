"""A page that shows every component in every state."""

from datetime import UTC, date, datetime
from decimal import Decimal

from flask import Blueprint
from markupsafe import Markup

from dealdesk.approvals.request_queries import Said
from dealdesk.deals.periods import Period
from dealdesk.kernel.errors import Problem
from dealdesk.kernel.hashing import sha256_text
from dealdesk.kernel.languages import gettext_noop
from dealdesk.reports.model import Bar, Column, Report, Unit
from dealdesk.reports.pictures import picture
from dealdesk.terms.money import Money
from dealdesk.web.access import requires
from dealdesk.web.edge import page
from dealdesk.web.languages import current_language, gettext
from dealdesk.web.reports import report_in_words
from dealdesk.web.standing import Status

blueprint = Blueprint("components", __name__)

STATUSES = (
    Status("ok", gettext_noop("Approved")),
    Status("info", gettext_noop("Fallback 1")),
    Status("wait", gettext_noop("Open")),
    Status("stop", gettext_noop("Blocked")),
    Status("quiet", gettext_noop("Version 3")),
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
# What a component says beside its own words is made up, and data as on any page.
SAMPLE = {
    "customer": "Placeholder Robotics AG",
    "deal": "Three-year ramp with 99.95 % and escrow",
    "owner": "Avery Seller",
    "amount": Money(Decimal("720990.00"), "USD"),
    "share": Decimal(28),
    "says": ("99.9 % each calendar month", "99.95 % each calendar month"),
    "passage": Markup(
        "Provider answers Sev1 within <del>1 hour</del><ins>30 minutes</ins>, day and night."
    ),
    "reason": "The promise is above 99.9 %.",
    "years": (
        Period(date(2027, 7, 1), date(2028, 6, 30)),
        Period(date(2028, 7, 1), date(2029, 6, 30)),
    ),
    "amounts": tuple(Money(Decimal(one), "USD") for one in ("182330.00", "240330.00", "422660.00")),
    "sha256": sha256_text("A made-up file"),
}
REPORT = Report(
    key="components",
    title=gettext_noop("Cycle time by stage"),
    about="",
    columns=(Column(gettext_noop("Stage")), Column(gettext_noop("Median"), Unit.SECONDS)),
    rows=(),
    bars=(
        Bar(gettext_noop("Draft"), 250_000, 610_000),
        Bar(gettext_noop("Negotiation"), 900_000, 1_500_000),
        Bar(gettext_noop("Signature"), 90_000, 130_000),
    ),
    drawn=Unit.SECONDS,
    drawn_as=gettext_noop("Median, with a line at the 90th percentile"),
)


@blueprint.get("/components")
@requires("web:page:read")
def components() -> str:
    """Show the components."""
    report = report_in_words(REPORT)
    return page(
        "components/page.html",
        gettext("Components"),
        sample=SAMPLE,
        report=report,
        picture=picture(report, current_language()),
        statuses=STATUSES,
        colours=COLOURS,
        problems=PROBLEMS,
        said=SAID,
    )
