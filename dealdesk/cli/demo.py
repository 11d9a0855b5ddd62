"""`dealdesk demo`: drive the main job once and leave its products in out/demo."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import click

from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.cli.demo_index import index_html
from dealdesk.cli.quote import CATALOGUE_FILE, POLICY_FILE
from dealdesk.cli.whole_files import write_whole
from dealdesk.deals.catalogue import load_catalogue
from dealdesk.deals.deal_file import load_deal
from dealdesk.signing.certificates import development_identity
from dealdesk.workflows.counter_file import load_counter
from dealdesk.workflows.demo import Stage, StepDone, run_demo
from dealdesk.workflows.quoting import quote

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "demo"


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Don't serve the web application afterwards.")
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False),
    default=ROOT / "out" / "demo", help="Where the products go.",
)  # fmt: skip
def demo(folder: Path, *, no_serve: bool) -> None:
    """Take one rich deal from quote to sealed contract, and show each step with its time."""
    started = before = perf_counter()
    steps: list[StepDone] = []
    for number, step in enumerate(run_demo(_stage(folder)), 1):
        for name in step.files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_whole({folder / name: data for name, data in step.files.items()})
        now = perf_counter()
        click.echo(f"{number}. {step.sentence}  ({now - before:.2f} s)")
        for name in step.files:
            click.echo(f"     {name}")
        before = now
        steps.append(step)
    write_whole({folder / "index.html": index_html(steps).encode()})
    click.echo(f"Done in {perf_counter() - started:.1f} s. Open {folder / 'index.html'}")
    if not no_serve:
        _serve()


def _stage(folder: Path) -> Stage:
    catalogue = load_catalogue(DEFAULT_LIBRARY / CATALOGUE_FILE)
    library = load_library()
    policy = load_policy(DEFAULT_LIBRARY / POLICY_FILE)
    deal = load_deal(DEMO / "deals" / "placeholder-robotics.yaml", catalogue)
    now = datetime.now(UTC)
    return Stage(
        quote=quote(deal, library, policy, catalogue),
        library=library,
        catalogue=catalogue,
        plan=load_counter(DEMO / "counter.yaml"),
        history=DEMO / "history.json",
        identity=development_identity(folder.parent / "keys", now),
        now=now,
    )


def _serve() -> None:
    """Bring the database up to date, fill it, and become the web server."""
    if not os.environ.get("DEALDESK_HTTPS"):
        # On this machine alone, anybody may look around as a person of the demo.
        os.environ.setdefault("DEALDESK_DEMO", "yes")
    for command in (["db", "upgrade"], ["seed"]):
        subprocess.run([sys.executable, "-m", "dealdesk", *command], check=True)  # noqa: S603
    os.execv(sys.executable, [sys.executable, "-m", "dealdesk", "serve"])  # noqa: S606
