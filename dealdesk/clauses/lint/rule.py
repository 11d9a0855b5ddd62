"""What a rule is, and what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from dealdesk.kernel.errors import Place, Problem

_Subject = TypeVar("_Subject")
Fault = tuple[Place, str]


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
    """A fault that a rule found."""

    rule: str
    level: Level
    problem: Problem


def apply(rules: tuple[Rule[_Subject], ...], subject: _Subject) -> tuple[Finding, ...]:
    """Return everything that the rules find, errors first, then by place."""
    found = [
        Finding(rule.id, rule.level, Problem(rule.id, message, place, rule.remedy))
        for rule in rules
        for place, message in rule.check(subject)
    ]
    order = list(Level)
    return tuple(sorted(found, key=lambda f: (order.index(f.level), f.problem.place, f.rule)))


def has_errors(findings: tuple[Finding, ...]) -> bool:
    """Tell whether any finding is an error."""
    return any(finding.level is Level.ERROR for finding in findings)
