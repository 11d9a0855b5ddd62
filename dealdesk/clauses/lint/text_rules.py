"""Rules that read the words of a contract, whoever wrote it."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from dealdesk.clauses.lint.contract_text import ContractText
from dealdesk.clauses.lint.rule import Fault, Level, Rule
from dealdesk.terms.number_words import words_number
from dealdesk.terms.value_types import hidden_characters

_WORDS_FIGURES = re.compile(
    r"\b(?P<words>(?:(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy"
    r"|eighty|ninety|hundred|thousand|million|and)[\s-]*)+)\s*\((?P<figures>\d[\d,]*)\)",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"\[(?:[^\[\]()]{0,60})\](?!\()|\bTB[DCA]\b|\bTODO\b|_{4,}|\{\{?[^{}]*\}\}?|<<[^<>]*>>"
)
_RANGE = re.compile(
    r"(?P<low>\d{1,3}(?:\.\d+)?)\s*%?\s*(?:-|–|—|to)\s*(?P<high>\d{1,3}(?:\.\d+)?)\s*%?"
)
_DEFINED = re.compile(
    r"[“\"]([A-Z][A-Za-z’'-]*(?:\s+[A-Za-z’'-]+){0,4})[”\"]\s*(?:means|is\s|are\s|has the meaning)"
)
_SURVIVAL = re.compile(r"\bsurviv(?:e|es|al)\b", re.IGNORECASE)
_LAW = re.compile(
    r"governed by (?:and construed in accordance with )?the laws? of (?:the )?([A-Z][\w ]+?)(?=[,.;]| without| and the)"
)
_PERCENT = Decimal(100)


def _words_figures(text: ContractText) -> Iterator[Fault]:
    for line in text.lines:
        for match in _WORDS_FIGURES.finditer(line.text):
            stated = words_number(match["words"].strip(" -"))
            figures = int(match["figures"].replace(",", ""))
            if stated is not None and stated != figures:
                words = match["words"].strip()
                yield (
                    text.place(line.number),
                    f"“{words} ({match['figures']})” says two different numbers.",
                )


def _placeholders(text: ContractText) -> Iterator[Fault]:
    for line in text.lines:
        for match in _PLACEHOLDER.finditer(line.text):
            yield text.place(line.number), f"“{match[0][:60]}” is left to be filled in."


def _hidden(text: ContractText) -> Iterator[Fault]:
    for line in text.lines:
        if found := hidden_characters(line.text):
            yield (
                text.place(line.number),
                f"The line holds a character that can't be seen (U+{ord(found[0]):04X}).",
            )


def _normal(title: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", title).lower().split())


def _label_heading(text: ContractText) -> Iterator[Fault]:
    for reference in text.references:
        heading = text.headings.get(reference.number)
        if reference.title and heading and _normal(heading) != _normal(reference.title):
            yield (
                text.place(reference.line),
                f"Section {reference.number} is called “{heading}”, not “{reference.title}”.",
            )


def _broken(text: ContractText) -> Iterator[Fault]:
    if not text.headings:
        return
    known = set(text.headings)
    tops = {number.partition(".")[0] for number in known}
    for reference in text.references:
        depth_known = any(number.count(".") == reference.number.count(".") for number in known)
        top = reference.number.partition(".")[0]
        if (
            depth_known
            and reference.number not in known
            and (top not in tops or "." in reference.number)
        ):
            yield text.place(reference.line), f"There is no Section {reference.number}."


def _survival(text: ContractText) -> Iterator[Fault]:
    for line in text.lines:
        if not _SURVIVAL.search(line.text) or not text.headings:
            continue
        for reference in text.references:
            if reference.line == line.number and reference.number not in text.headings:
                yield (
                    text.place(line.number),
                    f"Section {reference.number} is to survive, but there is no such section.",
                )


def _duplicate_definitions(text: ContractText) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for line in text.lines:
        for match in _DEFINED.finditer(line.text):
            term = match[1]
            if term in seen and seen[term] != line.number:
                message = f"“{term}” is defined twice; first on line {seen[term]}."
                yield text.place(line.number), message
            seen.setdefault(term, line.number)


def _duplicate_headings(text: ContractText) -> Iterator[Fault]:
    counts = Counter(_normal(title) for _, title in text.titles)
    seen: set[str] = set()
    for number, title in text.titles:
        key = _normal(title)
        if counts[key] > 1 and key in seen:
            yield text.place(number), f"The heading “{title}” stands more than once."
        seen.add(key)


def _ranges(text: ContractText) -> Iterator[tuple[int, Decimal, Decimal]]:
    """Yield percentage ranges that look like availability tiers, with their lines."""
    for line in text.lines:
        for match in _RANGE.finditer(line.text):
            low, high = Decimal(match["low"]), Decimal(match["high"])
            if "%" in line.text and Decimal(80) <= low < high <= _PERCENT:
                yield line.number, low, high


def _tier_gap(text: ContractText) -> Iterator[Fault]:
    tiers = sorted(_ranges(text), key=lambda tier: tier[1], reverse=True)
    for (_, low, _), (line, _, next_high) in pairwise(tiers):
        if next_high < low:
            yield (
                text.place(line),
                f"Between {next_high} % and {low} % no tier applies.",
            )
        elif next_high > low:
            yield text.place(line), f"From {low} % to {next_high} % two tiers apply."


def _law_conflict(text: ContractText) -> Iterator[Fault]:
    laws: dict[str, int] = {}
    for line in text.lines:
        for match in _LAW.finditer(line.text):
            laws.setdefault(match[1].strip(), line.number)
    for law, number in list(laws.items())[1:]:
        yield text.place(number), f"Two laws govern: {next(iter(laws))} and {law}."


TEXT_RULES: tuple[Rule[ContractText], ...] = (
    Rule(
        "words-figures", Level.ERROR, "A number in words and in figures is one number.",
        "Write the number that is meant in both forms.", _words_figures,
        "Payment is due in thirty (60) days.", "Payment is due in thirty (30) days.",
    ),
    Rule(
        "leftover-placeholder", Level.ERROR, "Nothing is left to be filled in at the end.",
        "Fill it in, or take it out.", _placeholders,
        "The fee is [amount] a year.", "See [the list](list.md) of fees.",
    ),
    Rule(
        "hidden-character", Level.ERROR, "Every character of a contract can be seen.",
        "Type the words again.", _hidden, "The cap is 1\u202e00 dollars.", "The cap is 100 dollars.",
    ),
    Rule(
        "label-heading", Level.WARNING, "A label beside a reference is the heading that it names.",
        "Correct the label, or the number.", _label_heading,
        "6.3 From Provider. Text.\nSee Section 6.3 (Warranty From Provider).",
        "6.3 From Provider. Text.\nSee Section 6.3 (From Provider).",
    ),
    Rule(
        "ref-broken", Level.ERROR, "A reference leads to a section that exists.",
        "Correct the number.", _broken, "6.3 Cap. Text.\nSee Section 6.9.", "6.3 Cap. Text.\nSee Section 6.3.",
    ),
    Rule(
        "survival-missing", Level.ERROR, "What is to survive exists.", "Correct the list.", _survival,
        "4.1 Fees. Text.\nSections that survive: Section 9.2.", "4.1 Fees. Text.\nSection 4.1 survives.",
    ),
    Rule(
        "duplicate-definition", Level.ERROR, "A term is defined once.", "Keep one definition.",
        _duplicate_definitions,
        "“Service” means the app.\n“Service” means the support.", "“Service” means the app.\nThe Service is up.",
    ),
    Rule(
        "duplicate-heading", Level.WARNING, "A heading names one place.", "Rename one of them.",
        _duplicate_headings, "# Fees\n\n# Fees", "# Fees\n\n# Taxes",
    ),
    Rule(
        "tier-gap", Level.ERROR, "Every value falls into one tier.",
        "Write thresholds only: “below 99.9 %”, “below 99 %”.", _tier_gap,
        "| 99.00 - 99.89% | 5% |\n| 97.00 - 98.99% | 20% |", "| 99.0 - 99.9% | 5% |\n| 97.0 - 99.0% | 20% |",
    ),
    Rule(
        "law-conflict", Level.WARNING, "One law governs.", "Keep one of them.", _law_conflict,
        "It is governed by the laws of England.\nIt is governed by the laws of Ohio.",
        "It is governed by the laws of England.",
    ),
)  # fmt: skip
