"""The rules on words over positions: at file and line, and silent on what we ship."""

import shutil
from pathlib import Path

import pytest

from dealdesk.clauses.lint.library_samples import UPTIME
from dealdesk.clauses.lint.paper import Line, Paper
from dealdesk.clauses.lint.rule import apply
from dealdesk.clauses.lint.template_rules import LITERAL_SECTION, template_findings
from dealdesk.clauses.loader import load_library
from tests.enterprise import shipped_library
from tests.unit.lint.test_library_rules import SOUND, swap

SPOILT = {
    "Pay in thirty (60) days.": "words-figures",
    "Pay TBD.": "leftover-placeholder",
    "Pay ____ at once.": "leftover-placeholder",
    "Pay on 03/04/2027.": "ambiguous-date",
    "Pay USD 100\u202e000.": "hidden-character",
    "Section 6.3 applies.": "literal-section-number",
    "Sections 3 and 9 survive.": "literal-section-number",
}


def sample(words: str) -> Paper:
    return Paper("standard.md", (Line(1, "", "", words, ""),))


def test_the_shipped_library_has_no_finding_in_its_words() -> None:
    assert template_findings(shipped_library()) == ()


@pytest.mark.parametrize(("words", "rule"), SPOILT.items())
def test_words_of_a_position_are_held_at_their_line(words: str, rule: str, tmp_path: Path) -> None:
    root = tmp_path / "library"
    shutil.copytree(SOUND, root)
    swap(f"{UPTIME}/standard.md", "{{end}}", "{{end}}\n- " + words + " {#added}")(root)
    library = load_library(root)
    (finding,) = template_findings(library)
    text = (root / UPTIME / "standard.md").read_text("utf-8").splitlines()
    assert finding.rule == rule
    assert finding.problem.place.line == next(
        number for number, line in enumerate(text, 1) if "{#added}" in line
    )


def test_a_number_typed_by_hand_is_told_and_a_statute_is_not() -> None:
    assert apply((LITERAL_SECTION,), sample(LITERAL_SECTION.failing))
    assert apply((LITERAL_SECTION,), sample(LITERAL_SECTION.passing)) == ()
    assert apply((LITERAL_SECTION,), sample("It keeps to Article 28 GDPR.")) == ()
