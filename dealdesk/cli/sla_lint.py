"""`dealdesk sla lint`: promises that contradict each other."""

from pathlib import Path

import click

from dealdesk.cli.edge import NO, as_json, emit, existing_file
from dealdesk.cli.sla_inputs import terms_from
from dealdesk.kernel.hashing import Json
from dealdesk.sla.lint import ERROR, lint_terms


@click.command("lint")
@click.argument("terms_file", type=existing_file)
@as_json
def lint_command(terms_file: Path, *, as_json: bool) -> None:
    """Check TERMS_FILE against its schema and for promises that contradict each other."""
    findings = lint_terms(terms_from(terms_file))
    answer: dict[str, Json] = {
        "schema_version": "sla-lint/1",
        "findings": [
            {"rule": r.id, "level": r.level, "path": p.place.path, "message": p.message}
            for r, p in findings
        ],
    }
    table = "\n".join(f"{r.level}  {r.id}  {p}" for r, p in findings) or "No findings."
    emit(answer, table, json_wanted=as_json)
    if any(rule.level == ERROR for rule, _ in findings):
        raise SystemExit(NO)
