"""`dealdesk policy simulate`: try each rule of an approval policy, or what a change would ask."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.cli.edge import NO, Commands, as_json, columns, emit, existing_dir, existing_file
from dealdesk.cli.quote import CATALOGUE_FILE, POLICY_FILE
from dealdesk.deals.catalogue import load_catalogue
from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.located_yaml import Data, load_yaml, load_yaml_file
from dealdesk.workflows.policy_simulation import (
    Asked,
    Bench,
    Outcome,
    WhatIf,
    load_policy_samples,
    simulate,
    untried,
    what_if,
)

SAMPLES_FILE = Path("policies") / "approval-samples.yaml"


@click.group("policy", cls=Commands)
def policy_commands() -> None:
    """Work with approval policies: who decides on what, as data."""


@policy_commands.command("simulate")
@click.argument("deal_file", type=existing_file, required=False)
@click.option("--set", "sets", multiple=True, metavar="PATH=VALUE", help="A change of the deal.")
@click.option("--library", type=existing_dir, default=DEFAULT_LIBRARY, help="The clause library.")
@click.option("--policy", type=existing_file, help="The approval policy; the library's by default.")
@click.option("--samples", type=existing_file, help="Samples of rules; the library's by default.")
@as_json
def simulate_command(
    deal_file: Path | None,
    sets: tuple[str, ...],
    library: Path,
    policy: Path | None,
    samples: Path | None,
    *,
    as_json: bool,
) -> None:
    """Try every rule on its samples, or say what a change of DEAL_FILE would ask of whom.

    Exit status 1 when a rule does not do what its samples say, or has none.
    """
    prices = library / CATALOGUE_FILE
    bench = Bench(
        load_library(library),
        load_policy(policy or library / POLICY_FILE),
        load_catalogue(prices) if prices.is_file() else None,
    )
    if deal_file is not None:
        data = load_yaml_file(deal_file).data
        found = what_if(data if isinstance(data, dict) else {}, dict(_changes(sets)), bench)
        emit(_what_if_json(found), _what_if_text(found), json_wanted=as_json)
        return
    if sets:
        raise DomainError.of("no-deal", "--set changes a deal; name its file too.")
    given = load_policy_samples(samples or library / SAMPLES_FILE)
    outcomes = simulate(given, bench)
    problems = tuple(untried(given, bench.policy))
    answer = _simulation_json(bench.policy.key, outcomes, problems)
    emit(answer, _simulation_text(outcomes, problems), json_wanted=as_json)
    if problems or not all(one.is_as_expected for one in outcomes):
        raise SystemExit(NO)


def _changes(sets: Sequence[str]) -> Iterator[tuple[str, Data]]:
    """Yield path and value of each change; a value is read as the deal file would be."""
    for words in sets:
        path, equals, value = words.partition("=")
        if not (equals and path.strip()):
            raise DomainError.of(
                "bad-change", f"“{words}” is no change.", remedy="Write PATH=VALUE."
            )
        yield path.strip(), _value(value.strip(), path)


def _value(text: str, path: str) -> Data:
    """Return a value as YAML reads it; figures with decimals are words, as in deal files."""
    located = load_yaml(f"value: {text}\n" if text else 'value: ""\n', path)
    return located.data["value"] if isinstance(located.data, dict) else text


def _simulation_text(outcomes: Sequence[Outcome], problems: Sequence[Problem]) -> str:
    rows = [
        [
            one.case.rule,
            ", ".join(f"{path} = {value}" for path, value in one.case.changes.items())
            or "as it is",
            ", ".join(one.asked) or "nobody",
            "as expected" if one.is_as_expected else f"expected {_roles(one.case.roles)}",
        ]
        for one in outcomes
    ]
    table = columns(["Rule", "Change of the deal", "Asks", "Outcome"], rows)
    wrong = sum(1 for one in outcomes if not one.is_as_expected)
    lines = [table, *(str(problem) for problem in problems)]
    lines.append(f"{len(outcomes)} cases, {wrong} not as expected, {len(problems)} problems.")
    return "\n".join(lines)


def _roles(roles: Sequence[str]) -> str:
    return ", ".join(roles) or "nobody"


def _simulation_json(
    policy: str, outcomes: Sequence[Outcome], problems: Sequence[Problem]
) -> dict[str, Json]:
    return {
        "schema_version": "policy-simulation/1",
        "policy": policy,
        "cases": [
            {
                "rule": one.case.rule,
                "changes": {path: str(value) for path, value in one.case.changes.items()},
                "expected": list(one.case.roles),
                "asked": list(one.asked),
                "messages": list(one.messages),
                "as_expected": one.is_as_expected,
            }
            for one in outcomes
        ],
        "problems": [problem.message for problem in problems],
    }


def _what_if_text(found: WhatIf) -> str:
    lines = [*_asks("Asked on top", found.added), *_asks("No longer asked", found.dropped)]
    same = len(found.after) - len(found.added)
    lines.append(f"{same} reasons stay as they are." if same else "Nothing else is asked.")
    return "\n".join(lines)


def _asks(head: str, asked: Sequence[Asked]) -> Iterator[str]:
    if asked:
        yield columns(
            [head, "Rule", "Reason"], [[one.role, one.rule, one.message] for one in asked]
        )


def _what_if_json(found: WhatIf) -> dict[str, Json]:
    return {
        "schema_version": "policy-what-if/1",
        "added": [_asked_json(one) for one in found.added],
        "dropped": [_asked_json(one) for one in found.dropped],
        "after": [_asked_json(one) for one in found.after],
    }


def _asked_json(asked: Asked) -> Json:
    return {"role": asked.role, "rule": asked.rule, "message": asked.message}
