"""The guide tells every rule as it is, and each rule has what a reader needs."""

from dealdesk.cli.library_rules import guide
from dealdesk.workflows.rule_registry import SUBJECTS, all_rules
from tests.enterprise import ROOT


def test_the_guide_is_what_the_command_writes() -> None:
    written = (ROOT / "docs" / "guides" / "linter.md").read_text("utf-8")
    assert written == guide(all_rules()), (
        "write it anew: ./run dealdesk library rules --markdown > docs/guides/linter.md"
    )


def test_rule_ids_are_unique_among_the_rules_of_a_subject() -> None:
    for subject in SUBJECTS:
        ids = [rule.id for rule in all_rules() if rule.subject == subject]
        assert ids
        assert len(set(ids)) == len(ids)


def test_each_rule_says_what_holds_and_what_to_do() -> None:
    for rule in all_rules():
        assert rule.explanation.endswith(".")
        assert rule.remedy.endswith(".") or rule.remedy.endswith("}}")


def test_each_rule_carries_a_sample_of_each_kind() -> None:
    for rule in all_rules():
        assert rule.failing
        assert rule.passing
        assert rule.failing != rule.passing
