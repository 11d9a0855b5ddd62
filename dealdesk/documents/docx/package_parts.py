"""Add parts to a Word file: their type, and the relationship that leads to them."""

import re
from copy import deepcopy

from lxml import etree

from dealdesk.documents.docx.file import DocxFile
from dealdesk.documents.docx.wml import R

RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{0}+xml"
TYPES = "[Content_Types].xml"


def add_part(file: DocxFile, name: str, kind: str, data: bytes) -> str:
    """Add a part that the main part leads to; return its relationship's id.

    `kind` is the word for it in content types and relationships: footnotes, header, numbering.
    """
    file.set_part(name, data)
    override = etree.SubElement(file.tree(TYPES), f"{{{_TYPES_NS}}}Override")
    override.set("PartName", f"/{name}")
    override.set("ContentType", _WORD_TYPE.format(kind))
    relation = etree.Element(f"{{{RELATIONSHIPS}}}Relationship", Type=f"{R}/{kind}")
    return add_relation(file, file.main, relation, name.rpartition("/")[2])


def rels_name(part: str) -> str:
    """Return the part that holds a part's relationships."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def relation_of(file: DocxFile, part: str, number: str) -> etree._Element | None:
    """Return a part's relationship of an id."""
    name = rels_name(part)
    if not file.has(name):
        return None
    return next((r for r in file.tree(name) if r.get("Id") == number), None)


def add_relation(file: DocxFile, part: str, like: etree._Element, target: str) -> str:
    """Add a relationship like another to a part, with a target of its own; return its id."""
    name = rels_name(part)
    if not file.has(name):
        file.set_part(name, f'<Relationships xmlns="{RELATIONSHIPS}"/>'.encode())
    root = file.tree(name)
    used = [int(m[1]) for r in root if (m := re.fullmatch(r"rId(\d+)", r.get("Id", "")))]
    number = f"rId{max([0, *used]) + 1}"
    relation = deepcopy(like)
    relation.set("Id", number)
    relation.set("Target", target)
    root.append(relation)
    return number
