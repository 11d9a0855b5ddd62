"""`dealdesk availability keep` and `responses`: can terms be kept, and support events in."""

import json
from pathlib import Path

import click

from dealdesk.availability.history_file import LONGEST, read_history
from dealdesk.availability.keep import Keep, KeptPeriod, can_we_keep
from dealdesk.availability.response_sources.events import Naming
from dealdesk.availability.response_sources.registry import (
    RESPONSE_SOURCES,
    read_events,
    responses_json,
)
from dealdesk.availability.sources.source import SourceFile
from dealdesk.availability.worksheet import percent_text
from dealdesk.clauses.scalars import read_money
from dealdesk.cli.edge import NO, as_json, columns, emit, existing_file, say
from dealdesk.cli.sla_inputs import read_instant, terms_from
from dealdesk.cli.whole_files import write_whole
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.located_yaml import read_text_file
from dealdesk.terms.formatting import format_money
from dealdesk.terms.locales import LOCALES


@click.command("keep")
@click.option("--terms", "terms_file", type=existing_file, required=True, help="Proposed terms.")
@click.option(
    "--history", "history_file", type=existing_file, required=True, help="history/1 JSON."
)
@click.option("--months", type=click.IntRange(1, 120), default=12, show_default=True)
@click.option("--fee", help="The fee of a period, such as “3936.00 USD”.")
@click.option("--observed", help="As of which instant; the end of the history by default.")
@as_json
def keep_command(
    *,
    terms_file: Path,
    history_file: Path,
    months: int,
    fee: str | None,
    observed: str | None,
    as_json: bool,
) -> None:
    """Say which past months would have missed proposed terms, and what they would have cost.

    Ends with 1 where a month would have been missed or is not covered.
    """
    terms = terms_from(terms_file)
    history = read_history(read_text_file(history_file, LONGEST), str(history_file))
    at = int(read_instant(observed).timestamp()) if observed else None
    answer = can_we_keep(terms, history, months, read_money(fee) if fee else None, at)
    emit(keep_json(answer), keep_text(answer), json_wanted=as_json)
    if not answer.is_kept:
        raise SystemExit(NO)


def keep_json(answer: Keep) -> dict[str, Json]:
    """Return the answer as documented JSON."""
    own = answer.terms.availability
    return {
        "schema_version": "availability-keep/1",
        "contract": answer.terms.id,
        "objective_percent": str(own.objective) if own else "",
        "kept": answer.is_kept,
        "periods": [_period_json(one) for one in answer.periods],
        "missed": [one.name for one in answer.missed],
        "not_covered": [one.name for one in answer.not_covered],
        "lowest_percent_exact": str(answer.lowest) if answer.lowest is not None else None,
        "credits_percent": str(answer.credit_percent),
        "chronic_failure_since": answer.chronic_since,
        "warnings": list(answer.warnings),
    }


def _period_json(one: KeptPeriod) -> Json:
    return {
        "name": one.name,
        "availability_percent_exact": str(one.percent) if one.percent is not None else None,
        "met": one.is_met,
        "down_seconds": str(one.down) if one.down is not None else None,
        "budget_seconds": str(one.budget) if one.budget is not None else None,
        "credit_percent": str(one.credit_percent),
        "credit": (
            {"amount": str(one.credit.amount), "currency": one.credit.currency}
            if one.credit
            else None
        ),
        "note": one.note,
    }


def keep_text(answer: Keep) -> str:
    """Return the answer for people."""
    rows = [_period_row(one) for one in answer.periods]
    known = len(answer.periods) - len(answer.not_covered)
    kept = known - len(answer.missed)
    lines = [columns(["Period", "Availability", "Verdict", "Down", "Allowed", "Credit"], rows), ""]
    lines.append(f"{kept} of {known} known periods would have been kept.")
    if answer.not_covered:
        lines.append(f"{len(answer.not_covered)} are not covered; nothing is said of them.")
    if answer.lowest is not None:
        lines.append(f"The worst was {percent_text(answer.lowest)} %.")
    if answer.chronic_since:
        lines.append(f"A right to end would have arisen at the end of {answer.chronic_since}.")
    return "\n".join([*lines, *answer.warnings])


def _period_row(one: KeptPeriod) -> list[str]:
    if one.percent is None or one.down is None or one.budget is None:
        return [one.name, "not covered", "", "", "", one.note]
    credit = f"{float(one.credit_percent):g} %" if one.credit_percent else ""
    if one.credit and one.credit_percent:
        credit += f", {format_money(one.credit, LOCALES['en'])}"
    verdict = "met" if one.is_met else "missed"
    down, allowed = f"{float(one.down):,.0f} s", f"{float(one.budget):,.1f} s"
    return [one.name, f"{percent_text(one.percent)} %", verdict, down, allowed, credit]


@click.command("responses")
@click.option("--from", "source", required=True, help=f"One of {', '.join(RESPONSE_SOURCES)}.")
@click.argument("files", nargs=-1, required=True, type=existing_file)
@click.option("--into", "out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--map", "mapped", multiple=True, help="Their name=our severity, such as urgent=sev1."
)
@click.option("--customer", default="", help="Whose tickets these are, where they don't say.")
def responses_command(
    *,
    source: str,
    files: tuple[Path, ...],
    out: Path,
    mapped: tuple[str, ...],
    customer: str,
) -> None:
    """Read support events of FILES into a responses/1 file, for a report's response compliance."""
    severities = {}
    for pair in mapped:
        theirs, equals, ours = pair.partition("=")
        if not (theirs and equals and ours):
            raise DomainError.of(
                "bad-map", f"“{pair}” maps nothing.", remedy="Write it as urgent=sev1."
            )
        severities[theirs] = ours
    named = Naming(severities, customer)
    events = read_events(source, [SourceFile(file) for file in files], named)
    text = json.dumps(responses_json(events), indent=1, ensure_ascii=False) + "\n"
    write_whole({out: text.encode()})
    say(f"{len(events)} events in {out}.")
