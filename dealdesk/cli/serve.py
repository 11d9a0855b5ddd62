"""`dealdesk serve`: the web application on this machine, with a worker beside it."""

import errno
import os
import socket
import subprocess
import sys

import click

from dealdesk.cli.edge import NO, fail, say
from dealdesk.kernel.engine import make_engine
from dealdesk.kernel.settings import PROJECT, environment_at, read_settings
from dealdesk.workflows.database import require_head

LOOPBACK = "127.0.0.1"
PORT = 8000
LAST_PORT = 65535


@click.command("serve")
@click.option("--port", type=click.IntRange(1, LAST_PORT), default=PORT, show_default=True)
@click.option("--worker/--no-worker", default=True, help="Keep a worker beside it (the default).")
def serve(port: int, *, worker: bool) -> None:
    """Serve the pages on 127.0.0.1 until interrupted, with a worker."""
    require_head(make_engine(read_settings()))
    _require_free(port)
    say(f"DealDesk is at http://{LOOPBACK}:{port}/deals. Stop it with Ctrl+C.")
    # Links on the server's pages and in the worker's mail lead to this very port.
    environment = environment_at(f"http://{LOOPBACK}:{port}")
    if worker:
        # It watches this process, which becomes the web server under the same id.
        watching = [
            sys.executable,
            "-m",
            "dealdesk.worker.supervisor",
            "--parent",
            str(os.getpid()),
        ]
        subprocess.Popen(watching, cwd=PROJECT, env=environment)  # noqa: S603 - our own interpreter, no shell
    # The application is named, not imported: the web is a layer of its own beside this one.
    gunicorn = [
        sys.executable, "-m", "gunicorn", "--chdir", str(PROJECT),
        "--bind", f"{LOOPBACK}:{port}", "--workers", "1", "--threads", "4",
        # The longest that gunicorn takes: beyond it, it answers by itself.
        "--limit-request-line", "8190",
        "--log-level", "warning", "wsgi:application",
    ]  # fmt: skip
    os.execve(sys.executable, gunicorn, environment)  # noqa: S606 - our own interpreter, no shell


def _require_free(port: int) -> None:
    """End with a sentence where something else listens on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        # As the web server itself does: what an ended server left waiting is no obstacle.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((LOOPBACK, port))
        except OSError as error:
            other = port + 1 if port < LAST_PORT else port - 1
            is_taken = error.errno == errno.EADDRINUSE
            why = "is taken, perhaps by another DealDesk" if is_taken else f"is {error.strerror}"
            fail(
                f"Port {port} {why}. Stop what uses it, or choose another:"
                f" ./run serve --port {other}",
                NO,
            )
