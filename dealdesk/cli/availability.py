"""`dealdesk availability …`: history in, a contract's report out, and whether terms can be kept."""

import json
from pathlib import Path

import click

from dealdesk.availability.history import History
from dealdesk.availability.history_file import LONGEST, from_epoch, history_json, read_history
from dealdesk.availability.measuring import Part
from dealdesk.availability.record import Merged, merge
from dealdesk.availability.report import Question, Report, report_on
from dealdesk.availability.response_sources.registry import read_responses
from dealdesk.availability.sources.registry import SOURCES, read_source
from dealdesk.availability.sources.source import SourceFile, Taken
from dealdesk.availability.worksheet import percent_text, report_csv, report_json
from dealdesk.clauses.scalars import read_money
from dealdesk.cli.availability_more import keep_command, responses_command
from dealdesk.cli.edge import Commands, as_json, columns, emit, existing_file
from dealdesk.cli.sla_inputs import read_instant, terms_from
from dealdesk.cli.whole_files import write_whole
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.located_yaml import read_text_file
from dealdesk.terms.formatting import format_money
from dealdesk.terms.locales import LOCALES


@click.group("availability", cls=Commands)
def availability() -> None:
    """Measure availability by a contract's own formula."""


for _command in (keep_command, responses_command):
    availability.add_command(_command)


def history_from(path: Path) -> History:
    """Return the history in a file. Raise DomainError with every fault."""
    return read_history(read_text_file(path, LONGEST), str(path))


terms_option = click.option(
    "--terms",
    "terms_files",
    type=existing_file,
    required=True,
    multiple=True,
    help="sla-terms.json; once for each revision that was in force in the period.",
)
history_option = click.option(
    "--history", "history_file", type=existing_file, required=True, help="history/1 JSON."
)
fee_option = click.option(
    "--fee", help="The fee of the period, such as “3936.00 USD”, for the credit."
)
observed_option = click.option(
    "--observed", help="As of which instant; the end of the history by default."
)


@availability.command("report")
@terms_option
@history_option
@click.option("--period", required=True, help="2028-02, 2028-Q1 or 2028.")
@fee_option
@observed_option
@click.option(
    "--responses", "responses_file", type=existing_file, help="responses/1 JSON, to be judged too."
)
@click.option("--to-date", is_flag=True, help="Measure a period that is not over, so far.")
@click.option(
    "--csv", "csv_file", type=click.Path(path_type=Path, dir_okay=False), help="Worksheet as CSV."
)
@as_json
def report_command(
    *,
    terms_files: tuple[Path, ...],
    history_file: Path,
    period: str,
    fee: str | None,
    observed: str | None,
    csv_file: Path | None,
    responses_file: Path | None,
    to_date: bool,
    as_json: bool,
) -> None:
    """Print the worksheet in seconds, the exact share, verdict, tier, credit and deadlines."""
    revisions = [terms_from(file) for file in terms_files]
    history = history_from(history_file)
    at = int(read_instant(observed).timestamp()) if observed else history.covered_until
    money = read_money(fee) if fee else None
    events = (
        read_responses(read_text_file(responses_file, LONGEST), str(responses_file))
        if responses_file
        else None
    )
    answer = report_on(revisions, history, Question(period, at, money, events, to_date))
    if csv_file is not None:
        write_whole({csv_file: report_csv(answer).encode()})
    emit(report_json(answer), report_text(answer), json_wanted=as_json)


def report_text(answer: Report) -> str:
    """Return the report for people."""
    result = answer.result
    rows = [
        ["Contracted", f"{result.uptime.contracted:,} s"],
        ["Removed", f"{result.uptime.removed:,} s"],
        ["Down", f"{result.uptime.down} s"],
        ["Allowed", f"{result.budget} s"],
        ["Availability", f"{percent_text(result.uptime.percent)} % ({result.uptime.percent})"],
        ["Objective", f"{answer.objective} %, {'met' if result.is_met else 'missed'}"],
        *(["Note", warning] for warning in answer.warnings),
        *_credit_rows(answer),
        *_response_rows(answer),
        *_chronic_rows(answer),
    ]
    steps = [
        [
            step.kind, from_epoch(step.start), from_epoch(step.end), str(step.end - step.start),
            str(step.weight), step.note,
        ]
        for step in answer.steps
    ]  # fmt: skip
    head = columns([answer.terms.id, result.period.name], rows)
    if not steps:
        return head
    sheet = columns(["Span", "From", "Until", "Seconds", "Weight", "Note"], steps)
    return f"{head}\n\n{sheet}"


