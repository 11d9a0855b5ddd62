"""A clause's samples: values, and lines that its passage then has to print (format: ADR 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dealdesk.clauses.model import Clause
from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.kernel.located_yaml import Data, load_yaml_file
from dealdesk.kernel.records import Record


class SampleError(DomainError):
    """A samples file that can't be read; every fault is listed."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample of a position; `expect` are lines in the order in which they have to stand."""

    position: str
    values: Mapping[str, Data]
    expect: tuple[str, ...]


def load_samples(root: Path, clause: Clause) -> tuple[Sample, ...]:
    """Return the samples beside a clause's file. Raise SampleError with every fault."""
    path = (root / clause.file).parent / "samples.yaml"
    located = load_yaml_file(path, path.relative_to(root).as_posix())
    problems: list[Problem] = []
    if not isinstance(located.data, list):
        message = "Samples are a list."
        raise SampleError.of("not-a-list", message, place=located.place(""))
    whole = Record(located, "", {"samples": located.data}, problems)
    samples = tuple(_sample(item, clause) for item in whole.records("samples"))
    if problems:
        raise SampleError(problems)
    return samples


def _sample(record: Record, clause: Clause) -> Sample:
    position = record.choice("position", [p.id for p in clause.positions])
    sample = Sample(position, record.data_mapping("values"), record.texts("expect"))
    if not sample.expect:
        record.problem("expect", "nothing-expected", "A sample expects at least one line.")
    record.finish()
    return sample


def missing_lines(sample: Sample, lines: list[str]) -> tuple[str, ...]:
    """Return the expected lines that do not stand in a passage's lines in their order."""
    missing: list[str] = []
    position = 0
    for expected in sample.expect:
        try:
            position = lines.index(expected, position) + 1
        except ValueError:
            missing.append(expected)
    return tuple(missing)
