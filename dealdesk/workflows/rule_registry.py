"""All rules of the linters: over files, passages, contract text, deals and SLA terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from dealdesk.clauses.lint.library_rules import LIBRARY_RULES
from dealdesk.clauses.lint.rule import Level, Rule
from dealdesk.clauses.lint.template_rules import TEMPLATE_RULES
from dealdesk.clauses.lint.text_rules import TEXT_RULES
from dealdesk.clauses.lint.translation_rules import TRANSLATION_RULES
from dealdesk.sla.lint import RULES
from dealdesk.workflows.deal_rules import DEAL_RULES
from dealdesk.workflows.terms_samples import TERMS_SAMPLES

_Subject = TypeVar("_Subject")
# What each subject is, in the order in which a reader meets them.
SUBJECTS = {
    "library": "the files of a clause library",
    "translation": "translations, beside the English text",
    "passage": "the text of a position, before values are bound",
    "text": "contract text of any origin, and our own agreements",
    "deal": "the clauses of a deal together",
    "terms": "the SLA terms of a deal",
}


@dataclass(frozen=True, slots=True)
class RegisteredRule:
    """One rule as people read it; samples show what fails and what passes."""

    subject: str
    id: str
    level: Level
    explanation: str
    remedy: str
    failing: str
    passing: str


def all_rules() -> tuple[RegisteredRule, ...]:
    """Return every rule by subject, in the order of SUBJECTS."""
    return (
        *_sampled("library", LIBRARY_RULES),
        RegisteredRule(
            "library",
            "review-overdue",
            Level.WARNING,
            "Each clause is read again by its review date.",
            "Read it, and set the next date.",
            "clauses/fees/fees/clause.yaml\nreview_due: 2026-01-01\n",
            "clauses/fees/fees/clause.yaml\nreview_due: 2099-01-01\n",
        ),
        RegisteredRule(
            "library",
            "values-out-of-bounds",
            Level.ERROR,
            "A position's own values keep its own bounds.",
            "Correct the values or the bound.",
            'clauses/uptime/uptime/clause.yaml\ndefault: "99.95"\nwhen: "target <= 99.9"\n',
            'clauses/uptime/uptime/clause.yaml\ndefault: "99.9"\nwhen: "target <= 99.9"\n',
        ),
        *_sampled("translation", TRANSLATION_RULES),
        *_sampled("passage", TEMPLATE_RULES),
        *_sampled("text", TEXT_RULES),
        *(
            RegisteredRule(
                "deal", r.id, Level(r.level), r.explanation, r.remedy, r.failing, r.passing
            )
            for r in DEAL_RULES
        ),
        *(
            RegisteredRule(
                "terms",
                r.id,
                Level(r.level),
                r.explanation,
                r.remedy,
                *TERMS_SAMPLES[r.id],
            )
            for r in RULES
        ),
    )


def _sampled(subject: str, rules: Iterable[Rule[_Subject]]) -> tuple[RegisteredRule, ...]:
    return tuple(
        RegisteredRule(subject, r.id, r.level, r.explanation, r.remedy, r.failing, r.passing)
        for r in rules
    )
