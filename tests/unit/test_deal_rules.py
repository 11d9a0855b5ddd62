"""Clauses held against each other: the defects that the test deals carry on purpose."""

from dataclasses import replace
from pathlib import Path

import pytest

from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import load_library
from dealdesk.deals.deal_file import load_deal
from dealdesk.workflows.deal_rules import DEAL_RULES
from dealdesk.workflows.quoting import Quote, quote, with_findings

TESTS = Path(__file__).resolve().parents[1]
LIBRARY = load_library(TESTS / "library")
POLICY = load_policy(TESTS / "library" / "policies" / "approval.yaml")


def quoted(name: str) -> Quote:
    return quote(load_deal(TESTS / "deals" / f"{name}.yaml"), LIBRARY, POLICY)


def findings(found: Quote) -> set[str]:
    return {finding.problem.code for finding in with_findings(found, LIBRARY).findings}


@pytest.mark.parametrize(
    ("deal", "rules"),
    [
        ("T1", set()),
        ("T2", set()),
        ("T5", set()),
        ("T7", {"breach-hours-differ", "supercap-over-insured", "prohibited-data-vs-phi"}),
        ("T8", {"uptime-unreachable", "claim-class-in-two-caps"}),
    ],
)
def test_a_test_deal_shows_the_defects_that_it_has(deal: str, rules: set[str]) -> None:
    assert findings(quoted(deal)) == rules


def test_a_deal_without_health_data_may_prohibit_it() -> None:
    found = quoted("T7")
    inputs = replace(found.version.inputs, facts={"phi": False})
    changed = replace(found, version=replace(found.version, inputs=inputs))
    assert "prohibited-data-vs-phi" not in findings(changed)


def test_notice_as_long_as_the_term_is_told() -> None:
    found = quoted("T2")
    order = replace(found.version.inputs.order, months=1)
    inputs = replace(found.version.inputs, order=order)
    changed = replace(found, version=replace(found.version, inputs=inputs))
    has_notice = any("notice" in choice.values for choice in inputs.choices)
    assert ("notice-over-term" in findings(changed)) is has_notice


def test_every_rule_has_an_id_of_its_own() -> None:
    assert len({rule.id for rule in DEAL_RULES}) == len(DEAL_RULES)
