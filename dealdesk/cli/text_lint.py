"""`dealdesk text lint`: the linter over any contract text."""

from pathlib import Path

import click

from dealdesk.clauses.lint.contract_text import read_contract_text
from dealdesk.clauses.lint.rule import apply, has_errors
from dealdesk.clauses.lint.text_rules import TEXT_RULES
from dealdesk.cli.edge import NO, Commands, as_json, emit, existing_file
from dealdesk.cli.library import finding_json, findings_text
from dealdesk.kernel.errors import DomainError, Place
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.located_yaml import read_text_file

_LIMIT = 20_000_000


@click.group("text", cls=Commands)
def text_commands() -> None:
    """Read contract text of any origin."""


@text_commands.command("lint")
@click.argument("file", type=existing_file)
@as_json
def lint(file: Path, *, as_json: bool) -> None:
    """Check FILE (.md or .txt); exit 1 on errors."""
    findings = apply(TEXT_RULES, read_contract_text(source_of(file), str(file)))
    answer: dict[str, Json] = {
        "schema_version": "text-lint/1",
        "findings": [finding_json(finding) for finding in findings],
    }
    emit(answer, findings_text(findings), json_wanted=as_json)
    if has_errors(findings):
        raise SystemExit(NO)


def source_of(file: Path) -> str:
    """Return the text of a file. Raise DomainError for a kind that isn't read."""
    if file.suffix.lower() not in {".md", ".txt"}:
        raise DomainError.of(
            "unknown-kind",
            f"Files that end in “{file.suffix}” are not read.",
            place=Place(str(file)),
            remedy="Use .md or .txt.",
        )
    return read_text_file(file, _LIMIT)
