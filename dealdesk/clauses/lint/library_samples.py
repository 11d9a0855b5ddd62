"""What each rule over a library is for, shown as an edit that spoils a sound library."""

from collections.abc import Mapping
from dataclasses import dataclass

UPTIME = "clauses/uptime/uptime"


@dataclass(frozen=True, slots=True)
class Edit:
    """Words in one file of a library and what they are spoilt to."""

    file: str
    old: str
    new: str

    def failing(self) -> str:
        """Return the sample as it fails."""
        return f"{self.file}\n{self.new}\n"

    def passing(self) -> str:
        """Return the sample as it passes."""
        return f"{self.file}\n{self.old}\n"


LIBRARY_SAMPLES: Mapping[str, Edit] = {
    "undeclared-variable": Edit(
        f"{UPTIME}/standard.md", "{{value: target}} of each", "{{value: speed}} of each"
    ),
    "unknown-name": Edit(f"{UPTIME}/clause.yaml", "target <= 99.9", "speed <= 99.9"),
    "unused-variable": Edit(
        f"{UPTIME}/clause.yaml",
        "variables:\n",
        "variables:\n  - id: spare\n    type: text\n    default: x\n",
    ),
    "export-unprinted": Edit(
        f"{UPTIME}/fallback-1.md", "{{value: claim_within | words}}", "thirty days"
    ),
    "ref-broken": Edit(
        f"{UPTIME}/standard.md", "{{ref: liability/cap}}", "{{ref: liability/ceiling}}"
    ),
    "ref-conditional-unsafe": Edit(
        f"{UPTIME}/standard.md",
        "{{ref: liability/cap}}",
        "{{ref: no-claim}} and {{ref: liability/cap}}",
    ),
    "ref-optional-unsafe": Edit("agreements/sample.yaml", "optional: false", "optional: true"),
    "undefined-term": Edit(
        f"{UPTIME}/standard.md",
        "the {{term: service}} available",
        "the {{term: platform}} available",
    ),
    "duplicate-definition": Edit(
        "clauses/liability/liability/standard.md",
        "the {{term: fees}} of",
        'the "Fees" {{def: fees}} of',
    ),
    "unused-definition": Edit(
        "clauses/fees/fees/standard.md", "for the", 'to the "Bank" {{def: bank}} for the'
    ),
    "circular-definition": Edit(
        "clauses/fees/fees/standard.md",
        "of the invoice date.",
        "of the invoice date.\n\n"
        '- "Bank" {{def: bank}} means the {{term: payee}}. {#bank}\n'
        '- "Payee" {{def: payee}} means the {{term: bank}}. {#payee}\n',
    ),
    "excludes-unmet": Edit(
        "clauses/fees/fees/clause.yaml", "positions:", "excludes: [uptime]\npositions:"
    ),
    "position-order": Edit(f"{UPTIME}/clause.yaml", "rank: standard", "rank: fallback"),
    "approver-missing": Edit(f"{UPTIME}/clause.yaml", "- role: engineering", "- role: astrologer"),
    "family-unknown": Edit("clauses/fees/fees/clause.yaml", "family: fees", "family: taxes"),
    "requires-unknown": Edit(
        "clauses/fees/fees/clause.yaml", "positions:", "requires: [escrow]\npositions:"
    ),
    "sentence-missing": Edit(
        "clauses/fees/fees/clause.yaml", '"{{value: order.payment_days}}"', '""'
    ),
    "licence-missing": Edit("clauses/fees/fees/clause.yaml", "licence: Apache-2.0", 'licence: ""'),
    "requires-contradict": Edit(
        "clauses/fees/fees/clause.yaml", "positions:", "requires: [fees]\npositions:"
    ),
    "precedence-order": Edit("agreements/sample.yaml", "[order, terms]", "[order]"),
    "condition-never-holds": Edit(
        f"{UPTIME}/clause.yaml", "target <= 99.9", "target <= 99.9 and target > 99.95"
    ),
    "hidden-character": Edit(
        "clauses/fees/fees/clause.yaml", "Terms of payment", "Terms\u200b of payment"
    ),
    "pasted-markup": Edit(
        "clauses/fees/fees/clause.yaml", "Terms of payment", "<b>Terms</b> of payment"
    ),
    "unmarked-term": Edit(
        "clauses/fees/fees/standard.md",
        "of the invoice date.",
        'of the invoice date.\n\n- "Due Day" {{def: due-day}} is that day. {#due-day}\n'
        "- {{term: due-day}} stands; on the Due Day it is paid. {#paid}\n",
    ),
}
