"""`dealdesk sla portfolio`: the agreements of a folder, strictest promises, what is at stake."""

import csv
from collections.abc import Mapping
from pathlib import Path

import click

from dealdesk.availability.exposure import Exposed, Outage
from dealdesk.availability.history_file import LONGEST, read_history
from dealdesk.availability.portfolio import Portfolio, Strictest, portfolio
from dealdesk.availability.staffing import Staffing, week_text
from dealdesk.availability.worksheet import percent_text
from dealdesk.clauses.scalars import read_money
from dealdesk.cli.edge import as_json, columns, emit, existing_dir, existing_file
from dealdesk.cli.sla_inputs import read_instant, read_length, terms_from
from dealdesk.kernel.errors import DomainError, Place, Problem
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.located_yaml import read_text_file
from dealdesk.sla.json_values import target_json
from dealdesk.sla.model import SlaTerms
from dealdesk.sla.promises import amount_words
from dealdesk.terms.calendars import is_zone
from dealdesk.terms.formatting import format_money
from dealdesk.terms.locales import LOCALES
from dealdesk.terms.money import Money


@click.command("portfolio")
@click.argument("folder", type=existing_dir)
@click.option("--at", "at_text", required=True, help="When an outage would begin, with its zone.")
@click.option("--outage", default="4h", help="How long it would last: 30m, 4h, 1d.")
@click.option("--history", "history_file", type=existing_file, help="What the period has brought.")
@click.option("--fees", "fees_file", type=existing_file, help="CSV: agreement,amount,currency.")
@click.option("--zone", default="UTC", help="In which staffing hours are shown.")
@as_json
def portfolio_command(
    *,
    folder: Path,
    at_text: str,
    outage: str,
    history_file: Path | None,
    fees_file: Path | None,
    zone: str,
    as_json: bool,
) -> None:
    """Read every sla-terms JSON under FOLDER: promises, staffing, and what an outage would cost."""
    if not is_zone(zone):
        raise DomainError.of("bad-zone", f"“{zone}” is not a time zone.")
    history = (
        read_history(read_text_file(history_file, LONGEST), str(history_file))
        if history_file
        else None
    )
    fees = fees_from(fees_file) if fees_file else None
    begins = Outage(read_instant(at_text), read_length(outage), history, fees)
    found = portfolio(terms_under(folder), begins, zone)
    emit(portfolio_json(found), portfolio_text(found, zone), json_wanted=as_json)


def terms_under(folder: Path) -> list[SlaTerms]:
    """Return the terms of every JSON file under a folder. Raise DomainError with every fault."""
    files = sorted(folder.rglob("*.json"))
    terms, problems = list[SlaTerms](), list[Problem]()
    for file in files:
        try:
            terms.append(terms_from(file))
        except DomainError as error:
            problems += error.problems
    if problems:
        raise DomainError(problems)
    if not terms:
        raise DomainError.of("no-terms", f"There is no JSON file under {folder}.")
    return terms


def fees_from(path: Path) -> Mapping[str, Money]:
    """Return the fee of a period by agreement. Raise DomainError naming the line of a fault."""
    rows = csv.DictReader(read_text_file(path).splitlines())
    wanted = {"agreement", "amount", "currency"}
    if not wanted <= set(rows.fieldnames or ()):
        message = "The first line names no agreement, amount and currency."
        raise DomainError.of("bad-fees", message, place=Place(str(path), 1))
    fees = {}
    for row in rows:
        try:
            fees[row["agreement"]] = read_money(f"{row['amount']} {row['currency']}")
        except DomainError as error:
            message = error.problems[0].message
            raise DomainError.of(
                "bad-fees", message, place=Place(str(path), rows.line_num)
            ) from error
    return fees


def portfolio_json(found: Portfolio) -> dict[str, Json]:
    """Return the portfolio as documented JSON."""
    return {
        "schema_version": "sla-portfolio/1",
        "agreements": list(found.agreements),
        "levels": [
            {"objective_percent": str(one.objective), "agreements": list(one.agreements)}
            for one in found.levels
        ],
        "strictest": [
            {
                "severity": one.severity,
                "metric": one.metric,
                "amount": target_json(one.target.amount),
                "calendar": one.target.calendar,
                "agreements": list(one.agreements),
                "promised_to": one.promised_to,
            }
            for one in found.strictest
        ],
        "staffing": [
            {
                "severity": one.severity,
                "always": one.calendar is None,
                "hours_a_week": str(one.hours),
                "week": [{"start_epoch": a, "end_epoch": b} for a, b in one.week],
            }
            for one in found.staffing
        ],
        "exposure": [_exposed_json(one) for one in found.exposure],
        "credits": [
            {"amount": str(one.amount), "currency": one.currency} for one in found.credits()
        ],
    }


def _exposed_json(one: Exposed) -> Json:
    return {
        "agreement": one.agreement,
        "period": one.period,
        "availability_percent_before": str(one.percent_before),
        "availability_percent_after": str(one.percent_after),
        "met_after": one.is_met_after,
        "credit_percent": str(one.credit_percent),
        "credit": (
            {"amount": str(one.credit.amount), "currency": one.credit.currency}
            if one.credit
            else None
        ),
    }


def portfolio_text(found: Portfolio, zone: str) -> str:
    """Return the portfolio for people."""
    tables = [
        (
            ["Availability", "Agreements", "Which"],
            [
                [f"{one.objective} %", str(len(one.agreements)), ", ".join(one.agreements)]
                for one in found.levels
            ],
        ),
        (
            ["Severity", "Strictest", "Within", "Calendar", "Held by"],
            [_strictest_row(one) for one in found.strictest],
        ),
        (
            ["Staffing for", "Hours a week", f"When ({zone})"],
            [_staffing_row(one, zone) for one in found.staffing],
        ),
        (
            ["Outage hits", "Period", "Would be", "Then", "Credit", "Amount"],
            [_exposed_row(one) for one in found.exposure],
        ),
    ]
    shown = [columns(head, rows) for head, rows in tables if rows]
    sums = ", ".join(format_money(one, LOCALES["en"]) for one in found.credits())
    if sums:
        shown.append(f"Credits at stake: {sums}.")
    return "\n\n".join(shown) or "No agreement is in force then."


def _strictest_row(one: Strictest) -> list[str]:
    held = f"{len(one.agreements)} of {one.promised_to}"
    within = amount_words(one.target.amount)
    return [one.severity, one.metric.replace("_", " "), within, one.target.calendar, held]


def _staffing_row(one: Staffing, zone: str) -> list[str]:
    when = "day and night" if one.calendar is None else "; ".join(week_text(one, zone))
    return [one.severity, f"{float(one.hours):g}", when]


def _exposed_row(one: Exposed) -> list[str]:
    return [
        one.agreement,
        one.period,
        f"{percent_text(one.percent_after)} %",
        "met" if one.is_met_after else "missed",
        f"{float(one.credit_percent):g} %",
        format_money(one.credit, LOCALES["en"]) if one.credit else "",
    ]
