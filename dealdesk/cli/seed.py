"""`dealdesk seed`: load deals into the database, the demo's where none are named."""

from pathlib import Path

import click

from dealdesk.cli.edge import columns, committed
from dealdesk.identity.actors import SYSTEM
from dealdesk.kernel.clock import SystemClock
from dealdesk.kernel.engine import make_engine, sessions
from dealdesk.kernel.errors import RefusedError
from dealdesk.kernel.settings import read_settings
from dealdesk.workflows.company import seed_company
from dealdesk.workflows.company_file import DEMO_COMPANY
from dealdesk.workflows.database import require_head
from dealdesk.workflows.deal_rulebook import load_rules
from dealdesk.workflows.library_files import import_files
from dealdesk.workflows.people_file import DEMO_PEOPLE, seed_people
from dealdesk.workflows.seeding import DEMO_DEALS, seed_deals
from dealdesk.workflows.summaries import refresh_summaries


@click.command("seed")
@click.argument("deal_files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False))
def seed(deal_files: tuple[Path, ...]) -> None:
    """Load DEAL_FILES; a deal that is still a draft gets another version where its file differs.

    Without files, and in demo mode alone, a whole fictional company, where it isn't there yet:
    people in all roles, thirty accounts, the demo's five deals and sixty more over eighteen months,
    and the clause library published.
    """
    settings = read_settings()
    if not deal_files and not settings.is_demo:
        raise RefusedError.of(
            "no-demo",
            "A fictional company is for demo mode alone.",
            remedy="Set DEALDESK_DEMO=yes, or name the deal files to load.",
        )
    engine = make_engine(settings)
    require_head(engine)
    rules = load_rules(settings.library)
    now = SystemClock().now()
    with committed(sessions(engine, writes=True)()) as session:
        if not deal_files:
            seed_people(session, SYSTEM, DEMO_PEOPLE, now)
        seeded = list(
            seed_deals(
                session,
                deal_files or sorted(DEMO_DEALS.glob("*.yaml")),
                rules.library,
                rules.catalogue,
                now,
                only_new=not deal_files,
            )
        )
        if not deal_files:
            import_files(session, SYSTEM, settings.library, now)
            seed_company(session, rules, DEMO_COMPANY, now)
        refresh_summaries(session, rules, now=now)
    click.echo(
        columns(("Deal", "Title", "Outcome"), [(s.number, s.title, s.outcome) for s in seeded])
    )
