"""Pages that are set otherwise in the new file, tracked as changes of the section."""

from copy import deepcopy

from lxml import etree

from dealdesk.documents.docx.editing import Marker
from dealdesk.documents.docx.resolver import accept_all, reject_all
from dealdesk.documents.docx.untracked_pages import settings_of, unlike
from dealdesk.documents.docx.wml import el, local, qn

_COMPARED = ("pgSz", "pgMar", "pgNumType", "cols", "titlePg")
# The schema's order of what stands in a section's properties behind heads and feet.
_ORDER = (
    "footnotePr", "endnotePr", "type", "pgSz", "pgMar", "paperSrc", "pgBorders", "lnNumType",
    "pgNumType", "cols", "formProt", "vAlign", "noEndnote", "titlePg", "textDirection", "bidi",
    "rtlGutter", "docGrid", "printerSettings",
)  # fmt: skip
_HEADS = frozenset({"headerReference", "footerReference"})


def mark_sections(old: etree._Element, new: etree._Element, marker: Marker) -> bool:
    """Track the page setup of the new body's sections in the old body; say whether it is proved.

    Only where both have as many sections: else none says which is which. A section whose setup is
    already tracked keeps that mark.
    """
    ours, theirs = sections(old), sections(new)
    if len(ours) != len(theirs):
        return True
    return all(_compared(*pair, marker) for pair in zip(ours, theirs, strict=True))


def _compared(section: etree._Element, wanted: etree._Element, marker: Marker) -> bool:
    before, after = settings_of(section), settings_of(wanted)
    if section.find(qn("w:sectPrChange")) is not None or not unlike(before, after):
        return True
    _mark(section, wanted, marker)
    accepted, rejected = (el("w:body", None, deepcopy(section)) for _ in range(2))
    accept_all(accepted)
    reject_all(rejected)
    return (settings_of(accepted[0]), settings_of(rejected[0])) == (after, before)


def sections(root: etree._Element) -> list[etree._Element]:
    """Return the sections' properties as they are now, in order."""
    found = root.iter(qn("w:sectPr"))
    return [s for s in found if (p := s.getparent()) is None or local(p) != "sectPrChange"]


def _mark(section: etree._Element, wanted: etree._Element, marker: Marker) -> None:
    former = etree.Element(qn("w:sectPr"))
    former.extend(deepcopy(child) for child in section if local(child) not in _HEADS)
    for name in _COMPARED:
        for child in section.findall(qn(f"w:{name}")):
            section.remove(child)
        own = wanted.find(qn(f"w:{name}"))
        if own is not None:
            section.append(deepcopy(own))
    heads = [child for child in section if local(child) in _HEADS]
    rest = sorted((c for c in section if local(c) not in _HEADS), key=_place)
    for child in (*heads, *rest):
        section.append(child)
    section.append(marker.mark("w:sectPrChange", former))


def _place(child: etree._Element) -> int:
    name = local(child)
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)
