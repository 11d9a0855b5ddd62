"""The shipped policy and catalogue load, and fit the shipped library."""

from pathlib import Path

from dealdesk.approvals.policy import ClauseRule, InsuranceRule, LadderRule, WalkAwayRule
from dealdesk.approvals.policy_file import load_policy, roles_named_by
from dealdesk.deals.catalogue import load_catalogue

LIBRARY = Path(__file__).parents[3] / "clause_library"
POLICY = load_policy(LIBRARY / "policies" / "approval.yaml")


def test_every_role_of_a_rule_is_asked_in_some_stage() -> None:
    staged = {role for stage in POLICY.stages for role in stage}
    asked = {role for rule in POLICY.rules for role in roles_named_by(rule)}
    assert asked <= staged == set(POLICY.roles)


def test_the_policy_has_each_kind_of_rule_that_a_deal_needs() -> None:
    kinds = {type(rule) for rule in POLICY.rules}
    assert {LadderRule, ClauseRule, WalkAwayRule, InsuranceRule} <= kinds
    assert POLICY.programme is not None


def test_the_catalogue_prices_every_product_in_the_policys_currency() -> None:
    catalogue = load_catalogue(LIBRARY / "catalogue.yaml")
    assert all(POLICY.fx.to in product.prices for product in catalogue.products.values())
