"""The rules on words, held against the text of positions before values are bound."""

import re
from collections.abc import Iterator

from dealdesk.clauses.difference import marks_words
from dealdesk.clauses.lint import text_figures, text_hygiene, text_placeholders
from dealdesk.clauses.lint.paper import Line, Paper
from dealdesk.clauses.lint.paper_lint import lint_paper
from dealdesk.clauses.lint.rule import Fault, Finding, Level, Rule
from dealdesk.clauses.model import Library, Position
from dealdesk.clauses.template import block_marks, walk_template

# Numbers of statutes are theirs and stay: “Article 28 of the Regulation”, “Article 28 GDPR”.
_LITERAL = re.compile(
    r"\b(?:Section|Clause|Article|Paragraph)s?\s+\d+(?:\.\d+)*(?:\([a-z0-9]+\))*"
    r"(?!\d|\.\d|\s+(?:of\s+(?:the\s+)?[A-Z]|[A-Z]{2}))"
)


def _literal(paper: Paper) -> Iterator[Fault]:
    for line in paper.lines:
        if match := _LITERAL.search(line.text):
            yield paper.place(line), f"“{match[0]}” is typed by hand and won't follow its section."


LITERAL_SECTION = Rule(
    "literal-section-number",
    Level.WARNING,
    "Numbers of sections are computed, so that they follow their text.",
    "Write {{ref: id}}.",
    _literal,
    "The caps of Section 6.3 apply.\n",
    "The processor keeps to Article 28 of the Regulation.\n",
)
# The other rules on words ask for a whole contract: terms, promises, tables with their values.
TEMPLATE_RULES: tuple[Rule[Paper], ...] = (
    *text_placeholders.RULES,
    *text_figures.RULES,
    *(rule for rule in text_hygiene.RULES if rule.id != "quotes-mixed"),
    LITERAL_SECTION,
)


def template_findings(library: Library) -> tuple[Finding, ...]:
    """Return what the rules on words find in the text of each position, at its file and line."""
    return tuple(
        finding
        for clause in library.clauses.values()
        for position in clause.positions
        for finding in lint_paper(TEMPLATE_RULES, position_paper(position))
    )


def position_paper(position: Position) -> Paper:
    """Return a position's text as rules read words; values and references stand by their names."""
    lines = (
        Line(block.line, "", "", marks_words(marks), "")
        for block in walk_template(position.text)
        if (marks := block_marks(block))
    )
    return Paper(position.file, tuple(lines))
