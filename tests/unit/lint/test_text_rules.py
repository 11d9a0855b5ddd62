"""Each rule over words fires on its failing sample and passes the other; real forms give real defects."""

import pytest

from dealdesk.clauses.lint.paper import Paper
from dealdesk.clauses.lint.paper_lint import lint_paper
from dealdesk.clauses.lint.paper_reading import paper_of, read_paper
from dealdesk.clauses.lint.rule import Rule, apply
from dealdesk.clauses.lint.text_rules import OWN_TEXT_RULES, TEXT_RULES
from dealdesk.cli.text_lint import source_of
from tests.conftest import CASES
from tests.enterprise import rich_quote


@pytest.mark.parametrize("rule", TEXT_RULES, ids=lambda rule: rule.id)
def test_the_failing_sample_fails_and_the_passing_one_passes(rule: Rule[Paper]) -> None:
    failing = apply((rule,), read_paper(rule.failing, "sample.md"))
    assert [finding.rule for finding in failing]
    assert all(finding.problem.place.line for finding in failing)
    assert apply((rule,), read_paper(rule.passing, "sample.md")) == ()


def test_a_whole_agreement_of_ours_has_no_error() -> None:
    text = paper_of(rich_quote().version.tree, "agreement.txt")
    assert [str(f.problem) for f in apply(OWN_TEXT_RULES, text) if f.level == "error"] == []


def test_published_credit_tables_show_their_holes() -> None:
    table = "| 99.9 or higher | none |\n| 99.00 - 99.89% | 5% |\n| 97.00 - 98.99% | 20% |"
    found = apply(TEXT_RULES, read_paper(table, "sla.md"))
    assert [(f.rule, f.problem.message) for f in found] == [
        ("tier-gap", "An availability between 99.89 % and 99.9 % falls in no tier."),
        ("tier-gap", "An availability between 98.99 % and 99.00 % falls in no tier."),
    ]


HORRIBLE = """# Master Agreement

1. Service
1.1 Levels. Problems are P1, P2, P3, P4 or P5.
1.2 Notices. Notices go to the Notice Address of the other party.
2. Payment
2.1 When. Invoices are due in thirty (60) days.
3. Law
3.1 Law. This contract is governed by the laws of England.
3.2 Survival. Section 2 (Payment) and Section 9 (Audit) survive.
3.3 Again. It is governed by the laws of Ohio.

| Uptime | Credit |
| 99.9+ | none |
| 99.00-99.89 | 5 % |
| 97.00-98.99 | 10 % |
"""


def test_a_customers_paper_shows_the_defects_that_t10_was_made_with() -> None:
    found = apply(TEXT_RULES, read_paper(HORRIBLE, "theirs.md"))
    assert {f.rule for f in found} == {
        "tier-gap",
        "words-figures",
        "undefined-term",
        "survival-missing",
        "law-conflict",
        "severity-unmapped",
    }


def third_party(name: str) -> Paper:
    path = CASES / "third-party-paper" / name
    if not path.is_file():
        pytest.skip(f"{path.name} is not here (shared/cases)")
    return read_paper(source_of(path), name)


LABELS = {
    (
        "label-heading",
        "“Section 6.3 (Representations & Warranties from Provider)” leads to “From Provider”.",
    ),
    (
        "label-heading",
        "“Section 6.3 (Representations & Warranty From Provider)” leads to “From Provider”.",
    ),
}
STYLE = {
    ("terms-overlap", "“Beta Product” and “Product” are both defined terms."),
    ("term-used-once", "“High Risk Activity” is defined for a single use."),
}
BLANK = (
    "blank-is-silent",
    "What is left blank takes its whole sentence out of the contract, unseen.",
)
# The fields that a string patch beside the published form repairs in part: each checked by hand.
CROSSED = {
    ("placeholder-crossed", f"“{{{name}}}” belongs by its name to “{head}”, and stands elsewhere.")
    for name, head in (
        ("payment_terms_days", "Payment Process"),
        ("increased_cap_amount", "Increased Cap Amount Higher limitation of …"),
        ("general_cap_amount", "General Cap Amount Limitation of liability amount …"),
        ("support_policy_reference", "Technical Support"),
        ("dpa_reference", "DPA Data Processing Agreement"),
    )
} | {
    (
        "placeholder-crossed",
        "“{non_renewal_notice_days}” is a length of time, and a factor is wanted here.",
    ),
    ("signer-twice", "“{company_name}” signs for both parties."),
}
SLA_STYLE = {
    ("term-used-once", "“Downtime Minutes” is defined for a single use."),
    ("term-used-once", "“SLA Standard Terms” is defined for a single use."),
}


def found_in(paper: Paper) -> set[tuple[str, str]]:
    return {(f.rule, f.problem.message) for f in apply(TEXT_RULES, paper)}


def test_the_published_agreement_shows_its_wrong_labels_and_its_missing_definition() -> None:
    notice = (
        "undefined-term",
        "“Notice Address” is used as a defined term, but nothing defines it.",
    )
    assert found_in(third_party("common-paper-csa.md")) == {notice, BLANK, *LABELS, *STYLE}


