"""Read and write Office packages (ECMA-376-2) as parts: names, bytes, content types, relations."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from dealdesk.documents.docx.zip_parts import GateError, zip_parts
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.xml import parse_xml

CONTENT_TYPES = "[Content_Types].xml"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_OURS = "Give the DOCX that `dealdesk agreement build` wrote."

Parts = dict[str, bytes]


@dataclass(frozen=True, slots=True, order=True)
class Relation:
    """One relationship of a package or a part."""

    id: str
    kind: str
    target: str
    mode: str = "Internal"


def read_parts(package: bytes) -> Parts:
    """Return the parts of a package by name, as they stand in the ZIP file.

    Raise DomainError when it is no ZIP file, is damaged, or goes beyond the limits of Word files.
    """
    try:
        return zip_parts(package)
    except GateError as error:
        message = f"The file is not a DOCX that can be read. {error.problems[0].message}"
        raise DomainError.of("docx-unreadable", message, remedy=_OURS) from error


def write_parts(parts: Mapping[str, bytes]) -> bytes:
    """Return the package with its parts in a fixed order and with fixed times."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda part: (part != CONTENT_TYPES, part)):
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts[name])
    return out.getvalue()


def content_type(parts: Parts, name: str) -> str:
    """Return the declared content type of a part, "" when there is none."""
    types = parse_xml(parts.get(CONTENT_TYPES, b""), CONTENT_TYPES)
    for override in types.iter(f"{_TYPES}Override"):
        if override.get("PartName", "").lower() == f"/{name}".lower():
            return override.get("ContentType", "")
    ending = name.rpartition(".")[2].lower()
    for default in types.iter(f"{_TYPES}Default"):
        if default.get("Extension", "").lower() == ending:
            return default.get("ContentType", "")
    return ""


def relations(rels: bytes, what: str) -> tuple[Relation, ...]:
    """Return the relationships that a .rels part lists."""
    return tuple(
        Relation(
            found.get("Id", ""),
            found.get("Type", ""),
            found.get("Target", ""),
            found.get("TargetMode", "Internal"),
        )
        for found in parse_xml(rels, what).iter(f"{_RELATIONS}Relationship")
    )
