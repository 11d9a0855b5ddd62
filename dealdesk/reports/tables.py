"""Reports as CSV, and cells as words."""

import csv
import io
from decimal import Decimal

from dealdesk.reports.model import Cell, Report, Unit
from dealdesk.terms.formatting import format_duration, format_money, format_number
from dealdesk.terms.locales import locale_of
from dealdesk.terms.money import Money
from dealdesk.terms.values import Duration
from dealdesk.terms.values import Unit as DurationUnit

# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NAMES = {Unit.SECONDS: " (seconds)", Unit.SHARE: " (percent)"}
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def as_csv(report: Report) -> str:
    """Return a report's table as CSV: exact numbers, units in the head, no formulas."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    names = {**_NAMES, Unit.MONEY: f" ({report.currency})"}
    writer.writerow([column.title + names.get(column.unit, "") for column in report.columns])
    for row in report.rows:
        writer.writerow(
            [_exact(cell, column.unit) for cell, column in zip(row, report.columns, strict=True)]
        )
    return buffer.getvalue()


def _exact(cell: Cell, unit: Unit) -> str:
    match cell:
        case None:
            return ""
        case str():
            return f"'{cell}" if cell.startswith(_FORMULA) else cell
        case _ if unit is Unit.MONEY:
            return str(Decimal(cell).scaleb(-2))
        case _ if unit is Unit.SHARE:
            return str(Decimal(cell).scaleb(-1))
    return str(cell)


def cell_words(cell: Cell, unit: Unit, currency: str, language: str = "en") -> str:
    """Return a cell as people of a language read it; words stay as they are."""
    locale = locale_of(language)
    match cell:
        case None:
            return "–"
        case str():
            return cell
        case _ if unit is Unit.MONEY:
            return format_money(Money(Decimal(cell).scaleb(-2), currency), locale)
        case _ if unit is Unit.SHARE:
            return f"{Decimal(cell).scaleb(-1)} %".replace(".", locale.decimal_mark)
        case _ if unit is Unit.SECONDS:
            return duration(cell, language)
    return format_number(Decimal(cell), locale)


def duration(seconds: int, language: str = "en") -> str:
    """Return a duration in its two largest units: 3 days 4 h, 5 h 10 min, 12 min."""
    days, rest = divmod(seconds, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes = rest // _MINUTE
    if days:
        whole = format_duration(Duration(days, DurationUnit.DAYS), locale_of(language))
        return f"{whole} {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
