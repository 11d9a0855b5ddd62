"""Plan tiers: what follows from each, that it needs nobody, and what a new deal starts with."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import DEFAULT_LIBRARY, read_library
from dealdesk.deals.catalogue import load_catalogue
from dealdesk.deals.deal import Deal
from dealdesk.deals.deal_file import deal_schema, read_deal
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import load_yaml
from dealdesk.sla.model import read_terms
from dealdesk.sla.projection import project
from dealdesk.workflows.plan_tiers import new_deal_defaults, tier_offers
from dealdesk.workflows.quoting import Quote, quote, with_findings
from tests.enterprise import shipped_library

LIBRARY = shipped_library()
CATALOGUE = load_catalogue(DEFAULT_LIBRARY / "catalogue.yaml")
POLICY = load_policy(DEFAULT_LIBRARY / "policies" / "approval.yaml")
TIERS = ("starter", "business", "enterprise", "strategic")
PEOPLE = {
    "number": "TIER-1",
    "title": "A deal from a tier",
    "owner": "Avery Seller",
    "dated_on": "2026-11-24",
    "seller": {"name": "Example Cloud Inc.", "form": "a Delaware corporation"},
    "customer": {"name": "Sample Freight Cooperative", "form": "a cooperative"},
}


def deal_of(from_tier: str, **changes: Any) -> Deal:
    """Return a deal made from a tier's defaults, with changes to its file."""
    start = new_deal_defaults(from_tier, LIBRARY, CATALOGUE, date(2027, 1, 1))
    return read_deal(load_yaml(json.dumps({**start, **PEOPLE, **changes}), "deal"), CATALOGUE)


def quoted(from_tier: str, **changes: Any) -> Quote:
    """Return the quote of such a deal, findings included."""
    return with_findings(quote(deal_of(from_tier, **changes), LIBRARY, POLICY, CATALOGUE), LIBRARY)


def test_the_tiers_are_the_four_that_are_sold() -> None:
    assert tuple(LIBRARY.tiers) == TIERS
    offers = tier_offers(LIBRARY, CATALOGUE)
    assert [one.product for one in offers][1:] == [
        "Business plan",
        "Enterprise plan",
        "Strategic plan",
    ]
    plans = {CATALOGUE.products[one.sku].plan: one.id for one in offers}
    assert all(plan == tier for plan, tier in plans.items())


@pytest.mark.parametrize("tier", TIERS)
def test_a_new_deal_from_a_tier_needs_nobody_and_has_no_finding(tier: str) -> None:
    data: Any = {**new_deal_defaults(tier, LIBRARY, CATALOGUE, date(2027, 1, 1)), **PEOPLE}
    schema: Any = deal_schema()
    jsonschema.validate(data, schema, cls=jsonschema.Draft202012Validator)
    found = quoted(tier)
    assert found.assessment.requirements == ()
    assert found.findings == ()


def test_support_service_levels_and_channels_follow_from_the_tier() -> None:
    told = {}
    for tier in TIERS:
        terms = project(quoted(tier).version, LIBRARY)
        read = read_terms(terms)
        channels: Any = terms["channels"]
        assert read.availability is not None
        told[tier] = (
            str(read.availability.objective),
            [one["id"] for one in channels],
            bool(terms.get("success_manager")),
        )
    assert told == {
        "starter": ("99.5", ["form", "forum"], False),
        "business": ("99.9", ["portal", "email"], False),
        "enterprise": ("99.9", ["portal", "email", "phone"], False),
        "strategic": ("99.9", ["portal", "email", "phone"], True),
    }


def test_a_strategic_deal_has_escrow_and_a_manager_that_others_have_to_ask_for() -> None:
    chosen = {choice.instance_id for choice in quoted("strategic").version.inputs.choices}
    assert {"escrow", "roadmap", "security-document"} <= chosen
    asked = quoted("enterprise", clauses={"channels": {"position": "fallback-1"}})
    assert set(asked.assessment.roles) == {"deal_desk", "support_head"}


def test_what_a_deal_chooses_comes_before_its_tier() -> None:
    found = quoted("starter", clauses={"uptime": {"values": {"cap": "5"}}})
    uptime = found.version.inputs.choice("uptime")
    assert uptime is not None
    assert str(uptime.values["target"].number) == "99.5"  # type: ignore[union-attr]
    assert str(uptime.values["cap"].number) == "5"  # type: ignore[union-attr]
    other = quoted("starter", clauses={"uptime": {"position": "fallback-1"}})
    changed = other.version.inputs.choice("uptime")
    assert changed is not None
    assert str(changed.values["target"].number) == "99.95"  # type: ignore[union-attr]


def test_a_tier_serves_an_order_form_too() -> None:
    found = quoted("strategic", agreement="order-form-sla")
    chosen = {choice.instance_id for choice in found.version.inputs.choices}
    assert {"uptime", "continuity"} <= chosen
    assert "escrow" not in chosen


def test_a_tier_or_price_that_does_not_exist_is_told() -> None:
    with pytest.raises(DomainError, match="no plan tier “gold”") as error:
        quote(deal_of("starter", tier="gold"), LIBRARY, POLICY, CATALOGUE)
    assert "starter, business" in error.value.problems[0].remedy
    with pytest.raises(DomainError, match="no plan tier “gold”"):
        new_deal_defaults("gold", LIBRARY, CATALOGUE, date(2027, 1, 1))
    with pytest.raises(DomainError, match="Enterprise plan has no list price in SEK"):
        new_deal_defaults("enterprise", LIBRARY, CATALOGUE, date(2027, 1, 1), "SEK")


def test_every_fault_of_a_tiers_file_is_told_with_its_line(tmp_path: Path) -> None:
    root = tmp_path / "library"
    shutil.copytree(DEFAULT_LIBRARY, root)
    file = root / "tiers.yaml"
    text = file.read_text("utf-8")
    text = text.replace('target: "99.5"', 'target: "101"').replace("cap:", "speed:", 1)
    text = text.replace("position: fallback-1", "position: fallback-9")
    text = text.replace("id: business", "id: starter").replace("- clause: roadmap", "- clause: tea")
    file.write_text(text, "utf-8")
    _, problems = read_library(root)
    assert {problem.code for problem in problems} >= {
        "bad-value",
        "unknown-variable",
        "unknown-position",
        "duplicate-tier",
    }
    assert all(problem.place.file == "tiers.yaml" and problem.place.line for problem in problems)
