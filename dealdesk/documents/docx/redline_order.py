"""The file that tells which changes and comments to write into a Word file (docx-redline/1)."""

import json
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from jsonschema import Draft202012Validator

from dealdesk.documents.docx.redline import Remark, Replacement, Target
from dealdesk.kernel.errors import DomainError, Place, Problem
from dealdesk.terms.values import ValueRef

SCHEMA = "docx-redline-1.json"


class RedlineOrderError(DomainError):
    """A file of changes that doesn't follow its schema."""


@dataclass(frozen=True, slots=True)
class RedlineOrder:
    """What to write, by whom and when (None: now)."""

    author: str
    at: datetime | None
    replacements: tuple[Replacement, ...]
    comments: tuple[Remark, ...]


def read_order(text: str, name: str) -> RedlineOrder:
    """Return what a file asks for. Raise RedlineOrderError with every fault."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise RedlineOrderError.of(
            "not-json", f"This is not JSON: {error.msg}.", place=Place(name, error.lineno)
        ) from error
    schema = json.loads((files(__package__) / "schemas" / SCHEMA).read_text(encoding="utf-8"))
    faults = sorted(Draft202012Validator(schema).iter_errors(data), key=lambda e: str(e.json_path))
    if faults:
        raise RedlineOrderError(
            Problem("schema", f"{e.message}.", Place(name, path=e.json_path)) for e in faults
        )
    at = data.get("at")
    return RedlineOrder(
        data["author"],
        datetime.fromisoformat(at) if at else None,
        tuple((_target(c), c["old"], c["new"]) for c in data.get("changes", [])),
        tuple((_target(c), c["on"], c["text"]) for c in data.get("comments", [])),
    )


def _target(entry: dict[str, str]) -> Target:
    if "value" in entry:
        instance, _, variable = entry["value"].partition("/")
        return ValueRef(instance, variable)
    return entry["block"]
