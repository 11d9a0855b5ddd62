"""`dealdesk text lint`: the linter over any contract text."""

from pathlib import Path

import click

from dealdesk.clauses.lint.paper_lint import lint_paper
from dealdesk.clauses.lint.paper_reading import read_paper
from dealdesk.clauses.lint.rule import has_errors
from dealdesk.clauses.lint.text_rules import TEXT_RULES
from dealdesk.cli.edge import NO, Commands, as_json, emit, existing_file
from dealdesk.cli.library import finding_json, findings_text
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.limited import in_worker
from dealdesk.documents.docx.reader import View, docx_text
from dealdesk.kernel.errors import DomainError, Place, Problem
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
    """Check FILE (.docx, .md or .txt); exit 1 on errors."""
    findings = lint_paper(TEXT_RULES, read_paper(source_of(file), str(file)))
    answer: dict[str, Json] = {
        "schema_version": "text-lint/1",
        "findings": [finding_json(finding) for finding in findings],
    }
    emit(answer, findings_text(findings), json_wanted=as_json)
    if has_errors(findings):
        raise SystemExit(NO)


def source_of(file: Path) -> str:
    """Return the text of a file. Raise DomainError for a kind that isn't read."""
    match file.suffix.lower():
        case ".md" | ".txt":
            return read_text_file(file, _LIMIT)
        case ".docx":
            return _docx_source(file)
        case other:
            raise DomainError.of(
                "unknown-kind",
                f"Files that end in “{other}” are not read.",
                place=Place(str(file)),
                remedy="Use .docx, .md or .txt.",
            )


def _docx_source(file: Path) -> str:
    """Return a Word file's text after all changes; its errors name the file."""
    data = file.read_bytes()
    try:
        return in_worker(lambda: docx_text(open_docx(data), View.FINAL))
    except DomainError as error:
        place = Place(file=str(file))
        raise DomainError(
            Problem(p.code, p.message, place, p.remedy) for p in error.problems
        ) from None
