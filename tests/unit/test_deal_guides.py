"""The guides on deal files and policies say what the code does."""

import re
from pathlib import Path

from dealdesk.approvals import policy_file
from dealdesk.approvals.facts import OrderSign
from dealdesk.approvals.policy import BindingKind, Sign
from dealdesk.approvals.policy_file import load_policy
from dealdesk.deals import order_lines_file
from dealdesk.deals.deal_file import read_deal
from dealdesk.deals.figures import price_order
from dealdesk.deals.order import AcvBasis, Billing, PaymentFrom, Per, Proration, Rounding
from dealdesk.kernel.located_yaml import load_yaml

ROOT = Path(__file__).parents[2]
DEALS_GUIDE = (ROOT / "docs" / "deal-files.md").read_text("utf-8")
POLICY_GUIDE = (ROOT / "docs" / "approval-policies.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", DEALS_GUIDE, re.DOTALL)


def test_the_example_deal_loads_with_its_decision_and_comes_to_its_figures() -> None:
    whole, _, decisions = EXAMPLES
    deal = read_deal(load_yaml(whole + decisions, "guide.yaml"))
    assert str(price_order(deal.order).main.tcv.amount) == "465390.00"
    assert deal.decisions[0].seen[0].subject == "discount_highest"


def test_the_example_add_on_loads() -> None:
    whole, coterm, _ = EXAMPLES
    indented = "".join(f"  {line}\n" for line in coterm.splitlines())
    bare = re.sub(r"      year: \d\n", "", whole)
    deal = read_deal(load_yaml(bare.replace("  months: 36\n", indented), "guide.yaml"))
    assert deal.order.is_expansion


def test_every_word_of_the_deal_format_is_explained() -> None:
    for words in (AcvBasis, Billing, PaymentFrom, Per, Proration, Rounding):
        for word in words:
            assert f"`{word.value}`" in DEALS_GUIDE, word


def test_every_line_key_and_policy_word_is_explained() -> None:
    keys = {"year", "start", "end", "discount_pct", "uplift_pct", "list_unit", "per"}
    assert keys <= set(order_lines_file.LINE_KEYS)
    for key in keys:
        assert f"`{key}`" in DEALS_GUIDE
    for key in (*policy_file.SELECTOR_KEYS, *BindingKind, *Sign, *OrderSign):
        assert f"`{key}`" in POLICY_GUIDE, key


def test_the_policy_guide_names_only_figures_and_rules_that_exist() -> None:
    policy = load_policy(ROOT / "clause_library" / "policies" / "approval.yaml")
    figures = {name for rule in policy.rules for name in getattr(rule, "figures", ())}
    assert all(f"`{name}`" in POLICY_GUIDE for name in figures)
