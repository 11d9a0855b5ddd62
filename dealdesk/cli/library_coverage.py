"""`dealdesk library coverage`: which positions can be had, and which pairs stand together."""

from collections.abc import Iterator
from pathlib import Path

import click

from dealdesk.approvals.policy import Policy
from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.cli.edge import NO, as_json, emit, existing_dir
from dealdesk.cli.quote import POLICY_FILE
from dealdesk.kernel.hashing import Json
from dealdesk.workflows.combinations import OUT, Pick
from dealdesk.workflows.library_coverage import AgreementCoverage, Conflict, Coverage, coverage


@click.command("coverage")
@click.argument("folder", type=existing_dir, default=DEFAULT_LIBRARY)
@as_json
def coverage_command(folder: Path, *, as_json: bool) -> None:
    """Try every pair of positions in every agreement; exit 1 when one can't be had."""
    found = coverage(load_library(folder), policy_of(folder))
    emit(coverage_json(found), "\n".join(coverage_text(found)), json_wanted=as_json)
    if not found.is_sound:
        raise SystemExit(NO)


def policy_of(folder: Path) -> Policy | None:
    """Return the approval policy beside a library, if it has one."""
    path = folder / POLICY_FILE
    return load_policy(path, POLICY_FILE.as_posix()) if path.is_file() else None


def coverage_text(found: Coverage) -> Iterator[str]:
    """Yield what was tried and what can't be had, for people."""
    for one in found.agreements:
        yield from _agreement_text(one)
    for clause in found.unplaced:
        yield f"{clause} stands in no agreement."
    for group in found.together:
        yield f"{', '.join(group)} require each other: they stand together or not at all."
    yield "Every position can be had." if found.is_sound else "Not every position can be had."


def _agreement_text(one: AgreementCoverage) -> Iterator[str]:
    yield (
        f"{one.agreement}: {one.clauses} clauses, {one.positions} positions; "
        f"{one.pairs:,} pairs tried in {one.documents} documents."
    )
    for pick, reason in one.unreachable:
        yield f"  {_pick(pick)} can't be had: {reason}"
    for barred in one.barred:
        yield f"  {_pick(barred.first)} and {_pick(barred.second)}: barred, {barred.reason}."
    for conflict in one.conflicts:
        yield f"  {_conflict_text(conflict)}"


def _conflict_text(one: Conflict) -> str:
    picks = " with ".join(_pick(pick) for pick in one.picks) or "What it usually says"
    return f"{picks}: {one.level.value} {one.rule}: {one.message}"


def _pick(pick: Pick) -> str:
    instance, option = pick
    return f"{instance} left out" if option == OUT else f"{instance}:{option}"


def coverage_json(found: Coverage) -> dict[str, Json]:
    """Return coverage as the documented answer has it."""
    return {
        "schema_version": "library-coverage/1",
        "is_sound": found.is_sound,
        "agreements": [_agreement_json(one) for one in found.agreements],
        "unplaced": list(found.unplaced),
        "together": [list(group) for group in found.together],
    }


def _agreement_json(one: AgreementCoverage) -> Json:
    return {
        "agreement": one.agreement,
        "clauses": one.clauses,
        "positions": one.positions,
        "pairs": one.pairs,
        "documents": one.documents,
        "unreachable": [
            {"pick": _pick(pick), "reason": reason} for pick, reason in one.unreachable
        ],
        "barred": [
            {"picks": [_pick(b.first), _pick(b.second)], "reason": b.reason} for b in one.barred
        ],
        "conflicts": [
            {
                "picks": [_pick(pick) for pick in c.picks],
                "rule": c.rule,
                "level": c.level.value,
                "message": c.message,
                "assembles": c.assembles,
            }
            for c in one.conflicts
        ],
    }
