"""A Word file opened for reading and editing: its parts, its stories as trees, and bytes again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from dealdesk.documents.docx.gate import ExternalLink, admit, part_tree
from dealdesk.documents.docx.manifest import Manifest, read_manifest
from dealdesk.documents.docx.package import zip_parts

_STORY = re.compile(r"word/(header|footer|footnotes|endnotes)\d*\.xml")


@dataclass(slots=True)
class DocxFile:
    """The parts of a package; a part is parsed when it is first asked for."""

    parts: dict[str, bytes]
    main: str
    links: tuple[ExternalLink, ...] = ()
    read: dict[str, Any] = field(default_factory=dict)  # what readers keep; see stream.story
    _trees: dict[str, etree._Element] = field(default_factory=dict)

    def tree(self, name: str) -> etree._Element:
        """Return a part's root; changes of it are written by `to_bytes`."""
        if name not in self._trees:
            self._trees[name] = part_tree(name, self.parts[name])
        return self._trees[name]

    @property
    def body(self) -> etree._Element:
        """The root of the main part."""
        return self.tree(self.main)

    def has(self, name: str) -> bool:
        """Say whether the package holds a part."""
        return name in self.parts

    def stories(self) -> Iterator[tuple[str, etree._Element]]:
        """Yield the parts that hold text, the body first."""
        yield self.main, self.body
        for name in sorted(self.parts):
            if _STORY.fullmatch(name):
                yield name, self.tree(name)

    def manifest(self) -> Manifest:
        """Return what the file says of itself."""
        return read_manifest(self.parts)

    def set_part(self, name: str, data: bytes) -> None:
        """Add a part or replace its bytes."""
        self.parts[name] = data
        self._trees.pop(name, None)

    def replace_tree(self, name: str, root: etree._Element) -> None:
        """Put another root in place of a part's."""
        self._trees[name] = root
        self.read.pop(name, None)

    def to_bytes(self) -> bytes:
        """Return the package; parts that were not parsed keep their bytes."""
        return zip_parts(self.parts | {n: serialised(root) for n, root in self._trees.items()})


def serialised(root: etree._Element) -> bytes:
    """Return a part's bytes."""
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def open_docx(data: bytes) -> DocxFile:
    """Return a file after the gate let it through. Raise GateError where it doesn't."""
    admitted = admit(data)
    return DocxFile(dict(admitted.parts), admitted.main, admitted.links)


def story_name(part: str) -> str:
    """Return the short name of a story: body, header1, footnotes and so on."""
    stem = part.rsplit("/", 1)[-1].removesuffix(".xml")
    return "body" if stem.startswith("document") else stem
