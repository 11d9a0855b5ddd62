"""Reports: each a picture, a table and a CSV of the same figures."""

import re
from dataclasses import replace
from functools import partial

from flask import Blueprint, Response

from dealdesk.kernel.errors import NotFoundError
from dealdesk.reports.model import Cell, Report
from dealdesk.reports.pictures import picture
from dealdesk.reports.queries import REPORTS, get_report
from dealdesk.reports.tables import as_csv, cell_words
from dealdesk.web.access import requires
from dealdesk.web.desk import desk
from dealdesk.web.edge import page, session
from dealdesk.web.languages import current_language, gettext
from dealdesk.web.visitors import current_actor

blueprint = Blueprint("reports", __name__, url_prefix="/reports")
_FALLBACK = re.compile(r"Fallback (\d+)", re.ASCII)
READ = "reports:report:read"


@blueprint.get("")
@requires(READ)
def list_page() -> str:
    """Show the pipeline, and lead to the other reports."""
    return _page(_report("pipeline"), gettext("Reports"))


@blueprint.get("/<key>")
@requires(READ)
def show(key: str) -> str:
    """Show one report."""
    report = _report(key)
    return _page(report, gettext(report.title))


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
    shown, language = report_in_words(report), current_language()
    return page(
        "reports/show.html",
        title,
        report=shown,
        picture=picture(shown, language),
        reports=[(key, gettext(words)) for key, (words, _) in REPORTS.items()],
        cell_words=partial(cell_words, language=language),
    )


def report_in_words(report: Report) -> Report:
    """Return a report with its words in the page's language; names and titles stay."""
    return replace(
        report,
        title=gettext(report.title),
        about=gettext(report.about),
        columns=tuple(replace(one, title=gettext(one.title)) for one in report.columns),
        rows=tuple(tuple(_cell(one) for one in row) for row in report.rows),
        bars=tuple(replace(one, label=gettext(one.label)) for one in report.bars),
        drawn_as=gettext(report.drawn_as),
    )


def _cell(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    if found := _FALLBACK.fullmatch(cell):
        return gettext("Fallback %(number)d", number=int(found[1]))
    return gettext(cell)
