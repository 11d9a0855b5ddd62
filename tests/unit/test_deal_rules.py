"""Clauses held against each other: the defects that the test deals carry on purpose."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import load_library
from dealdesk.deals.deal_file import load_deal
from dealdesk.workflows.deal_rules import DEAL_RULES, DealRule
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


def sampled(sample: str, folder: Path) -> Quote:
    """Return a plain deal with a sample in it; a first line that names a file changes the library."""
    library = folder / "library"
    shutil.copytree(TESTS / "library", library)
    if sample.startswith("clauses/"):
        name, added, *rest = sample.splitlines()
        text = (library / name).read_text("utf-8")
        (library / name).write_text(text.replace("positions:", f"{added}\npositions:"), "utf-8")
        sample = "\n".join(rest)
    deal = yaml.safe_load((TESTS / "deals" / "T1.yaml").read_text("utf-8"))
    part = yaml.safe_load(sample)
    deal["facts"] = part.get("facts", {})
    deal["clauses"] = part.get("clauses", {})
    file = folder / "deal.yaml"
    file.write_text(json.dumps(deal, default=str), "utf-8")
    loaded = load_library(library)
    return with_findings(quote(load_deal(file), loaded, POLICY), loaded)


@pytest.mark.parametrize("rule", DEAL_RULES, ids=lambda rule: rule.id)
def test_a_rule_fires_on_its_failing_sample_alone(rule: DealRule, tmp_path: Path) -> None:
    for name, sample, fires in (("failing", rule.failing, True), ("passing", rule.passing, False)):
        folder = tmp_path / name
        folder.mkdir()
        found = {finding.problem.code for finding in sampled(sample, folder).findings}
        assert (rule.id in found) is fires


def test_every_rule_has_an_id_of_its_own() -> None:
    assert len({rule.id for rule in DEAL_RULES}) == len(DEAL_RULES)
