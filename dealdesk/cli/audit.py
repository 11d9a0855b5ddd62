"""`dealdesk audit`: recompute the chains, anchor a day, erase words, export the events."""

import click

from dealdesk.audit.exports import as_csv, as_json_lines
from dealdesk.audit.operations import anchor_day, erase_names
from dealdesk.audit.queries import iterate_events
from dealdesk.audit.verification import verify
from dealdesk.cli.edge import NO, Commands, as_json, committed, emit, say
from dealdesk.identity.actors import SYSTEM
from dealdesk.kernel.clock import SystemClock
from dealdesk.kernel.engine import make_engine, sessions
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.settings import read_settings
from dealdesk.workflows.database import require_head


@click.group("audit", cls=Commands)
def audit() -> None:
    """Verify, anchor and export the record of events; erase words beside them."""


@audit.command("verify")
@as_json
def verify_command(*, as_json: bool) -> None:
    """Recompute every chain, anchor and name; exit status 1 where one is not what it was."""
    engine = make_engine(read_settings())
    require_head(engine)
    with sessions(engine)() as session:
        found = verify(session)
    answer: dict[str, Json] = {
        "schema_version": "audit-verification/1",
        "holds": not found.breaks,
        "events": found.events,
        "chains": found.chains,
        "anchors": found.anchors,
        "breaks": [
            {"stream": one.stream, "position": one.position, "sentence": one.sentence}
            for one in found.breaks
        ],
    }
    sentence = f"{found.events} events in {found.chains} chains, {found.anchors} anchors: " + (
        "all as they were written." if not found.breaks else "not as they were written."
    )
    emit(answer, "\n".join([sentence, *map(str, found.breaks)]), json_wanted=as_json)
    if found.breaks:
        raise SystemExit(NO)


@audit.command("anchor")
def anchor_command() -> None:
    """Anchor all chains for today and print the anchor's hash, which is worth keeping elsewhere."""
    engine = make_engine(read_settings())
    require_head(engine)
    with committed(sessions(engine, writes=True)()) as session:
        row = anchor_day(session, SystemClock().now())
        text = "Today is anchored already." if row is None else f"{row.day} {row.sha256}"
    click.echo(text)


@audit.command("erase")
@click.argument("text")
def erase_command(text: str) -> None:
    """Erase a name, or words, from beside all events; the events stay, and one says what went."""
    engine = make_engine(read_settings())
    require_head(engine)
    with committed(sessions(engine, writes=True)()) as session:
        count = erase_names(session, SYSTEM, text, SystemClock().now())
    say(f"Erased in {count} {'place' if count == 1 else 'places'}.")
    if not count:
        raise SystemExit(NO)


@audit.command("export")
@click.option("--form", type=click.Choice(["csv", "json"]), default="json", show_default=True)
def export_command(form: str) -> None:
    """Print every event in the order in which it was written: JSON or CSV, a line an event."""
    engine = make_engine(read_settings())
    require_head(engine)
    with sessions(engine)() as session:
        events = iterate_events(session)
        for line in as_csv(events) if form == "csv" else as_json_lines(events):
            click.echo(line, nl=False)
    say("That is all of them.")
