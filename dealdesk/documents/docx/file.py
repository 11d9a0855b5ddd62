"""A Word file opened for reading and editing: its parts, its stories as trees, and bytes again."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from dealdesk.documents.docx.manifest import Manifest, read_manifest
from dealdesk.documents.docx.package import unzip_parts, zip_parts
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.xml import parse_xml

BODY = "word/document.xml"
_STORY = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")


class DocxReadError(DomainError):
    """A Word file that lacks what a document needs."""


@dataclass(slots=True)
class DocxFile:
    """The parts of a package; a part is parsed when it is first asked for."""

    parts: dict[str, bytes]
    _trees: dict[str, etree._Element] = field(default_factory=dict)

    def tree(self, name: str) -> etree._Element:
        """Return a part's root; changes of it are written by `to_bytes`."""
        if name not in self._trees:
            self._trees[name] = parse_xml(self.parts[name], name)
        return self._trees[name]

    def has(self, name: str) -> bool:
        """Say whether the package holds a part."""
        return name in self.parts

    def stories(self) -> Iterator[tuple[str, etree._Element]]:
        """Yield the parts that hold text, the body first."""
        for name in sorted(self.parts, key=lambda n: (n != BODY, n)):
            if _STORY.fullmatch(name):
                yield name, self.tree(name)

    def manifest(self) -> Manifest:
        """Return what the file says of itself."""
        return read_manifest(self.parts)

    def set_part(self, name: str, data: bytes) -> None:
        """Add a part or replace its bytes."""
        self.parts[name] = data
        self._trees.pop(name, None)

    def to_bytes(self) -> bytes:
        """Return the package; parts that were not parsed keep their bytes."""
        return zip_parts(self.parts | {n: serialised(root) for n, root in self._trees.items()})


def serialised(root: etree._Element) -> bytes:
    """Return a part's bytes."""
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def open_docx(data: bytes) -> DocxFile:
    """Return a file that was let through the gate. Raise DocxReadError where it has no body."""
    parts: Mapping[str, bytes] = unzip_parts(data)
    if BODY not in parts:
        raise DocxReadError.of(
            "no-body",
            "The file holds no word/document.xml, so it is not a Word document.",
            remedy="Save it as .docx with the program it came from.",
        )
    return DocxFile(dict(parts))


def story_name(part: str) -> str:
    """Return a story's short name: body, header1, footnotes …"""
    stem = part.removeprefix("word/").removesuffix(".xml")
    return "body" if part == BODY else stem
