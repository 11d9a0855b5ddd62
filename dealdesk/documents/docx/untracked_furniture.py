"""What travels in a returned file beside its text: custom parts, properties, bound controls."""

import re
from collections import Counter
from collections.abc import Iterator
from posixpath import join, normpath

from lxml import etree

from dealdesk.documents.docx.differences import Difference, Untracked
from dealdesk.documents.docx.file import DocxFile
from dealdesk.documents.docx.manifest import NAMESPACE
from dealdesk.documents.docx.package_parts import rels_name
from dealdesk.documents.docx.places import Place
from dealdesk.documents.docx.wml import R, qn
from dealdesk.kernel.errors import DomainError

_CORE, _CUSTOM = "docProps/core.xml", "docProps/custom.xml"
_PROPERTIES = ("title", "subject", "keywords", "category", "description")
_ITEM = re.compile(r"customXml/(?!itemProps)[^/]+\.xml")
# Word and document servers put these in by themselves; the words they hold are in no agreement.
_BY_PROGRAMS = (
    "http://schemas.microsoft.com/",
    "http://schemas.openxmlformats.org/officeDocument/2006/bibliography",
)
_PROPERTIES_BY_PROGRAMS = ("ContentTypeId", "MSIP_Label_", "MediaService", "_dlc_", "GrammarlyDoc")


def changed_furniture(sent: DocxFile, returned: DocxFile) -> Iterator[Difference]:
    """Yield what changed, came or went in custom parts, properties and bindings."""
    yield from _manifest(sent, returned)
    yield from _custom_parts(sent, returned)
    yield from _core(sent, returned)
    yield from _custom_properties(sent, returned)
    yield from _bindings(sent, returned)


def _manifest(sent: DocxFile, returned: DocxFile) -> Iterator[Difference]:
    old, new = sent.manifest(), returned.manifest()
    if new.is_ours and old != new:
        what = "terms" if old.terms != new.terms else "manifest"
        yield _part(Untracked.CUSTOM_PART, what, f"other {what}")
    elif old.is_ours and not new.is_ours:
        yield _part(Untracked.COSMETIC, "our custom part", "")


def _part(kind: Untracked, old: str, new: str) -> Difference:
    return Difference(kind, "customXml", Place(part="customXml"), old, new)


def _custom_parts(sent: DocxFile, returned: DocxFile) -> Iterator[Difference]:
    old, new = Counter(_foreign(sent)), Counter(_foreign(returned))
    for root, _ in sorted((old - new).elements()):
        yield _part(_kind_of(root), root, "")
    for root, _ in sorted((new - old).elements()):
        yield _part(_kind_of(root), "", root)


def _kind_of(root: str) -> Untracked:
    known = root.removeprefix("{").startswith(_BY_PROGRAMS)
    return Untracked.COSMETIC if known else Untracked.CUSTOM_PART


def _foreign(file: DocxFile) -> Iterator[tuple[str, bytes]]:
    """Yield the root's name and the content of each custom part that isn't ours, whatever name."""
    for name in sorted({*filter(_ITEM.fullmatch, file.parts), *_led_to(file)}):
        data = file.parts.get(name, b"")
        try:
            root = file.tree(name)
        except (DomainError, KeyError):
            yield "what is not XML", data
            continue
        if root.tag != f"{{{NAMESPACE}}}agreement":
            yield str(root.tag), _canonical(root)


def _canonical(root: etree._Element) -> bytes:
    """Return a part's content in one form; as it stands where a name in it has no such form."""
    try:
        data: bytes = etree.tostring(root, method="c14n")
    except etree.C14NError:  # a relative address of a namespace, as Word keeps them
        data = etree.tostring(root)
    return data


def _led_to(file: DocxFile) -> Iterator[str]:
    """Yield the custom parts that the main part leads to, wherever they lie."""
    relations = rels_name(file.main)
    for relation in file.tree(relations) if file.has(relations) else ():
        if relation.get("Type", "") == f"{R}/customXml":
            target = normpath(join("/", file.main.rpartition("/")[0], relation.get("Target", "")))
            if file.has(target.lstrip("/")):
                yield target.lstrip("/")


def _core(sent: DocxFile, returned: DocxFile) -> Iterator[Difference]:
    before, after = _core_of(sent), _core_of(returned)
    for name in _PROPERTIES:
        if before.get(name, "") != after.get(name, ""):
            yield _property(name, before.get(name, ""), after.get(name, ""))


def _property(name: str, old: str, new: str) -> Difference:
    by_program = name.startswith(_PROPERTIES_BY_PROGRAMS)
    kind = Untracked.COSMETIC if by_program else Untracked.PROPERTY
    return Difference(kind, name, Place(part=name), old, new)


def _core_of(file: DocxFile) -> dict[str, str]:
    if not file.has(_CORE):
        return {}
    return {etree.QName(e).localname: e.text or "" for e in file.tree(_CORE) if _is_element(e)}


def _is_element(node: etree._Element) -> bool:
    return isinstance(node.tag, str)


def _custom_properties(sent: DocxFile, returned: DocxFile) -> Iterator[Difference]:
    before, after = _custom_of(sent), _custom_of(returned)
    for name in sorted({*before, *after}):
        if before.get(name, "") != after.get(name, ""):
            yield _property(name, before.get(name, ""), after.get(name, ""))


def _custom_of(file: DocxFile) -> dict[str, str]:
    if not file.has(_CUSTOM):
        return {}
    return {
        e.get("name", ""): " ".join(map(str, e.itertext())).strip()
        for e in file.tree(_CUSTOM)
        if _is_element(e)
    }


def _bindings(sent: DocxFile, returned: DocxFile) -> Iterator[Difference]:
    """Yield controls that were bound to data: Word would fill them again from there, unmarked."""
    new = Counter(_bound(returned)) - Counter(_bound(sent))
    for path in sorted(new.elements()):
        bound = f"a control bound to {path}"
        yield Difference(Untracked.CUSTOM_PART, "body", Place(), "", bound)


def _bound(file: DocxFile) -> Iterator[str]:
    for _, root in file.stories():
        for binding in root.iter(qn("w:dataBinding")):
            yield binding.get(qn("w:xpath"), "data")
