# ruff: noqa: INP001 - a script, not a module of a package
"""Write samples.yaml beside clauses from what their positions print now, to be read in the diff.

The standard's sample expects the lines that print a value; the others expect what the standard does
not say. Values of samples that are there stay. Usage: python tools/record_samples.py [CLAUSE …]
"""

import sys
from collections.abc import Iterator

import yaml

from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.clauses.model import Clause, Library
from dealdesk.clauses.samples import load_samples
from dealdesk.kernel.located_yaml import Data
from dealdesk.workflows.sample_passages import PrintedLine, sample_passage

HEAD = (
    "# What each position prints with these values; "
    "checked by tests/unit/clauses/test_samples.py.\n"
)


def samples_text(clause: Clause, library: Library) -> str:
    """Return the text of a clause's samples file."""
    kept = kept_values(clause)
    standard: set[str] = set()
    lines = [HEAD]
    for position in clause.positions:
        values = kept.get(position.id, {})
        printed = sample_passage(library, clause.id, position.id, values)
        lines.append(f"- position: {position.id}\n")
        if values:
            lines += ["  values:\n", *indented(yaml.safe_dump(values, sort_keys=False))]
        lines.append("  expect:\n")
        lines += [f"    - {quoted(line)}\n" for line in expected(printed, standard)]
        standard = standard or {line.text for line in printed}
    return "".join(lines)


def kept_values(clause: Clause) -> dict[str, dict[str, Data]]:
    """Return the values that the present samples give, by position."""
    if not (DEFAULT_LIBRARY / clause.file).with_name("samples.yaml").exists():
        return {}
    present = load_samples(DEFAULT_LIBRARY, clause)
    return {sample.position: dict(sample.values) for sample in present}


def expected(printed: tuple[PrintedLine, ...], standard: set[str]) -> Iterator[str]:
    """Yield the heading, and what prints a value or is not in the standard."""
    seen: set[str] = set()
    for number, line in enumerate(printed):
        is_told = line.text not in standard if standard else line.has_value
        if (number == 0 or is_told) and line.text not in seen:
            seen.add(line.text)
            yield line.text


def indented(text: str) -> list[str]:
    """Return YAML lines two levels in."""
    return [f"    {line}\n" for line in text.splitlines()]


def quoted(line: str) -> str:
    """Return a line as a double-quoted YAML scalar."""
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'


if __name__ == "__main__":
    shipped = load_library(DEFAULT_LIBRARY)
    for name in sys.argv[1:] or shipped.clauses:
        found = shipped.clauses[name]
        path = (DEFAULT_LIBRARY / found.file).with_name("samples.yaml")
        path.write_text(samples_text(found, shipped), "utf-8")
