"""The rules over contract text: those for any text, and those for text that we did not assemble."""

from dealdesk.clauses.lint import (
    text_credits,
    text_figures,
    text_hygiene,
    text_parties,
    text_placeholders,
    text_promises,
    text_references,
    text_remedies,
    text_service_levels,
    text_structure,
    text_support,
    text_terms,
)
from dealdesk.clauses.lint.paper import Paper
from dealdesk.clauses.lint.rule import Rule

# In our own agreements numbers and references are computed, so only foreign text can get them wrong.
OWN_TEXT_RULES: tuple[Rule[Paper], ...] = (
    *text_terms.RULES,
    *text_placeholders.RULES,
    *text_figures.RULES,
    *text_credits.RULES,
    *text_parties.RULES,
    *text_promises.RULES,
    *text_remedies.RULES,
    *text_service_levels.RULES,
    *text_support.RULES,
    *text_structure.RULES,
    *text_hygiene.RULES,
)
TEXT_RULES: tuple[Rule[Paper], ...] = (*OWN_TEXT_RULES, *text_references.RULES)
