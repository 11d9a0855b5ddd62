"""The guide names every rule, with its level and what it says."""

import pytest

from dealdesk.clauses.lint.library_rules import LIBRARY_RULES
from dealdesk.clauses.lint.rule import Rule
from dealdesk.clauses.lint.template_rules import TEMPLATE_RULES
from dealdesk.clauses.lint.text_rules import TEXT_RULES
from tests.enterprise import ROOT

GUIDE = (ROOT / "docs" / "guides" / "clauses.md").read_text("utf-8").splitlines()


@pytest.mark.parametrize(
    "rule", [*LIBRARY_RULES, *TEMPLATE_RULES, *TEXT_RULES], ids=lambda rule: rule.id
)
def test_the_guide_tells_the_rule_as_it_is(rule: Rule[object]) -> None:
    assert f"| `{rule.id}` | {rule.level} | {rule.explanation} | {rule.remedy} |" in GUIDE


def test_rule_ids_are_unique_among_the_rules_of_a_subject() -> None:
    for rules in (LIBRARY_RULES, TEMPLATE_RULES, TEXT_RULES):
        assert len({rule.id for rule in rules}) == len(rules)
