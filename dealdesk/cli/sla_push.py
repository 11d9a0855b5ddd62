"""`dealdesk sla push` and `sla drift`: bring a support system in line, and see who changed it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from dealdesk.cli.edge import NO, as_json, columns, emit, existing_file, say
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.located_yaml import read_text_file
from dealdesk.kernel.settings import read_secret
from dealdesk.sla.exporters.export import Options
from dealdesk.sla.exporters.severity_map import parse_severity_map
from dealdesk.sla.model import load_terms
from dealdesk.sla.push.client import Client
from dealdesk.sla.push.run import PUSHABLE, Job, access_to, drift, find_pushable, push

_OPTIONS = (
    click.option("--target", required=True, help=f"One of {', '.join(PUSHABLE)}."),
    click.option("--url", required=True, help="Where it is, such as https://name.zendesk.com."),
    click.option("--user", default="", help="The token's owner (Zendesk API tokens)."),
    click.option("--token-from", default="", help="The variable that holds the token."),
    click.option("--severity-map", default="", help="Such as sev1=urgent,sev2=high,sev3=normal."),
    click.option("--customer-id", default="", help="The customer's id in that system, if known."),
)


def _connection(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _job(terms_file: Path, given: dict[str, Any]) -> tuple[Client, Job]:
    target = given["target"]
    find_pushable(target)
    terms = load_terms(read_text_file(terms_file), str(terms_file))
    options = Options(parse_severity_map(given["severity_map"]), given["customer_id"])
    name = given["token_from"] or f"{target.upper()}_TOKEN"
    access = access_to(target, given["url"], given["user"], read_secret(name), name)
    return Client(access), Job(target, terms, options, datetime.now(UTC).date())


@click.command("push")
@click.argument("terms_file", type=existing_file)
@_connection
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@as_json
def push_command(terms_file: Path, *, dry_run: bool, as_json: bool, **given: Any) -> None:
    """Bring a support system in line with TERMS_FILE; a second push changes nothing."""
    client, job = _job(terms_file, given)
    done = push(client, job, is_dry=dry_run)
    if job.terms.effective_from > job.today:
        say(f"The term begins on {job.terms.effective_from}; {client.title} counts at once.")
    if job.terms.effective_until < job.today:
        say(f"The term ended on {job.terms.effective_until}; {client.title} counts on.")
    answer: dict[str, Json] = {
        "schema_version": "sla-push/1",
        "target": job.target,
        "dry_run": dry_run,
        "changes": [change.to_json() for change in done.changes],
        "left": list(done.left),
    }
    rows = [[c.action.value, c.kind, c.name, " ".join(c.details)] for c in done.changes]
    emit(answer, columns(["Action", "Kind", "Name", "What"], rows), json_wanted=as_json)
    if done.left:
        say(f"{client.title} took the changes but does not show all of them:")
        for sentence in done.left:
            say(sentence)
        raise SystemExit(NO)


@click.command("drift")
@click.argument("terms_file", type=existing_file)
@_connection
@as_json
def drift_command(terms_file: Path, *, as_json: bool, **given: Any) -> None:
    """Say what a support system has otherwise than TERMS_FILE; nothing is changed."""
    client, job = _job(terms_file, given)
    found = drift(client, job)
    answer: dict[str, Json] = {
        "schema_version": "sla-drift/1",
        "target": job.target,
        "agrees": not found,
        "findings": list(found),
    }
    table = "\n".join(found) or f"{client.title} says what the contract says."
    emit(answer, table, json_wanted=as_json)
    if found:
        raise SystemExit(NO)
