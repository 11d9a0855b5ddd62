"""Revision marks as they stand in a part: what they touch, and whose they are."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from lxml import etree

from dealdesk.documents.docx.wml import local, qn

ADDS = frozenset({"ins", "moveTo", "cellIns"})
REMOVES = frozenset({"del", "moveFrom", "cellDel"})
FORMER = frozenset(
    {
        "pPrChange",
        "rPrChange",
        "sectPrChange",
        "tblPrChange",
        "tblPrExChange",
        "tblGridChange",
        "tcPrChange",
        "trPrChange",
        "numberingChange",
        "cellMerge",
    }
)
RANGE_STARTS: Mapping[str, bool] = {  # content controls put around, or taken from around, words
    "customXmlInsRangeStart": True,
    "customXmlMoveToRangeStart": True,
    "customXmlDelRangeStart": False,
    "customXmlMoveFromRangeStart": False,
}
MOVE_RANGES = ("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd")
_NAMES = ADDS | REMOVES | FORMER | frozenset(RANGE_STARTS)


class Touches(StrEnum):
    """What a revision mark is about."""

    CONTENT = "content"
    PARAGRAPH_MARK = "paragraph mark"
    ROW = "row"
    CELL = "cell"
    NUMBERING = "numbering"
    PROPERTIES = "properties"
    CONTROL = "content control"


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision element; `key` names it inside its part and lasts while others are resolved."""

    key: str
    element: etree._Element
    touches: Touches
    adds: bool
    author: str
    date: str

    @property
    def name(self) -> str:
        """The element's name without its namespace, such as "ins" or "rPrChange"."""
        return local(self.element)

    @property
    def at(self) -> datetime | None:
        """The date when it reads as one; Word writes local time and calls it UTC."""
        return parsed_date(self.date)


def parsed_date(text: str) -> datetime | None:
    """Return a revision's date as an instant, or None where there is none to read."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def touched(element: etree._Element) -> Touches:
    """Return what a revision element is about."""
    name = local(element)
    parent = element.getparent()
    above = local(parent) if parent is not None else ""
    if name in RANGE_STARTS:
        return Touches.CONTROL
    if name == "numberingChange" or above == "numPr":
        return Touches.NUMBERING
    if name in {"cellIns", "cellDel", "cellMerge"}:
        return Touches.CELL
    if name in FORMER:
        return Touches.PROPERTIES
    if above == "trPr":
        return Touches.ROW
    if above == "rPr" and parent is not None:
        grand = parent.getparent()
        return Touches.PARAGRAPH_MARK if local_of(grand) == "pPr" else Touches.PROPERTIES
    return Touches.CONTENT


def local_of(element: etree._Element | None) -> str:
    """Return an element's local name, "" for none."""
    return local(element) if element is not None else ""


def revision_elements(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the revision elements of a part in document order, former properties' own left out."""
    for element in root.iter(*(qn(f"w:{name}") for name in sorted(_NAMES))):
        if not _in_former(element):
            yield element


def _in_former(element: etree._Element) -> bool:
    """Say whether a mark stands inside the properties as they were before another change."""
    if local_of(element.getparent()) not in {"tcPr", "trPr", "rPr", "numPr", "pPr", "tblPr"}:
        return False
    return any(local(above) in FORMER for above in element.iterancestors())


def revisions(root: etree._Element) -> list[Revision]:
    """Return the revisions of a part in document order, each with a key of its own."""
    seen: Counter[str] = Counter()
    found: list[Revision] = []
    for element in revision_elements(root):
        number = element.get(qn("w:id"), "")
        seen[number] += 1
        key = number if number and seen[number] == 1 else f"{number}.{seen[number]}"
        found.append(_revision(element, key))
    return found


def _revision(element: etree._Element, key: str) -> Revision:
    name = local(element)
    adds = RANGE_STARTS.get(name, name in ADDS or name in FORMER)
    return Revision(
        key=key,
        element=element,
        touches=touched(element),
        adds=adds,
        author=element.get(qn("w:author"), ""),
        date=element.get(qn("w:date"), ""),
    )


def has_marks(root: etree._Element) -> bool:
    """Say whether a part carries any revision."""
    return next(revision_elements(root), None) is not None
