"""Give their file the names of our new text, so that what comes back next is found in it."""

from copy import deepcopy

from lxml import etree

from dealdesk.documents.docx.file import DocxFile
from dealdesk.documents.docx.identity import BOOKMARK
from dealdesk.documents.docx.manifest import NAMESPACE
from dealdesk.documents.docx.package_parts import RELATIONSHIPS, add_relation
from dealdesk.documents.docx.resolver import accept_all
from dealdesk.documents.docx.wml import R, el, qn

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_P = qn("w:p")
_PLACE = "dealdesk-place"


def name_as(file: DocxFile, new: DocxFile) -> None:
    """Name the blocks of a file as another one names them, whose text it has once all is accepted.

    Nothing is named where the two don't have the same paragraphs.
    """
    _set_custom_part(file, new)
    own, others = _paragraphs(file.body), _paragraphs(new.body)
    for at, paragraph in enumerate(own):
        paragraph.set(_PLACE, str(at))
    final = deepcopy(file.body)
    for paragraph in own:
        del paragraph.attrib[_PLACE]
    accept_all(final)
    left = [own[int(p.get(_PLACE, "0"))] for p in _paragraphs(final)]
    if len(left) != len(others):
        return
    numbers = _Numbers(file.body)
    for paragraph, other in zip(left, others, strict=True):
        for name in _names(other):
            if name not in _names(paragraph):
                _drop(file.body, name)
                _put(paragraph, name, numbers.next())


def _set_custom_part(file: DocxFile, new: DocxFile) -> None:
    """Have a file say of itself what the other one says: passages and runs."""
    name, data = next((n, d) for n, d in new.parts.items() if _is_ours(n, d))
    known = next((n for n, d in sorted(file.parts.items()) if _is_ours(n, d)), None)
    if known is None:
        # A program dropped our part; whatever stands under its name now stays.
        known = name if not file.has(name) else f"customXml/dealdesk{len(file.parts)}.xml"
        relation = etree.Element(f"{{{RELATIONSHIPS}}}Relationship", Type=f"{R}/customXml")
        add_relation(file, file.main, relation, f"../{known}")
    file.set_part(known, data)


def _is_ours(name: str, data: bytes) -> bool:
    return name.startswith("customXml/") and NAMESPACE.encode() in data


def _paragraphs(root: etree._Element) -> list[etree._Element]:
    """Return the paragraphs in order, those that stand a second time in a fallback left out."""
    return [p for p in root.iter(_P) if next(p.iterancestors(_FALLBACK), None) is None]


def _names(paragraph: etree._Element) -> list[str]:
    starts = paragraph.iter(qn("w:bookmarkStart"))
    return [name for one in starts if (name := one.get(qn("w:name"), "")).startswith(BOOKMARK)]


def _drop(root: etree._Element, name: str) -> None:
    """Take a bookmark away; the words that it stood around stay."""
    starts = [b for b in root.iter(qn("w:bookmarkStart")) if b.get(qn("w:name")) == name]
    gone = {b.get(qn("w:id")) for b in starts}
    ends = [b for b in root.iter(qn("w:bookmarkEnd")) if b.get(qn("w:id")) in gone]
    for element in (*starts, *ends):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)


def _put(paragraph: etree._Element, name: str, number: str) -> None:
    """Put a bookmark around a paragraph's words."""
    looks = paragraph.find(qn("w:pPr"))
    at = 0 if looks is None else paragraph.index(looks) + 1
    paragraph.insert(at, el("w:bookmarkStart", {"w:id": number, "w:name": name}))
    paragraph.append(el("w:bookmarkEnd", {"w:id": number}))


class _Numbers:
    """Ids of bookmarks that a part does not have yet."""

    def __init__(self, root: etree._Element) -> None:
        marks = root.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"))
        ids = [b.get(qn("w:id"), "") for b in marks]
        self._last = max((int(one) for one in ids if one.isdecimal()), default=0)

    def next(self) -> str:
        """Return the next one."""
        self._last += 1
        return str(self._last)
