"""The demo's counter: what a counsel changes in Word, and who decides on it (format counter/1)."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dealdesk.documents.docx.redline import Replacement
from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.kernel.located_yaml import load_yaml_file
from dealdesk.kernel.records import Record
from dealdesk.terms.values import ValueRef

FORMAT = "counter/1"


class CounterFileError(DomainError):
    """A counter file that can't be read; every fault is listed."""


@dataclass(frozen=True, slots=True)
class PlannedDecision:
    """Who will decide in a role, when, and on what condition."""

    role: str
    person: str
    at: datetime
    conditions: str


@dataclass(frozen=True, slots=True)
class CounterPlan:
    """The changes that a counsel makes, and the decisions that follow."""

    author: str
    at: datetime
    replacements: tuple[Replacement, ...]
    decisions: tuple[PlannedDecision, ...]


def load_counter(path: Path) -> CounterPlan:
    """Return the plan in a file. Raise CounterFileError with every fault, file and line."""
    problems: list[Problem] = []
    record = Record.whole(load_yaml_file(path), problems)
    if record is None:
        raise CounterFileError(problems)
    record.choice("schema", (FORMAT,))
    plan = CounterPlan(
        author=record.text("author"),
        at=_instant(record, "at"),
        replacements=tuple(_replacement(item) for item in record.records("changes")),
        decisions=tuple(_decision(item) for item in record.records("decisions")),
    )
    record.finish()
    if problems:
        raise CounterFileError(problems)
    return plan


def _instant(record: Record, key: str) -> datetime:
    text = record.text(key)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = datetime.min  # noqa: DTZ901 - a stand-in; the problem below is what counts
    if at.tzinfo is None:
        record.problem(key, "bad-instant", f"“{text}” is not an instant with a zone.")
    return at


def _replacement(record: Record) -> Replacement:
    value, block = record.text("value", default=""), record.text("block", default="")
    if bool(value) == bool(block):
        record.problem("", "one-target", "A change names a value or a block.")
    instance, _, variable = value.partition("/")
    target = ValueRef(instance, variable) if value else block
    replacement = (target, record.text("old"), record.text("new"))
    record.finish()
    return replacement


def _decision(record: Record) -> PlannedDecision:
    decision = PlannedDecision(
        record.text("role"),
        record.text("person"),
        _instant(record, "at"),
        record.text("conditions", default=""),
    )
    record.finish()
    return decision
