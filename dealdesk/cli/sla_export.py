"""`dealdesk sla export`: the configuration of another system."""

from pathlib import Path

import click

from dealdesk.cli.edge import as_json, columns, emit, existing_file
from dealdesk.cli.sla_inputs import terms_from
from dealdesk.cli.whole_files import write_folder
from dealdesk.kernel.hashing import Json
from dealdesk.sla.exporters.export import Options
from dealdesk.sla.exporters.registry import EXPORTERS, export_terms
from dealdesk.sla.exporters.severity_map import parse_severity_map


@click.command("export")
@click.argument("terms_file", type=existing_file)
@click.option("--target", required=True, help=f"One of {', '.join(EXPORTERS)}.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where to write.")
@click.option("--severity-map", default="", help="Such as sev1=urgent,sev2=high,sev3=normal.")
@click.option("--customer-id", default="", help="The customer's id in that system, if known.")
@as_json
def export_command(
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
