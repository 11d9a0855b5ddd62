"""`dealdesk worker`: do what the outbox promised, until interrupted."""

import os
import sys

import click

from dealdesk.cli.edge import say


@click.command("worker")
def worker() -> None:
    """Send mail, render files and run timers, until interrupted; several may run at once."""
    say("The worker runs. Stop it with Ctrl+C.")
    # Named, not imported: the worker is a layer of its own beside this one.
    os.execv(sys.executable, [sys.executable, "-m", "dealdesk.worker"])  # noqa: S606 - no shell
