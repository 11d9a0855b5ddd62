"""The demo's five deals: one is decided, one standard, one open, one blocked, one by the month."""

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.cli.quote import CATALOGUE_FILE, POLICY_FILE
from dealdesk.deals.catalogue import load_catalogue
from dealdesk.deals.deal_file import deal_schema, load_deal
from dealdesk.kernel.located_yaml import load_yaml_file
from dealdesk.workflows.quoting import Quote, quote, with_findings

DEALS = Path(__file__).parents[2] / "demo" / "deals"
NAMES = sorted(path.stem for path in DEALS.glob("*.yaml"))
STALE = "the library's text changed: run tools/record_decisions.py demo/deals/*.yaml"


@cache
def quoted(name: str) -> Quote:
    catalogue = load_catalogue(DEFAULT_LIBRARY / CATALOGUE_FILE)
    return quote(
        load_deal(DEALS / f"{name}.yaml", catalogue),
        load_library(DEFAULT_LIBRARY),
        load_policy(DEFAULT_LIBRARY / POLICY_FILE),
        catalogue,
    )


def test_there_are_five() -> None:
    assert len(NAMES) == 5


@pytest.mark.parametrize("name", NAMES)
def test_each_fits_the_published_schema(name: str) -> None:
    data = load_yaml_file(DEALS / f"{name}.yaml").data
    schema: Any = deal_schema()
    jsonschema.validate(data, schema, cls=jsonschema.Draft202012Validator)


def test_the_rich_deal_is_wholly_decided() -> None:
    found = quoted("placeholder-robotics")
    assert found.standing.is_clear, STALE
    assert {one.role for one in found.standing.covered} == {
        "vp_sales",
        "deal_desk",
        "commercial_counsel",
        "engineering",
        "support_head",
        "risk",
        "general_counsel",
        "cfo",
    }
    assert str(found.priced.main.tcv.amount) == "720990.00"
    assert found.standing.not_counted == ()


def test_the_standard_deal_needs_nobody() -> None:
    assert quoted("example-industries").assessment.requirements == ()
    assert quoted("example-industries").standing.is_clear


def test_the_discounted_deal_is_open() -> None:
    found = quoted("sample-freight")
    assert set(found.assessment.roles) == {
        "sales_manager",
        "deal_desk",
        "finance",
        "commercial_counsel",
    }
    assert not found.standing.blocked


def test_the_bank_is_blocked() -> None:
    blocked = {one.reason.subject for one in quoted("first-notional-bank").standing.blocked}
    assert blocked == {"liability", "insurance", "escrow", "term-termination"}


def test_the_banks_credits_leave_a_hole_that_the_quote_shows() -> None:
    library = load_library(DEFAULT_LIBRARY)
    findings = with_findings(quoted("first-notional-bank"), library).findings
    assert "tier-gap" in {one.problem.code for one in findings}


@pytest.mark.parametrize("name", [name for name in NAMES if name != "first-notional-bank"])
def test_the_other_deals_have_no_finding(name: str) -> None:
    assert with_findings(quoted(name), load_library(DEFAULT_LIBRARY)).findings == ()


def test_the_founders_pay_by_the_month() -> None:
    found = quoted("invented-founders")
    assert [str(one.amount.amount) for one in found.priced.main.instalments] == ["682.76", "990.00"]
    assert set(found.assessment.roles) == {"deal_desk", "finance"}
