"""`dealdesk library import|export`: files and database, neither written over the other."""

from pathlib import Path

import click

from dealdesk.cli.edge import columns, committed, existing_dir
from dealdesk.identity.actors import SYSTEM
from dealdesk.kernel.clock import SystemClock
from dealdesk.kernel.engine import make_engine, sessions
from dealdesk.kernel.settings import read_settings
from dealdesk.workflows.database import require_head
from dealdesk.workflows.library_files import export_files, import_files, unnamed_files


@click.command("import")
@click.argument("folder", type=existing_dir, required=False)
def import_command(folder: Path | None) -> None:
    """Load the library's files: published into an empty database, else each change as a draft.

    Where a clause changed in the files and in the database, nothing is loaded and both are named.
    """
    settings = read_settings()
    engine = make_engine(settings)
    require_head(engine)
    with committed(sessions(engine, writes=True)()) as session:
        moved = import_files(session, SYSTEM, folder or settings.library, SystemClock().now())
    click.echo(columns(("Clause", "Outcome"), [(one.clause_id, one.outcome) for one in moved]))
    _tell_unnamed(folder or settings.library)


@click.command("export")
@click.argument("folder", type=existing_dir, required=False)
def export_command(folder: Path | None) -> None:
    """Write what is published last into the library's files; those that say the same stay."""
    settings = read_settings()
    engine = make_engine(settings)
    require_head(engine)
    with committed(sessions(engine, writes=True)()) as session:
        written = export_files(session, folder or settings.library, SystemClock().now())
    click.echo("\n".join(written) or "The files say what is published.")
    _tell_unnamed(folder or settings.library)


def _tell_unnamed(folder: Path) -> None:
    for name in unnamed_files(folder):
        click.echo(
            f"{name}: no position is called so; it is neither published nor deleted.", err=True
        )
