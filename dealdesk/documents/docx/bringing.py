"""Bring along what new paragraphs refer to: links, pictures, styles and numbering."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from posixpath import basename, join, normpath

from lxml import etree

from dealdesk.documents.docx.editing import Marker
from dealdesk.documents.docx.file import DocxFile
from dealdesk.documents.docx.package_parts import add_part, add_relation, relation_of
from dealdesk.documents.docx.wml import R, local, qn
from dealdesk.kernel.errors import DomainError

_PICTURES = ("image",)
NUMBERING, STYLES = "word/numbering.xml", "word/styles.xml"


class CompareError(DomainError):
    """Two files whose difference can't be written as tracked changes without loss."""


@dataclass(slots=True)
class Bringing:
    """Changes the new file's trees so that their parts can be put into the old file."""

    old: DocxFile
    new: DocxFile
    marker: Marker
    source: str  # the new file's part
    _relations: dict[tuple[str, str], str] = field(default_factory=dict)

    def prepare(self, part: str, root: etree._Element) -> None:
        """Make the ids of what a story will become free of clashes, and its numbers known."""
        known = {b.get(qn("w:name")) for b in self.old.tree(part).iter(qn("w:bookmarkStart"))}
        twins = [b for b in root.iter(qn("w:bookmarkStart")) if b.get(qn("w:name")) in known]
        gone = {b.get(qn("w:id")) for b in twins}
        ends = [e for e in root.iter(qn("w:bookmarkEnd")) if e.get(qn("w:id")) in gone]
        for element in (*twins, *ends):
            _drop(element)
        self._renumber(root)
        for control in root.iter(qn("w:sdt")):
            number = control.find(f"{qn('w:sdtPr')}/{qn('w:id')}")
            if number is not None:
                number.set(qn("w:val"), self.marker.fresh())
        self._numbering(root)

    def _renumber(self, root: etree._Element) -> None:
        fresh: dict[str, str] = {}
        for mark in root.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd")):
            number = mark.get(qn("w:id"), "")
            fresh.setdefault(number, self.marker.fresh())
            mark.set(qn("w:id"), fresh[number])

    def bring(self, part: str) -> None:
        """Bring what the story of the old file now refers to from the new one."""
        root = self.old.tree(part)
        for element in _inserted(root, self.marker):
            self._relate(part, element)
        self._styles(root)

    def _numbering(self, root: etree._Element) -> None:
        """Point the new story's paragraphs to numbering that the old file has."""
        if not self.new.has(NUMBERING):
            return
        if self.old.has(NUMBERING) and self.old.parts[NUMBERING] == self.new.parts[NUMBERING]:
            return
        if not self.old.has(NUMBERING):
            self._take_numbering()
            return
        source = self.new.tree(NUMBERING)
        numbers: dict[str, str] = {}
        for reference in root.iter(qn("w:numId")):
            wanted = reference.get(qn("w:val"), "")
            if wanted not in {"", "0"} and wanted not in numbers:
                numbers[wanted] = self._number(source, wanted)
            reference.set(qn("w:val"), numbers.get(wanted, wanted))

    def _take_numbering(self) -> None:
        """Give the old file, which numbers nothing, the new one's numbering as it is."""
        add_part(self.old, NUMBERING, "numbering", self.new.parts[NUMBERING])

    def _number(self, source: etree._Element, wanted: str) -> str:
        """Return the old file's number for a numbering of the new one, added where it lacks it."""
        number = _by_id(source, "w:num", "w:numId", wanted)
        abstract = _abstract(source, number)
        target = self.old.tree(NUMBERING)
        own = _by_id(target, "w:num", "w:numId", wanted)
        if number is None or (
            own is not None and _same(own, number) and _same(_abstract(target, own), abstract)
        ):
            return wanted
        return _added(target, number, abstract)

    def _styles(self, root: etree._Element) -> None:
        if not self.old.has(STYLES) or not self.new.has(STYLES):
            return
        target, source = self.old.tree(STYLES), self.new.tree(STYLES)
        known = {s.get(qn("w:styleId")) for s in target.iter(qn("w:style"))}
        names = ("w:pStyle", "w:rStyle", "w:tblStyle")
        wanted = {e.get(qn("w:val")) for e in root.iter(*(qn(n) for n in names))} - known
        for style in source.iter(qn("w:style")):
            if style.get(qn("w:styleId")) in wanted:
                target.append(deepcopy(style))

    def _relate(self, part: str, element: etree._Element) -> None:
        for name, value in list(element.attrib.items()):
            if str(name).startswith(f"{{{R}}}") and value:
                element.set(name, self._relation(part, str(value)))

    def _relation(self, part: str, number: str) -> str:
        if (part, number) in self._relations:
            return self._relations[part, number]
        relation = relation_of(self.new, self.source, number)
        if relation is None:
            return number
        kind = relation.get("Type", "").rsplit("/", 1)[-1]
        external = relation.get("TargetMode", "") == "External"
        if not external and kind not in _PICTURES:
            raise CompareError.of(
                "unproved",
                f"The new file's text holds a {kind}, which can't be written as a tracked change.",
                remedy="Put it into the old file by hand, and compare the files again.",
            )
        target = relation.get("Target", "")
        own = target if external else self._picture(target)
        fresh = add_relation(self.old, part, relation, own)
        self._relations[part, number] = fresh
        return fresh

    def _picture(self, target: str) -> str:
        """Copy a picture under a name that the old file doesn't have; return its target."""
        source = normpath(join("/", self.source.rpartition("/")[0], target)).lstrip("/")
        name = f"media/brought-{self.marker.fresh()}-{basename(source)}"
        self.old.set_part(f"word/{name}", self.new.parts[source])
        extension = source.rpartition(".")[2].lower()
        types = self.old.tree("[Content_Types].xml")
        if not any(t.get("Extension", "").lower() == extension for t in types):
            for default in self.new.tree("[Content_Types].xml"):
                if default.get("Extension", "").lower() == extension:
                    types.insert(0, deepcopy(default))
        return name


