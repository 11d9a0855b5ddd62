"""`dealdesk sla …`: lint SLA terms, compute due times, export them, compare them with the text."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import click

from dealdesk.cli.edge import NO, as_json, columns, emit, existing_file, fail
from dealdesk.cli.late import LateCommands
from dealdesk.cli.sla_inputs import terms_from
from dealdesk.cli.whole_files import write_folder
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.located_yaml import read_text_file
from dealdesk.sla.exporters.export import Options
from dealdesk.sla.exporters.registry import EXPORTERS, export_terms
from dealdesk.sla.exporters.severity_map import parse_severity_map
from dealdesk.sla.lint import ERROR, lint_terms
from dealdesk.sla.parity import Mismatch, parity
from dealdesk.workflows.parity_sources import printed_hash, printed_text, terms_of


class SlaCommands(LateCommands):
    """The group of `sla`; what few calls need is loaded when it is called."""

    late: ClassVar[Mapping[str, tuple[str, str]]] = {
        "drift": ("dealdesk.cli.sla_push", "drift_command"),
        "due": ("dealdesk.cli.sla_clock", "due_command"),
        "holidays": ("dealdesk.cli.sla_clock", "holidays_command"),
        "portfolio": ("dealdesk.cli.sla_portfolio", "portfolio_command"),
        "push": ("dealdesk.cli.sla_push", "push_command"),
    }


@click.group("sla", cls=SlaCommands)
def sla() -> None:
    """Check SLA terms, run their clock, export them."""


@sla.command("lint")
@click.argument("terms_file", type=existing_file)
@as_json
def lint(terms_file: Path, *, as_json: bool) -> None:
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


@sla.command("export")
@click.argument("terms_file", type=existing_file)
@click.option("--target", required=True, help=f"One of {', '.join(EXPORTERS)}.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where to write.")
@click.option("--severity-map", default="", help="Such as sev1=urgent,sev2=high,sev3=normal.")
@click.option("--customer-id", default="", help="The customer's id in that system, if known.")
@as_json
def export(
    terms_file: Path,
    target: str,
    out: Path | None,
    severity_map: str,
    customer_id: str,
    *,
    as_json: bool,
) -> None:
    """Write the configuration of another system, and say how faithfully it keeps each promise."""
    options = Options(parse_severity_map(severity_map), customer_id)
    exported = export_terms(terms_from(terms_file), target, options)
    if out is not None:
        write_folder(out, {file.name: file.text.encode() for file in exported.files})
    answer: dict[str, Json] = {
        "schema_version": "sla-export/1",
        "target": exported.target,
        "files": {file.name: file.text for file in exported.files},
        "fidelity": [entry.to_json() for entry in exported.fidelity],
    }
    rows = [[e.promise, e.kept.value.replace("_", " "), e.reason] for e in exported.fidelity]
    shown = "" if out else "".join(f"── {f.name}\n{f.text}\n" for f in exported.files)
    emit(answer, shown + columns(["Promise", "Kept", "Why"], rows), json_wanted=as_json)


@sla.command("parity")
@click.argument("document", type=existing_file)
@click.argument("terms_file", type=existing_file, required=False)
@as_json
def parity_command(document: Path, terms_file: Path | None, *, as_json: bool) -> None:
    """Compare DOCUMENT (.pdf, .docx or .txt) with SLA terms: those inside it, or TERMS_FILE."""
    text = printed_text(document)
    data = terms_of(document) if terms_file is None else read_text_file(terms_file).encode()
    if data is None:
        fail(f"{document}: No SLA terms travel in this file. Name a terms file.")
    mismatches = parity(
        text, printed_hash(document, text), data.decode("utf-8"), str(terms_file or document)
    )
    answer: dict[str, Json] = {
        "schema_version": "sla-parity/1",
        "agrees": not mismatches,
        "mismatches": [_mismatch(one) for one in mismatches],
    }
    table = "\n".join(f"{one.path}: {one.message}" for one in mismatches)
    emit(answer, table or "Text and terms agree.", json_wanted=as_json)
    if mismatches:
        raise SystemExit(NO)


def _mismatch(one: Mismatch) -> Json:
    return {"path": one.path, "message": one.message}
