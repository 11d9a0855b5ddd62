"""Lint a text: what rules find, each with the sentence that shows it."""

import re
from dataclasses import replace

from dealdesk.clauses.lint.paper import Paper, split_sentences
from dealdesk.clauses.lint.rule import Finding, Rule, apply

_LONGEST = 240
_BEGINNING = 20  # of words that run over the end of a sentence
_QUOTED = re.compile(r"“([^”]+)”")
_FIGURE = re.compile(r"\d[\d.,]*\d|\d")


def lint_paper(rules: tuple[Rule[Paper], ...], paper: Paper) -> tuple[Finding, ...]:
    """Return everything that the rules find in a text, errors first, each with its sentence."""
    lines = {line.number: line.text for line in paper.lines}
    return tuple(
        replace(finding, sentence=_excerpt(finding, lines.get(finding.problem.place.line, "")))
        for finding in apply(rules, paper)
    )


def _excerpt(finding: Finding, text: str) -> str:
    message = finding.problem.message
    fragments = [*_QUOTED.findall(message), *_FIGURE.findall(message)]
    sentence = finding.sentence or _sentence(split_sentences(text), fragments)
    return _shortened(sentence, next((f for f in fragments if f in sentence), ""))


def _sentence(sentences: tuple[str, ...], fragments: list[str]) -> str:
    """Return the sentence that holds what the message names.

    A message that names nothing is about the whole block; what it names elsewhere stands nowhere.
    """
    if not fragments:
        return sentences[0]
    for length in (_LONGEST, _BEGINNING):
        for fragment in fragments:
            for sentence in sentences:
                if fragment[:length] in sentence:
                    return sentence
    return ""


def _shortened(sentence: str, fragment: str) -> str:
    """Return a sentence cut to what can be read at a glance, around the words that matter."""
    if len(sentence) <= _LONGEST:
        return sentence
    middle = sentence.find(fragment) + len(fragment) // 2
    start = max(0, min(middle - _LONGEST // 2, len(sentence) - _LONGEST))
    cut = sentence[start : start + _LONGEST]
    head = "… " if start else ""
    tail = " …" if start + _LONGEST < len(sentence) else ""
    return f"{head}{cut.strip()}{tail}"
