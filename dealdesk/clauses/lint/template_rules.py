"""The rules on words, held against the text of positions before values are bound."""

import re
from collections.abc import Iterator
from dataclasses import replace

from dealdesk.clauses.difference import marks_words
from dealdesk.clauses.lint import text_figures, text_hygiene, text_placeholders
from dealdesk.clauses.lint.paper import Line, Paper
from dealdesk.clauses.lint.paper_lint import lint_paper
from dealdesk.clauses.lint.rule import Fault, Finding, Level, Rule
from dealdesk.clauses.model import Library, Position
from dealdesk.clauses.template import Template, block_marks, walk_template

# Numbers of statutes are theirs and stay: “Article 28 of the Regulation”, “Article 28 GDPR”.
_LITERAL = re.compile(
    r"\b(?:Section|Clause|Article|Paragraph)s?\s+\d+(?:\.\d+)*(?:\([a-z0-9]+\))*"
    r"(?!\d|\.\d|\s+(?:of\s+(?:the\s+)?[A-Z]|[A-Z]{2}))"
)


def _literal(paper: Paper) -> Iterator[Fault]:
    for line in paper.lines:
        if match := _LITERAL.search(line.text):
            yield paper.place(line), f"“{match[0]}” is typed by hand and won't follow its section."


_QUOTED = re.compile(r"“([^”]+)”")
_NUMBERED = re.compile(r"U\+([0-9A-F]{4,6})")

LITERAL_SECTION = Rule(
    "literal-section-number",
    Level.WARNING,
    "Numbers of sections are computed, so that they follow their text.",
    "Write {{ref: id}}.",
    _literal,
    "The caps of Section 6.3 apply.\n",
    "The processor keeps to Article 28 of the Regulation.\n",
)
# What holds in any language: signs, blanks, markup.
LETTER_RULES: tuple[Rule[Paper], ...] = (
    *text_placeholders.RULES,
    *(rule for rule in text_hygiene.RULES if rule.id not in {"quotes-mixed", "archaic-words"}),
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
        _located(finding, clause.files.get(f"{position.id}.md", ""))
        for clause in library.clauses.values()
        for position in clause.positions
        for finding in lint_paper(TEMPLATE_RULES, position_paper(position))
    )


def _located(finding: Finding, source: str) -> Finding:
    """Return a finding at the line of its words: a block may run over several."""
    message, place = finding.problem.message, finding.problem.place
    signs = (chr(int(number, 16)) for number in _NUMBERED.findall(message))
    fragments = (*_QUOTED.findall(message), *signs)
    for number, line in enumerate(source.splitlines(), 1):
        if number >= place.line and any(fragment in line for fragment in fragments):
            problem = replace(finding.problem, place=replace(place, line=number))
            return replace(finding, problem=problem)
    return finding


def position_paper(position: Position) -> Paper:
    """Return a position's text as rules read words; values and references stand by their names."""
    return template_paper(position.text, position.file)


def template_paper(text: Template, file: str) -> Paper:
    """Return a parsed text as rules read words."""
    lines = (
        Line(block.line, "", "", marks_words(marks), "")
        for block in walk_template(text)
        if (marks := block_marks(block))
    )
    return Paper(file, tuple(lines))