def test_the_published_sla_leans_on_its_agreement_and_has_no_fault_of_its_own() -> None:
    assert found_in(third_party("common-paper-sla.md")) == SLA_STYLE


def test_the_published_word_file_shows_the_same_labels_and_each_place_left_to_fill_in() -> None:
    paper = third_party("common-paper-csa-with-sla.docx")
    found = found_in(paper)
    blanks = {one for one in found if one[0] == "leftover-placeholder"}
    assert found - blanks == {
        *LABELS,
        *STYLE,
        *SLA_STYLE,
        *CROSSED,
        BLANK,
        ("quotes-mixed", "20 straight and 86 curly quotation marks are mixed."),
        ("terms-overlap", "“SLA Standard Terms” and “Standard Terms” are both defined terms."),
    } - {("term-used-once", "“SLA Standard Terms” is defined for a single use.")}
    assert {line.part for line in paper.lines} == {0, 1}
    for words in (
        "{non_renewal_notice_days}",
        "{support_policy_reference}",
        "{payment_terms_days}",
    ):
        assert any(f"“{words}” is a placeholder" in message for _, message in blanks)


def test_each_error_in_the_published_word_file_names_its_sentence() -> None:
    paper = third_party("common-paper-csa-with-sla.docx")
    found = lint_paper(TEXT_RULES, paper)
    cap = next(f for f in found if "non_renewal_notice_days}” is a length" in f.problem.message)
    assert "{non_renewal_notice_days}x the Fees paid or payable by Customer" in cap.sentence
    texts = {line.number: line.text for line in paper.lines}
    for finding in found:
        middle = finding.sentence.strip("… ")
        assert middle in texts[finding.problem.place.line]
        assert len(finding.sentence) < 260
        assert finding.sentence or finding.rule == "quotes-mixed"


def test_a_finding_names_the_sentence_and_not_the_whole_block() -> None:
    text = (
        "1. Law\n1.1 Law. Notices are in writing. This contract is governed by the laws of Delaware. "
        "It has two parts.\n1.2 Courts. They meet. The courts located in Texas decide.\n"
    )
    (finding,) = lint_paper(TEXT_RULES, read_paper(text, "law.txt"))
    assert finding.rule == "law-vs-courts"
    assert finding.sentence == "The courts located in Texas decide."


SPOILT_HTML = {
    "<p>Fees are due.</p>": "pasted-markup",
    "Fees are due<br/>at once.": "pasted-markup",
    "Fees&nbsp;are due.": "pasted-markup",
    "Fees are due\u202e.": "hidden-character",
    "Fees are\u200b due.": "hidden-character",
    "The partiesâ€™ fees.": "encoding-damaged",
    "Die GebÃ¼hr.": "encoding-damaged",
    "The fees\u00a0are due.": "spaces-odd",
}


@pytest.mark.parametrize(("words", "rule"), SPOILT_HTML.items())
def test_pasted_and_hidden_signs_are_told(words: str, rule: str) -> None:
    text = f"1. Fees\n1.1 Sum. {words}\n"
    assert [f.rule for f in apply(TEXT_RULES, read_paper(text, "theirs.txt"))] == [rule]


def test_a_reference_leads_within_its_own_document_when_numbers_start_again() -> None:
    text = (
        "1. Fees\n1.1 Sum. The fees are due under Section 2.1 (Cure).\n2. End\n2.1 Cure. A month.\n"
        "1. Uptime\n1.1 Target. See Section 2.1 (Credits).\n2. Remedy\n2.1 Credits. Ten percent.\n"
    )
    assert apply(TEXT_RULES, read_paper(text, "two.txt")) == ()


SET_ON_A_COVER = """# Sample Cloud Terms (Version 1.0)

**1. Security**. The Sample Cloud Terms apply. Provider keeps the **Security Measures** and any
Support Plan identified on the Cover Page. Third-Party Platforms are other products that Customer uses with the
Cloud Service at its own choice; Provider answers for no Third Party Platforms.

**1.1. Third-Party Platforms**. They are none of ours.

**2. Cloud Service**. It is described in the **Data Addendum** (**DA**), and Sections 1 (Security) and 2
(Cloud Service) survive.
"""


def test_terms_that_a_cover_sets_and_wrapped_lines_are_no_faults() -> None:
    paper = read_paper(SET_ON_A_COVER, "terms.md")
    assert [line.number for line in paper.lines] == [1, 3, 7, 9]
    assert apply(TEXT_RULES, paper) == ()


def test_each_reference_of_a_list_is_followed() -> None:
    text = (
        "1. Caps\n1.1 Cap. A sum.\n1.2 Waiver. None.\n"
        "1.3 Limits. Sections 1.1 (Cap) and 1.2 (Releases) stand.\n"
    )
    (finding,) = apply(TEXT_RULES, read_paper(text, "list.txt"))
    assert finding.problem.message == "“Section 1.2 (Releases)” leads to “Waiver”."


def test_a_dash_in_a_credit_table_is_no_list_mark() -> None:
    text = "# Credits\n\n- One\n\n| 99.9 or higher | none |\n| 99.00 - 99.89 | 5 % |\n"
    assert [f.rule for f in apply(TEXT_RULES, read_paper(text, "sla.md"))] == ["tier-gap"]
