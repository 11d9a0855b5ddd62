"""`dealdesk availability report`: a contract's availability in a period, to the second."""

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import click

from dealdesk.availability.history import read_history
from dealdesk.availability.report import Report, Step, report
from dealdesk.clauses.scalars import read_money
from dealdesk.cli.edge import Commands, as_json, columns, emit, existing_file
from dealdesk.cli.sla import read_instant, terms_from
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.located_yaml import read_text_file
from dealdesk.terms.formatting import format_money
from dealdesk.terms.locales import LOCALES

_HISTORY_LIMIT = 64 * 1024 * 1024


@click.group("availability", cls=Commands)
def availability() -> None:
    """Measure availability by a contract's own formula."""


@availability.command("report")
@click.option("--terms", "terms_file", type=existing_file, required=True, help="sla-terms.json")
@click.option("--history", "history_file", type=existing_file, required=True, help="history/1 JSON")
@click.option("--period", required=True, help="2028-02, 2028-Q1 or 2028.")
@click.option("--fee", help="The fee of the period, such as “3936.00 USD”, for the credit.")
@click.option("--observed", help="As of which instant; the end of the history by default.")
@as_json
def report_command(
    terms_file: Path,
    history_file: Path,
    period: str,
    fee: str | None,
    observed: str | None,
    *,
    as_json: bool,
) -> None:
    """Print the worksheet in seconds, the exact share, verdict, tier, credit and deadlines."""
    terms = terms_from(terms_file)
    history = read_history(read_text_file(history_file, _HISTORY_LIMIT), str(history_file))
    at = int(read_instant(observed).timestamp()) if observed else history.covered_until
    answer = report(terms, history, period, at, read_money(fee) if fee else None)
    emit(report_json(answer), report_text(answer), json_wanted=as_json)


def _instant(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _step(step: Step) -> Json:
    return {
        "kind": step.kind,
        "start": _instant(step.start),
        "end": _instant(step.end),
        "seconds": step.end - step.start,
        "weight": str(step.weight),
        "note": step.note,
    }


def report_json(answer: Report) -> dict[str, Json]:
    """Return the report as documented JSON; fractions are exact text "numerator/denominator"."""
    result = answer.result
    return {
        "schema_version": "availability-report/1",
        "contract": answer.terms.id,
        "revision": answer.terms.revision,
        "period": result.period.name,
        "observed_at": _instant(answer.observed),
        "contracted_seconds": result.uptime.contracted,
        "removed_seconds": result.uptime.removed,
        "down_seconds": str(result.uptime.down),
        "availability_percent_exact": str(result.uptime.percent),
        "availability_percent": percent_text(result.uptime.percent),
        "budget_seconds": str(result.budget),
        "met": result.is_met,
        "tier": (
            {"below_percent": str(result.tier.below), "credit_percent": str(result.tier.credit)}
            if result.tier
            else None
        ),
        "credit": (
            {"amount": str(answer.credit.amount), "currency": answer.credit.currency}
            if answer.credit
            else None
        ),
        "claim_until": answer.claim_until.isoformat() if answer.claim_until else None,
        "chronic_failure_since": answer.chronic_since,
        "worksheet": [_step(step) for step in answer.steps],
    }


def percent_text(percent: Fraction) -> str:
    """Return a share in percent with four places; for display only."""
    return f"{float(round(percent, 4)):.4f}"


def report_text(answer: Report) -> str:
    """Return the report for people."""
    result = answer.result
    verdict = "met" if result.is_met else "missed"
    rows = [
        ["Contracted", f"{result.uptime.contracted:,} s"],
        ["Maintenance removed", f"{result.uptime.removed:,} s"],
        ["Down", f"{result.uptime.down} s"],
        ["Allowed", f"{result.budget} s"],
        ["Availability", f"{percent_text(result.uptime.percent)} % ({result.uptime.percent})"],
        ["Objective", f"{answer.objective} %, {verdict}"],
    ]
    if result.tier:
        rows.append(["Tier", f"below {result.tier.below} %: {result.tier.credit} %"])
    if answer.credit:
        rows.append(["Credit", format_money(answer.credit, LOCALES["en"])])
    if answer.claim_until:
        rows.append(["Claim until", answer.claim_until.isoformat()])
    rows.append(
        [
            "Chronic failure",
            f"since the end of {answer.chronic_since}" if answer.chronic_since else "no",
        ]
    )
    steps = [
        [s.kind, _instant(s.start), _instant(s.end), str(s.end - s.start), str(s.weight), s.note]
        for s in answer.steps
    ]
    head = columns([answer.terms.id, result.period.name], rows)
    if not steps:
        return head
    sheet = columns(["Span", "From", "Until", "Seconds", "Weight", "Note"], steps)
    return f"{head}\n\n{sheet}"
