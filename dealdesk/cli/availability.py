"""`dealdesk availability …`: history in, a contract's report out, and whether terms can be kept."""

import json
from pathlib import Path

import click

from dealdesk.availability.history import History
from dealdesk.availability.history_file import LONGEST, from_epoch, read_history
from dealdesk.availability.history_json import history_json
from dealdesk.availability.record import Merged, merge
from dealdesk.availability.report import Question, report_on
from dealdesk.availability.response_sources.registry import read_responses
from dealdesk.availability.sources.registry import SOURCES, read_source
from dealdesk.availability.sources.source import SourceFile, Taken
from dealdesk.availability.worksheet import report_csv, report_json
from dealdesk.clauses.scalars import read_money
from dealdesk.cli.availability_more import keep_command, responses_command
from dealdesk.cli.availability_text import report_text
from dealdesk.cli.edge import Commands, as_json, emit, existing_file
from dealdesk.cli.sla_inputs import read_instant, terms_from
from dealdesk.cli.whole_files import write_whole
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.located_yaml import read_text_file


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
