"""`dealdesk quote`: what a deal comes to, who has to approve it and why, and what blocks it."""

from pathlib import Path

import click

from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.cli.edge import NO, as_json, emit, existing_dir, existing_file
from dealdesk.cli.quote_text import quote_text
from dealdesk.deals.catalogue import load_catalogue
from dealdesk.deals.deal_file import load_deal
from dealdesk.workflows.quote_json import quote_json
from dealdesk.workflows.quoting import Quote, quote, with_findings

POLICY_FILE = Path("policies") / "approval.yaml"
CATALOGUE_FILE = "catalogue.yaml"


@click.command("quote")
@click.argument("deal_file", type=existing_file)
@click.option("--library", type=existing_dir, default=DEFAULT_LIBRARY, help="The clause library.")
@click.option("--policy", type=existing_file, help="The approval policy; the library's by default.")
@as_json
def quote_command(deal_file: Path, library: Path, policy: Path | None, *, as_json: bool) -> None:
    """Price DEAL_FILE and say which approvals it needs, each with its reasons.

    Exit status 1 when a position blocks the deal; open approvals alone are no "no".
    """
    answer = quote_files(deal_file, library, policy)
    emit(quote_json(answer), quote_text(answer), json_wanted=as_json)
    if answer.standing.blocked:
        raise SystemExit(NO)


def quote_files(deal_file: Path, library: Path, policy: Path | None) -> Quote:
    """Return the quote of a deal file, findings included, with a library's clauses and policy."""
    prices = library / CATALOGUE_FILE
    catalogue = load_catalogue(prices) if prices.is_file() else None
    clauses = load_library(library)
    found = quote(
        load_deal(deal_file, catalogue),
        clauses,
        load_policy(policy or library / POLICY_FILE),
        catalogue,
    )
    return with_findings(found, clauses)