def _inserted(root: etree._Element, marker: Marker) -> Iterator[etree._Element]:
    """Yield what our marks put in; what others put in leads where it led before."""
    for mark in root.iter(qn("w:ins"), qn("w:moveTo")):
        if not marker.made(mark):
            continue
        for element in mark.iter():
            if isinstance(element.tag, str):
                yield element
    for link in root.iter(qn("w:hyperlink")):
        if any(local(c) == "ins" and marker.made(c) for c in link):
            yield link


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _by_id(root: etree._Element, name: str, attribute: str, wanted: str) -> etree._Element | None:
    return next((e for e in root.iter(qn(name)) if e.get(qn(attribute)) == wanted), None)


def _abstract(root: etree._Element, number: etree._Element | None) -> etree._Element | None:
    link = number.find(qn("w:abstractNumId")) if number is not None else None
    wanted = link.get(qn("w:val"), "") if link is not None else ""
    return _by_id(root, "w:abstractNum", "w:abstractNumId", wanted)


def _same(one: etree._Element | None, other: etree._Element | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(etree.tostring(one, method="c14n") == etree.tostring(other, method="c14n"))


def _added(target: etree._Element, number: etree._Element, abstract: etree._Element | None) -> str:
    used = [int(e.get(qn("w:numId"), "0")) for e in target.iter(qn("w:num"))]
    shapes = [int(e.get(qn("w:abstractNumId"), "0")) for e in target.iter(qn("w:abstractNum"))]
    fresh, shape = str(max([0, *used]) + 1), str(max([0, *shapes]) + 1)
    copy = deepcopy(number)
    copy.set(qn("w:numId"), fresh)
    link = copy.find(qn("w:abstractNumId"))
    if abstract is not None and link is not None:
        own = deepcopy(abstract)
        own.set(qn("w:abstractNumId"), shape)
        link.set(qn("w:val"), shape)
        for name in ("w:nsid", "w:tmpl"):
            for element in own.findall(qn(name)):
                own.remove(element)
        first = target.find(qn("w:num"))
        if first is not None:
            first.addprevious(own)
        else:
            target.append(own)
    last = target.findall(qn("w:num"))
    (last[-1].addnext if last else target.append)(copy)
    return fresh
