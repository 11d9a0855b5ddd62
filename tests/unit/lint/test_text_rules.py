"""Each rule over words fires on its failing sample and passes the other; real forms give real defects."""

import pytest

from dealdesk.clauses.lint.contract_text import ContractText, read_contract_text
from dealdesk.clauses.lint.rule import Rule, apply
from dealdesk.clauses.lint.text_rules import TEXT_RULES
from dealdesk.documents.text import canonical_text
from tests.conftest import CASES
from tests.enterprise import rich_quote


@pytest.mark.parametrize("rule", TEXT_RULES, ids=lambda rule: rule.id)
def test_the_failing_sample_fails_and_the_passing_one_passes(rule: Rule[ContractText]) -> None:
    failing = apply((rule,), read_contract_text(rule.failing, "sample.md"))
    assert [finding.rule for finding in failing]
    assert all(finding.problem.place.line for finding in failing)
    assert apply((rule,), read_contract_text(rule.passing, "sample.md")) == ()


def test_a_whole_agreement_of_ours_has_no_error() -> None:
    text = read_contract_text(canonical_text(rich_quote().version.tree), "agreement.txt")
    assert [str(f.problem) for f in apply(TEXT_RULES, text) if f.level == "error"] == []


def test_published_credit_tables_show_their_holes() -> None:
    table = "| 99.9 or higher | none |\n| 99.00 - 99.89% | 5% |\n| 97.00 - 98.99% | 20% |"
    found = apply(TEXT_RULES, read_contract_text(table, "sla.md"))
    assert [finding.rule for finding in found] == ["tier-gap"]
    assert "Between 98.99 % and 99.00 % no tier applies" in str(found[0].problem)


def third_party(name: str) -> ContractText:
    path = CASES / "third-party-paper" / name
    if not path.is_file():
        pytest.skip(f"{path.name} is not here (shared/cases)")
    return read_contract_text(path.read_text("utf-8"), name)


def test_the_published_agreement_has_the_labels_that_differ_from_their_heading() -> None:
    found = apply(TEXT_RULES, third_party("common-paper-csa.md"))
    labels = [f.problem.message for f in found if f.rule == "label-heading"]
    assert sorted(labels) == [
        "Section 6.3 is called “From Provider”, not “Representations & Warranties from Provider”.",
        "Section 6.3 is called “From Provider”, not “Representations & Warranties from Provider”.",
        "Section 6.3 is called “From Provider”, not “Representations & Warranty From Provider”.",
    ]
    assert {f.rule for f in found} == {"label-heading", "duplicate-heading"}


def test_the_published_sla_has_no_error() -> None:
    assert [
        f for f in apply(TEXT_RULES, third_party("common-paper-sla.md")) if f.level == "error"
    ] == []
