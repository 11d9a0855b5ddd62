"""What a rule is, and what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from dealdesk.kernel.errors import Place, Problem

_Subject = TypeVar("_Subject")
# Where and what; rules over sentences add the sentence itself.
Fault: TypeAlias = tuple[Place, str] | tuple[Place, str, str]


class Level(StrEnum):
    """How much a finding matters; errors make a lint answer "no"."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Rule(Generic[_Subject]):
    """A rule over one kind of subject.

    `check` yields a place and a sentence for each fault. `failing` and `passing` are samples of
    the subject's source, held by tests.
    """

    id: str
    level: Level
    explanation: str
    remedy: str
    check: Callable[[_Subject], Iterator[Fault]]
    failing: str
    passing: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault that a rule found; `sentence` is the one that shows it, "" for a whole text's."""

    rule: str
    level: Level
    problem: Problem
    sentence: str = ""


def apply(rules: tuple[Rule[_Subject], ...], subject: _Subject) -> tuple[Finding, ...]:
    """Return everything that the rules find, errors first, then by place."""
    found = [_finding(rule, *fault) for rule in rules for fault in rule.check(subject)]
    order = list(Level)
    return tuple(sorted(found, key=lambda f: (order.index(f.level), f.problem.place, f.rule)))


def _finding(rule: Rule[_Subject], place: Place, message: str, sentence: str = "") -> Finding:
    problem = Problem(rule.id, message, place, rule.remedy)
    return Finding(rule.id, rule.level, problem, sentence)


def has_errors(findings: tuple[Finding, ...]) -> bool:
    """Tell whether any finding is an error."""
    return any(finding.level is Level.ERROR for finding in findings)