def _part_row(part: Part) -> list[str]:
    share, wanted = percent_text(part.uptime.percent), part.in_force.availability.objective
    return [
        f"Revision {part.in_force.terms.revision}",
        f"from {from_epoch(part.in_force.span.start)}: {share} % of {wanted} %, "
        + ("met" if part.is_met else "missed"),
    ]


def _credit_rows(answer: Report) -> list[list[str]]:
    rows = []
    if len(answer.result.parts) > 1:
        rows += [_part_row(part) for part in answer.result.parts]
    if answer.result.tier:
        tier = answer.result.tier
        rows.append(["Tier", f"below {tier.below} %: {tier.credit} %"])
    rows += [["Credit for", line.reason] for line in (answer.sheet.lines if answer.sheet else ())]
    if answer.credit:
        rows.append(["Credit", format_money(answer.credit, LOCALES["en"])])
    if answer.claim_until:
        rows.append(["Claim until", answer.claim_until.isoformat()])
    return rows


def _response_rows(answer: Report) -> list[list[str]]:
    kept = answer.compliance
    if kept is None:
        return []
    late = ", ".join(one.event.ticket for one in kept.missed)
    words = f"{len(kept.counted) - len(kept.missed)} of {len(kept.counted)} in time"
    share = f"{percent_text(kept.percent)} %, {'met' if kept.is_met else 'missed'}"
    return [["Responses", f"{words} ({share})"], *([["Late", late]] if late else [])]


def _chronic_rows(answer: Report) -> list[list[str]]:
    state = answer.chronic
    if state is None:
        return [["Chronic failure", "no right is agreed"]]
    if state.since:
        until = f", to be used until {state.use_until}" if state.use_until else ""
        return [["Chronic failure", f"since the end of {state.since}{until}"]]
    missed = ", ".join(state.misses) or "none"
    return [["Chronic failure", f"no; missed: {missed}; {state.more} more would give the right"]]


@availability.command("import")
@click.option("--from", "source", required=True, help=f"One of {', '.join(SOURCES)}.")
@click.argument("files", nargs=-1, required=True, type=existing_file)
@click.option(
    "--into",
    "record_file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The record, history/1 JSON; made where it is missing.",
)
@click.option("--at", help="When the files were taken, where they don't say so.")
@click.option("--since", help="Since when they tell everything, where they don't say so.")
@as_json
def import_command(
    *,
    source: str,
    files: tuple[Path, ...],
    record_file: Path,
    at: str | None,
    since: str | None,
    as_json: bool,
) -> None:
    """Add what FILES of a status page or monitor show to a record that is only ever added to."""
    taken = Taken(_epoch(at), _epoch(since))
    reading = read_source(source, [SourceFile(file) for file in files], taken)
    merged = merge(history_from(record_file) if record_file.exists() else None, reading)
    text = json.dumps(history_json(merged.history), indent=1, ensure_ascii=False) + "\n"
    write_whole({record_file: text.encode()})
    history = merged.history
    answer: dict[str, Json] = {
        "schema_version": "availability-import/1",
        "source": source,
        "taken_at": from_epoch(reading.at),
        "added": merged.added,
        "corrected": merged.corrected,
        "withdrawn": merged.withdrawn,
        "covered": {
            "from": from_epoch(history.covered_from),
            "until": from_epoch(history.covered_until),
        },
        "gaps": [{"start": from_epoch(a), "end": from_epoch(b)} for a, b in history.gaps],
    }
    emit(answer, _import_text(merged), json_wanted=as_json)


def _epoch(text: str | None) -> int | None:
    return int(read_instant(text).timestamp()) if text else None


def _import_text(merged: Merged) -> str:
    history = merged.history
    since, until = from_epoch(history.covered_from), from_epoch(history.covered_until)
    lines = [
        f"{merged.added} added, {merged.corrected} corrected, {merged.withdrawn} withdrawn.",
        f"Covered from {since} to {until}.",
    ]
    lines += [f"Not covered from {from_epoch(a)} to {from_epoch(b)}." for a, b in history.gaps]
    return "\n".join(lines)
