"""Every rule of the shipped policy asks where its sample says, and stays quiet where it says that."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import DEFAULT_LIBRARY
from dealdesk.cli.main import main
from dealdesk.deals.catalogue import load_catalogue
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.located_yaml import load_yaml, read_text_file
from dealdesk.workflows.policy_simulation import (
    Bench,
    Case,
    PolicySamples,
    changed,
    load_policy_samples,
    read_policy_samples,
    simulate,
    untried,
    what_if,
)
from tests.enterprise import shipped_library

POLICIES = DEFAULT_LIBRARY / "policies"
POLICY = load_policy(POLICIES / "approval.yaml")
SAMPLES = load_policy_samples(POLICIES / "approval-samples.yaml")
BENCH = Bench(shipped_library(), POLICY, load_catalogue(DEFAULT_LIBRARY / "catalogue.yaml"))
FREIGHT = Path(__file__).parents[2] / "demo" / "deals" / "sample-freight.yaml"


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["policy", "simulate", *arguments])


def test_the_deal_that_samples_start_from_needs_nobody() -> None:
    assert BENCH.assess(SAMPLES.deal, "sample").requirements == ()


def test_every_rule_has_a_sample_of_either_kind() -> None:
    assert [problem.message for problem in untried(SAMPLES, POLICY)] == []


@pytest.mark.parametrize("rule", [rule.id for rule in POLICY.rules])
def test_a_rule_does_what_its_samples_say(rule: str) -> None:
    cases = tuple(case for case in SAMPLES.cases if case.rule == rule)
    for outcome in simulate(PolicySamples(SAMPLES.deal, cases), BENCH):
        assert outcome.is_as_expected, (dict(outcome.case.changes), outcome.asked)
        assert bool(outcome.messages) == bool(outcome.case.roles)


def test_a_rule_that_does_something_else_is_told() -> None:
    wrong = Case("payment", {"order.payment.days": 45}, ("cfo",))
    (outcome,) = simulate(PolicySamples(SAMPLES.deal, (wrong,)), BENCH)
    assert not outcome.is_as_expected
    assert outcome.asked == ("finance",)


def test_rules_without_samples_and_samples_without_rules_are_told() -> None:
    few = PolicySamples(SAMPLES.deal, (Case("tea", {}, ("cfo",)),))
    told = {problem.message for problem in untried(few, POLICY)}
    assert "No sample makes the rule “uptime” ask." in told
    assert "No sample leaves the rule “uptime” quiet." in told
    assert "The policy approval@3 has no rule “tea”." in told


def test_a_path_that_leads_nowhere_is_told_and_the_deal_stays_as_it_was() -> None:
    deal = {"order": {"lines": [{"sku": "TEAM"}]}, "title": "x"}
    found: Any = changed(deal, {"order.lines.0.quantity": 5, "facts.regions": 2})
    assert found["order"]["lines"][0] == {"sku": "TEAM", "quantity": 5}
    assert found["facts"] == {"regions": 2}
    assert deal == {"order": {"lines": [{"sku": "TEAM"}]}, "title": "x"}
    for path in ("order.lines.3.quantity", "title.words", "order.lines.first"):
        with pytest.raises(DomainError, match="Nothing can be set at"):
            changed(deal, {path: 1})


def test_every_fault_of_a_samples_file_is_told() -> None:
    text = read_text_file(POLICIES / "approval-samples.yaml")
    text = text.replace("policy-samples/1", "policy-samples/9").replace("quiet:", "calm:", 1)
    text = text.replace("roles: [finance]", "rolls: [finance]", 1)
    with pytest.raises(DomainError) as error:
        read_policy_samples(load_yaml(text, "samples.yaml"))
    told = {problem.code for problem in error.value.problems}
    assert {"wrong-schema", "roles"} <= told
    assert all(problem.place.line for problem in error.value.problems)


def test_a_change_is_told_by_who_is_asked_on_top_and_who_no_longer() -> None:
    deal: Any = load_yaml(read_text_file(FREIGHT), "deal").data
    found = what_if(deal, {"order.payment.days": 90}, BENCH)
    assert {(one.role, one.rule) for one in found.added} == {
        ("Finance", "payment"),
        ("Chief financial officer", "payment"),
    }
    assert [one.message for one in found.dropped] == ["The time to pay is 45 days, above 30."]


@pytest.mark.slow
def test_the_command_says_how_each_case_came_out() -> None:
    found = run()
    assert found.exit_code == 0
    assert f"{len(SAMPLES.cases)} cases, 0 not as expected, 0 problems." in found.stdout


@pytest.mark.slow
def test_the_command_answers_no_for_a_sample_that_is_wrong(tmp_path: Path) -> None:
    text = read_text_file(POLICIES / "approval-samples.yaml")
    other = tmp_path / "samples.yaml"
    other.write_text(text.replace("roles: [sales_manager]", "roles: [cfo]", 1), "utf-8")
    found = run("--samples", str(other), "--json")
    assert found.exit_code == 1
    wrong = [case for case in json.loads(found.stdout)["cases"] if not case["as_expected"]]
    assert [(case["rule"], case["expected"], case["asked"]) for case in wrong] == [
        ("discount", ["cfo"], ["sales_manager"])
    ]


def test_the_command_says_what_a_change_would_ask() -> None:
    found = run(str(FREIGHT), "--set", "clauses.uptime.position=fallback-3", "--json")
    added = json.loads(found.stdout)["added"]
    assert found.exit_code == 0
    assert {"capability", "uptime", "position"} <= {one["rule"] for one in added}


@pytest.mark.parametrize("arguments", [("--set", "a=b"), (str(FREIGHT), "--set", "a")])
def test_a_change_of_nothing_is_refused(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
