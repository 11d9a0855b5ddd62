"""The shipped agreement with the demo's rich deal: a real input for tests of files and terms."""

from functools import cache
from pathlib import Path

from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.clauses.model import Library
from dealdesk.deals.catalogue import Catalogue, load_catalogue
from dealdesk.deals.deal_file import load_deal
from dealdesk.workflows.building import Package, build_package
from dealdesk.workflows.quoting import Quote, quote

ROOT = Path(__file__).resolve().parents[1]
RICH_DEAL = ROOT / "demo" / "deals" / "placeholder-robotics.yaml"


@cache
def shipped_library() -> Library:
    """Return the library that ships with the product."""
    return load_library()


@cache
def shipped_catalogue() -> Catalogue:
    """Return the products that ship with the library, with their list prices."""
    return load_catalogue(DEFAULT_LIBRARY / "catalogue.yaml")


@cache
def rich_quote() -> Quote:
    """Return the demo's rich deal, quoted with what ships."""
    catalogue = shipped_catalogue()
    policy = load_policy(DEFAULT_LIBRARY / "policies" / "approval.yaml")
    return quote(load_deal(RICH_DEAL, catalogue), shipped_library(), policy, catalogue)


@cache
def rich_package() -> Package:
    """Return the files of the demo's rich deal."""
    return build_package(rich_quote(), shipped_library())
