"""What tests of exports share: three contracts as files, golden folders, schemas of the targets."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from dealdesk.sla.exporters.export import Export, ExportedFile, Fidelity, Options
from dealdesk.sla.exporters.registry import EXPORTERS, export_terms
from dealdesk.sla.model import SlaTerms, load_terms

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
ACME, BERLIN, SUN = "ACME-2026-001", "BERLIN-2026-002", "SUN-2026-003"
CONTRACTS = (ACME, BERLIN, SUN)
TARGETS = tuple(EXPORTERS)


@cache
def contract(name: str) -> SlaTerms:
    """Return the terms of one of the contracts that golden files are made from."""
    return load_terms((GOLDEN / "terms" / f"{name}.json").read_text("utf-8"))


def contract_data(name: str) -> dict[str, Any]:
    """Return a contract's terms as plain data, to change and read again."""
    return json.loads((GOLDEN / "terms" / f"{name}.json").read_text("utf-8"))


# Freshdesk matches a customer by its id alone.
IDS = {"freshdesk": "4711"}


def exported(name: str, target: str, **options: Any) -> Export:
    """Return an export of a contract, with the customer's id where the target needs it."""
    given = {"customer_id": IDS.get(target, ""), **options}
    return export_terms(contract(name), target, Options(**given))


def file_of(export: Export, name: str) -> str:
    return next(file.text for file in export.files if file.name == name)


def data_of(export: Export, name: str) -> Any:
    return json.loads(file_of(export, name))


def entries(export: Export) -> dict[str, Fidelity]:
    return {entry.promise: entry for entry in export.fidelity}


def schema_errors(target: str, file: ExportedFile) -> Iterator[str]:
    """Yield where a file departs from its schema: the one whose name begins the file's name."""
    schemas = sorted((GOLDEN / target / "schemas").glob("*.json"), reverse=True)
    stem, _, kind = file.name.rpartition(".")
    found = next((path for path in schemas if stem.startswith(path.stem)), None)
    assert found is not None, f"{target}: no schema for {file.name}"
    schema = json.loads(found.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    documents = [json.loads(file.text)] if kind == "json" else list(yaml.safe_load_all(file.text))
    for document in documents:
        for error in Draft202012Validator(schema).iter_errors(document):
            yield f"{file.name}{error.json_path}: {error.message}"
