"""`dealdesk sla parity`: the terms beside what a document prints."""

from pathlib import Path

import click

from dealdesk.cli.edge import NO, as_json, emit, existing_file, fail
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.located_yaml import read_text_file
from dealdesk.sla.parity import Mismatch, parity
from dealdesk.workflows.parity_sources import printed_hash, printed_text, terms_of


@click.command("parity")
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
