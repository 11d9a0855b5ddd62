"""`dealdesk user`: add people, where nobody can sign in yet to do it."""

import click

from dealdesk.cli.edge import Commands, columns, committed, say
from dealdesk.identity.actors import SYSTEM
from dealdesk.identity.operations import NewPerson, add_user
from dealdesk.identity.queries import list_people
from dealdesk.identity.roles import ROLES
from dealdesk.kernel.clock import SystemClock
from dealdesk.kernel.engine import make_engine, sessions
from dealdesk.kernel.settings import read_settings
from dealdesk.workflows.database import require_head


@click.group("user", cls=Commands)
def user() -> None:
    """Add and list people."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="How others read them.")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(list(ROLES)), help="A role."
)
@click.option("--team", default="", help="The team they work in.")
@click.password_option(help="Asked for where it isn't given; better not given.")
def add_command(email: str, name: str, roles: tuple[str, ...], team: str, password: str) -> None:
    """Add a person with a password."""
    engine = make_engine(read_settings())
    require_head(engine)
    person = NewPerson(email, name, roles, team, password)
    with committed(sessions(engine, writes=True)()) as session:
        row = add_user(session, SYSTEM, person, SystemClock().now())
        added = f"{row.name} may sign in as {row.email}."
    say(added)


@user.command("list")
def list_command() -> None:
    """List everybody with their roles."""
    engine = make_engine(read_settings())
    require_head(engine)
    with sessions(engine)() as session:
        people = list_people(session)
    rows = [
        (one.name, one.email, ", ".join(one.roles), "no" if one.deactivated_at else "yes")
        for one in people
    ]
    click.echo(columns(("Name", "Address", "Roles", "Active"), rows))
