"""Heads and feet of two files: which belong together, by section and by the pages they are on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import TypeAlias

from lxml import etree

from dealdesk.documents.docx.bringing import CompareError
from dealdesk.documents.docx.file import DocxFile, serialised, story_name
from dealdesk.documents.docx.package_parts import add_part, relation_of
from dealdesk.documents.docx.proof import Said, said
from dealdesk.documents.docx.wml import R, el, local, qn

_ID = f"{{{R}}}id"
_KINDS = {"headerReference": "header", "footerReference": "footer"}
_ROOTS = {"header": "w:hdr", "footer": "w:ftr"}
Spot: TypeAlias = tuple[str, str]  # header or footer; default, first or even


def paired_heads(old: DocxFile, new: DocxFile) -> list[tuple[str, str | None]]:
    """Return the old file's heads and feet, each with the new file's part that it has to become.

    None stands for a head that the new file lacks. A head that only the new file has gets an
    empty part in the old one. Raise CompareError where a section is missing for it.
    """
    pairing = _Pairing(old)
    sections = list(zip(_sections(old)[::-1], _sections(new)[::-1], strict=False))
    for (element, ours), (_, theirs) in sections:
        for spot, other in theirs.items():
            pairing.pair(element, spot, ours.get(spot), (other, _saying(new, other)))
    placed = {tuple(_saying(new, other)) for other in pairing.found.values() if other}
    for name, root in new.stories():
        lost = story_name(name).startswith(("header", "footer")) and has_words(root)
        if lost and name not in pairing.found.values() and tuple(said(root)) not in placed:
            raise CompareError.of(
                "unproved",
                f"The new file's {story_name(name)} stands in a section that the old one lacks.",
                remedy="Put the section into the old file by hand, and compare the files again.",
            )
    gone = [n for n, _ in old.stories() if story_name(n).startswith(("header", "footer"))]
    return [*pairing.found.items(), *((n, None) for n in gone if n not in pairing.found)]


@dataclass(slots=True)
class _Pairing:
    old: DocxFile
    found: dict[str, str] = field(default_factory=dict)
    words: dict[str, list[Said]] = field(default_factory=dict)

    def pair(
        self,
        section: etree._Element,
        spot: Spot,
        part: str | None,
        new: tuple[str, list[Said]],
    ) -> None:
        """Pair a head of a section; one that would become two different ones is doubled."""
        other, words = new
        if part is None and not any(content for _, content in words):
            return
        if part is None or self.words.get(part, words) != words:
            empty = el(_ROOTS[spot[0]], None, el("w:p"))
            data = self.old.parts[part] if part is not None else serialised(empty)
            part = self._added(section, spot, data)
        self.found.setdefault(part, other)
        self.words.setdefault(part, words)

    def _added(self, section: etree._Element, spot: Spot, data: bytes) -> str:
        kind, pages = spot
        count = 1
        while self.old.has(f"word/{kind}{count}.xml"):
            count += 1
        name = f"word/{kind}{count}.xml"
        number = add_part(self.old, name, kind, data)
        for reference in list(section.iterchildren(qn(f"w:{kind}Reference"))):
            if reference.get(qn("w:type")) == pages:
                section.remove(reference)
        reference = el(f"w:{kind}Reference", {"w:type": pages})
        reference.set(_ID, number)
        section.insert(0, reference)
        return name


def has_words(root: etree._Element) -> bool:
    """Say whether a story says anything."""
    return any(content for _, content in said(root))


def _saying(file: DocxFile, part: str) -> list[Said]:
    return said(file.tree(part))


def _sections(file: DocxFile) -> list[tuple[etree._Element, dict[Spot, str]]]:
    """Return the sections with the parts of their heads and feet, inherited ones included."""
    found: list[tuple[etree._Element, dict[Spot, str]]] = []
    for section in file.body.iter(qn("w:sectPr")):
        parent = section.getparent()
        if parent is not None and local(parent) == "sectPrChange":
            continue
        above = found[-1][1] if found else {}
        found.append((section, above | dict(_heads(file, section))))
    return found


def _heads(file: DocxFile, section: etree._Element) -> Iterator[tuple[Spot, str]]:
    for reference in section:
        kind = _KINDS.get(local(reference))
        relation = relation_of(file, file.main, reference.get(_ID, "")) if kind else None
        if kind is None or relation is None:
            continue
        target = normpath(join("/", file.main.rpartition("/")[0], relation.get("Target", "")))
        if file.has(target.lstrip("/")):
            yield (kind, reference.get(qn("w:type"), "default")), target.lstrip("/")
