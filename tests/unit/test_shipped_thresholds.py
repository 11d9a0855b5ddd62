"""What the shipped policy makes of terms that look small and cost much."""

import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import load_library
from dealdesk.deals.catalogue import load_catalogue
from dealdesk.deals.deal_file import read_deal
from dealdesk.kernel.located_yaml import load_yaml
from dealdesk.workflows.quoting import Quote, quote

SHIPPED = Path(__file__).parents[2] / "clause_library"
LIBRARY, CATALOGUE = load_library(SHIPPED), load_catalogue(SHIPPED / "catalogue.yaml")
POLICY = load_policy(SHIPPED / "policies" / "approval.yaml")
CREDITS = "Availability and service credits (credits: credit percent"
PLAIN = textwrap.dedent(
    (SHIPPED / "policies" / "approval-samples.yaml")
    .read_text("utf-8")
    .partition("\ndeal:\n")[2]
    .partition("samples:\n")[0]
)


def quoted(line: str = "", values: str = "") -> Quote:
    text = PLAIN.replace("      quantity: 100\n", f"      quantity: 100\n{line}")
    text += f"clauses:\n  uptime:\n    values:\n{values}" if values else ""
    return quote(read_deal(load_yaml(text, "deal.yaml"), CATALOGUE), LIBRARY, POLICY, CATALOGUE)


def credit_steps(*steps: int) -> str:
    rows = "".join(
        f'        - key: own{i}\n          below_percent: "{below}"\n'
        f'          credit_percent: "{step}"\n'
        for i, (below, step) in enumerate(zip(("99.9", "99", "95"), steps, strict=False))
    )
    return f"      credits:\n{rows}"


def asked(of: Quote) -> Mapping[str, list[str]]:
    return {
        one.role: [reason.message for reason in one.reasons] for one in of.assessment.requirements
    }


ODD = (
    ("", credit_steps(25, 25, 25), {"engineering", "finance", "cfo"}),
    ("", credit_steps(25), {"engineering", "finance", "cfo"}),
    ("", credit_steps(5, 25, 25), {"engineering", "finance"}),
    ("", credit_steps(5, 10, 25), set()),
    ("", "      claim_within: 0 days\n", {"commercial_counsel", "support_head"}),
    ("", "      claim_within: 30 days\n", set()),
    (
        '      list_unit: "0.01"\n      per: year\n',
        "",
        {"deal_desk", "cro", "cfo"},
    ),
    (
        '    - sku: SETUP\n      quantity: 1\n      list_unit: "-500000.00"\n      per: once\n',
        "",
        {"finance", "cfo", "cro", "deal_desk"},
    ),
)


@pytest.mark.parametrize(("line", "values", "roles"), ODD)
def test_nothing_of_the_kind_passes_with_the_deal_desk_alone(
    line: str, values: str, roles: set[str]
) -> None:
    assert set(asked(quoted(line, values))) == roles


def test_the_reasons_name_what_was_tested() -> None:
    said = asked(quoted(values=credit_steps(25, 25, 25)))["finance"]
    assert said == [
        f"{CREDITS}, all steps together) is 75%, above 40.",
        f"{CREDITS}, the least) is 25%, above 10.",
    ]
    said = asked(quoted(ODD[-1][0]))["finance"]
    assert said == ["The total contract value is USD -344,000.00, below 0."]


@settings(max_examples=20)
@given(st.lists(st.integers(0, 100), min_size=1, max_size=3))
def test_whatever_the_steps_are_called_they_are_added_up(steps: list[int]) -> None:
    figures = quoted(values=credit_steps(*steps)).facts.figures
    of = {
        name: figures[f"uptime/credits.credit_percent.{name}"].value
        for name in ("least", "most", "sum")
    }
    assert of == {"least": min(steps), "most": max(steps), "sum": sum(steps)}


EMERGENCY = "  emergency-support:\n    position: {}\n{}"
ORDERED = "    - sku: EMERGENCY-SUPPORT\n      quantity: 1\n"


@pytest.mark.parametrize(
    ("tier", "position", "more", "fee", "is_asked"),
    [
        ("business", "standard", "", "", True),
        ("business", "standard", "", "35999.99 USD", True),
        ("business", "standard", "", "36000.00 USD", False),
        ("business", "standard", ORDERED, "", False),
        ("business", "standard", f"{ORDERED}      year: 1\n", "", True),
        ("strategic", "standard", "", "", False),
        ("strategic", "fallback-1", "", "", True),
    ],
)
def test_emergency_support_is_ordered_paid_or_brought_by_the_tier(
    tier: str, position: str, more: str, fee: str, is_asked: bool
) -> None:
    text = PLAIN.replace("sku: STRATEGIC", f"sku: {tier.upper()}")
    text = text.replace("tier: strategic", f"tier: {tier}")
    text = text.replace("      quantity: 100\n", f"      quantity: 100\n{more}")
    values = f"    values:\n      fee: {fee}\n" if fee else ""
    text += f"clauses:\n{EMERGENCY.format(position, values)}"
    found = quote(read_deal(load_yaml(text, "deal.yaml"), CATALOGUE), LIBRARY, POLICY, CATALOGUE)
    for role in ("support_head", "finance"):
        said = "".join(asked(found).get(role, []))
        assert ("EMERGENCY-SUPPORT is not ordered for the whole term" in said) is is_asked
