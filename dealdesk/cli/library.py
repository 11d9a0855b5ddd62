"""`dealdesk library …`: lint a clause library, list it, show a clause, compare two libraries."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import click

from dealdesk.approvals.policy import Policy
from dealdesk.clauses.difference import ClauseDifference, library_difference, position_difference
from dealdesk.clauses.lint.library_rules import LIBRARY_RULES, overdue
from dealdesk.clauses.lint.rule import Finding, Level, apply, has_errors
from dealdesk.clauses.lint.template_rules import template_findings
from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library, read_library
from dealdesk.clauses.model import Clause, Library, Position
from dealdesk.cli.edge import NO, as_json, columns, emit, existing_dir, fail
from dealdesk.cli.late import Late, LateCommands
from dealdesk.cli.library_coverage import policy_of
from dealdesk.cli.library_show import clause_json, show_json, shown
from dealdesk.cli.library_translations import translation_findings
from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.kernel.hashing import Json
from dealdesk.workflows.library_lint import assembled_findings


class _LibraryCommands(LateCommands):
    """The group; what needs templates or every rule is loaded when it is called."""

    late: ClassVar[Mapping[str, Late]] = {
        "book": Late(
            "dealdesk.cli.library_book",
            "book_command",
            "Write a library as a book: index.html with families, ladders, text and approvals.",
        ),
        "coverage": Late(
            "dealdesk.cli.library_coverage",
            "coverage_command",
            "Try every pair of positions in every agreement; exit 1 when one can't be had.",
        ),
        "export": Late(
            "dealdesk.cli.library_sync",
            "export_command",
            "Write what is published last into the library's files; those that say the same stay.",
        ),
        "import": Late(
            "dealdesk.cli.library_sync",
            "import_command",
            "Load the library's files: published into an empty database, else each"
            " change as a draft.",
        ),
        "rules": Late(
            "dealdesk.cli.library_rules",
            "rules",
            "List every rule with its level, what holds and what to do.",
        ),
        "statistics": Late(
            "dealdesk.cli.library_statistics",
            "statistics_command",
            "Count words and measure how each position reads, with sample values.",
        ),
        "translations": Late(
            "dealdesk.cli.library_translations",
            "translations",
            "List what is translated: current, stale or missing, with the source"
            " that a file names.",
        ),
    }


@click.group("library", cls=_LibraryCommands)
def library_commands() -> None:
    """Work with a clause library: files that lawyers review."""


@library_commands.command("lint")
@click.argument("folder", type=existing_dir, default=DEFAULT_LIBRARY)
@as_json
def lint(folder: Path, *, as_json: bool) -> None:
    """Check every file, clause, position and agreement of a library; exit 1 on errors."""
    findings = library_findings(folder)
    answer: dict[str, Json] = {
        "schema_version": "library-lint/1",
        "findings": [finding_json(finding) for finding in findings],
    }
    emit(answer, findings_text(findings), json_wanted=as_json)
    if has_errors(findings):
        raise SystemExit(NO)


def library_findings(folder: Path) -> tuple[Finding, ...]:
    """Return what the files, the rules, and the assembled positions of a library show."""
    library, problems = read_library(folder)
    unread = tuple(Finding(p.code, Level.ERROR, p) for p in problems)
    if library is None or problems:
        return unread
    policy, unread = _policy(folder)
    today = datetime.now(UTC).date()
    late = tuple(
        Finding("review-overdue", Level.WARNING, Problem("review-overdue", message, place))
        for place, message in overdue(library, today)
    )
    return (
        *unread,
        *apply(LIBRARY_RULES, library),
        *template_findings(library),
        *assembled_findings(library, policy),
        *translation_findings(folder, library),
        *late,
    )


def _policy(folder: Path) -> tuple[Policy | None, tuple[Finding, ...]]:
    """Return the policy beside a library, and every problem of its file."""
    try:
        return policy_of(folder), ()
    except DomainError as error:
        return None, tuple(Finding(p.code, Level.ERROR, p) for p in error.problems)


def finding_json(finding: Finding) -> Json:
    """Return a finding as the documented answer has it."""
    place = finding.problem.place
    return {
        "rule": finding.rule,
        "level": finding.level.value,
        "file": place.file,
        "line": place.line,
        "path": place.path,
        "message": finding.problem.message,
        "remedy": finding.problem.remedy,
        "sentence": finding.sentence,
    }


def findings_text(findings: tuple[Finding, ...]) -> str:
    """Return findings for people, each with its sentence, and how many there are."""
    lines = [line for finding in findings for line in _lines(finding)]
    errors = sum(f.level is Level.ERROR for f in findings)
    others = len(findings) - errors
    errors_found = "1 error" if errors == 1 else f"{errors} errors"
    others_found = "1 other finding" if others == 1 else f"{others} other findings"
    return "\n".join([*lines, f"{errors_found}, {others_found}."])


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{finding.level.value}  {finding.rule}  {finding.problem}"
    if finding.sentence and finding.sentence not in finding.problem.message:
        yield f"    “{finding.sentence}”"


@library_commands.command("list")
@click.argument("folder", type=existing_dir, default=DEFAULT_LIBRARY)
@as_json
def list_clauses(folder: Path, *, as_json: bool) -> None:
    """List the clauses with their versions and positions."""
    library = load_library(folder)
    answer: dict[str, Json] = {
        "schema_version": "library-list/1",
        "sha256": library.sha256,
        "clauses": [clause_json(clause) for clause in library.clauses.values()],
    }
    rows = [
        [c.family, c.id, c.version, c.status, ", ".join(p.id for p in c.positions)]
        for c in library.clauses.values()
    ]
    table = columns(["Family", "Clause", "Version", "Status", "Positions"], rows)
    emit(answer, table, json_wanted=as_json)


@library_commands.command("show")
@click.argument("clause_id", metavar="CLAUSE")
@click.option("--library", "folder", type=existing_dir, default=DEFAULT_LIBRARY)
@as_json
def show(clause_id: str, folder: Path, *, as_json: bool) -> None:
    """Show a clause: its positions, explanations, approvers and usual redlines."""
    library = load_library(folder)
    clause = _clause(library, clause_id)
    emit(show_json(clause), "\n".join(shown(clause, library)), json_wanted=as_json)


def _clause(library: Library, clause_id: str) -> Clause:
    clause = library.clauses.get(clause_id)
    if clause is None:
        fail(f"The library has no clause “{clause_id}”. Try: dealdesk library list")
    return clause


@library_commands.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--library", "folder", type=existing_dir, default=DEFAULT_LIBRARY)
@as_json
def diff(old: str, new: str, folder: Path, *, as_json: bool) -> None:
    """Say in words what differs between two libraries or positions; exit 1 when something does.

    OLD and NEW are folders of libraries, or positions as CLAUSE:POSITION.
    """
    differences = _differences(old, new, folder)
    answer: dict[str, Json] = {
        "schema_version": "library-diff/1",
        "differences": [_difference_json(one) for one in differences],
    }
    table = "\n".join(f"{one.clause}: {one.message}" for one in differences)
    emit(answer, table or "They say the same.", json_wanted=as_json)
    if differences:
        raise SystemExit(NO)


def _differences(old: str, new: str, folder: Path) -> tuple[ClauseDifference, ...]:
    if Path(old).is_dir() and Path(new).is_dir():
        return library_difference(load_library(Path(old)), load_library(Path(new)))
    for side in (old, new):
        if ":" not in side:
            fail(f"“{side}” is no folder and no CLAUSE:POSITION, such as uptime:standard.")
    library = load_library(folder)
    before, after = _position(library, old), _position(library, new)
    return tuple(
        ClauseDifference(after[0].id, after[1].id, message)
        for message in position_difference(before, after, library.roles)
    )


def _position(library: Library, name: str) -> tuple[Clause, Position]:
    clause_id, _, position_id = name.partition(":")
    clause = _clause(library, clause_id)
    position = clause.position(position_id)
    if position is None:
        known = ", ".join(p.id for p in clause.positions)
        fail(f"{clause_id} has no position “{position_id}”. It has: {known}.")
    return clause, position


def _difference_json(one: ClauseDifference) -> Json:
    return {"clause": one.clause, "position": one.position, "message": one.message}
