"""Reports: each a picture, a table and a CSV of the same figures."""

from flask import Blueprint, Response

from dealdesk.kernel.errors import NotFoundError
from dealdesk.reports.model import Report
from dealdesk.reports.pictures import picture
from dealdesk.reports.queries import REPORTS, get_report
from dealdesk.reports.tables import as_csv, cell_words
from dealdesk.web.access import requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session
from dealdesk.web.visitors import current_actor

blueprint = Blueprint("reports", __name__, url_prefix="/reports")
READ = "reports:report:read"


@blueprint.get("")
@requires(READ)
def list_page() -> str:
    """Show the pipeline, and lead to the other reports."""
    return _page(_report("pipeline"), "Reports")


@blueprint.get("/<key>")
@requires(READ)
def show(key: str) -> str:
    """Show one report."""
    report = _report(key)
    return _page(report, report.title)


@blueprint.get("/<key>.csv")
@requires(READ)
def table(key: str) -> Response:
    """Give a report's table as CSV."""
    answer = Response(as_csv(_report(key)), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{key}.csv")
    return answer


def _report(key: str) -> Report:
    if key not in REPORTS:
        raise NotFoundError.of("no-such-report", "There is no such report.")
    parts = desk()
    return get_report(
        session(), key, actor=current_actor(), rules=parts.rules, now=parts.clock.now()
    )


def _page(report: Report, title: str) -> str:
    return page(
        "reports/show.html",
        title,
        report=report,
        picture=picture(report),
        reports=[(key, words) for key, (words, _) in REPORTS.items()],
        cell_words=cell_words,
    )
