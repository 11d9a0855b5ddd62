"""`dealdesk db`: the database's schema."""

from datetime import datetime

import click
from sqlalchemy import Engine

from dealdesk.cli.edge import NO, Commands, committed
from dealdesk.kernel.clock import SystemClock
from dealdesk.kernel.engine import make_engine, sessions
from dealdesk.kernel.settings import read_settings
from dealdesk.workflows.database import current, head, upgrade
from dealdesk.workflows.deal_rulebook import Rules, load_rules
from dealdesk.workflows.summaries import list_behind, refresh_summaries

_AT_ONCE = 100


@click.group("db", cls=Commands)
def db() -> None:
    """Keep the database's schema up to date."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Bring the database to the newest schema, and what lists show to the present rules."""
    settings = read_settings()
    engine = make_engine(settings)
    before = current(engine)
    after = upgrade(engine)
    click.echo(f"The schema is at {after}{'' if before != after else ', as it was'}.")
    if count := _refresh(engine, load_rules(settings.library), SystemClock().now()):
        click.echo(f"What lists show was brought up to date for {count} deals.")


@db.command("current")
def current_command() -> None:
    """Say where the schema is; exit status 1 when it is not the newest."""
    found, newest = current(make_engine(read_settings())), head()
    if found == newest:
        click.echo(f"The schema is at {found}, the newest.")
        return
    click.echo(f"The schema is at {found or 'no revision'}; the newest is {newest}.")
    raise SystemExit(NO)


def _refresh(engine: Engine, rules: Rules, now: datetime) -> int:
    """Bring what lists show up to date, some deals at a time, so that others can write between."""
    count, done = 0, list[str]()
    while True:
        with committed(sessions(engine, writes=True)()) as session:
            numbers = list(list_behind(session, rules, now, _AT_ONCE))
            if not numbers or numbers == done:
                return count
            count, done = count + refresh_summaries(session, rules, numbers, now=now), numbers
