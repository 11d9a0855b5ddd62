"""WordprocessingML as elements: names, attributes, and the order that its schema wants."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XML = "http://www.w3.org/XML/1998/namespace"
NAMESPACES = {"w": W, "r": R}
_PREFIXES = {**NAMESPACES, "xml": XML}

# ECMA-376 part 1, the sequences of CT_PPr, CT_RPr, CT_SdtPr, CT_TblPr, CT_TrPr and CT_TcPr, as
# far as we write them. Word refuses a file whose children stand in another order.
ORDER: Mapping[str, tuple[str, ...]] = {
    "pPr": (
        "pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr", "pBdr",
        "shd", "tabs", "spacing", "ind", "jc", "outlineLvl", "rPr", "sectPr", "pPrChange",
    ),
    "rPr": (
        "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "color", "sz", "szCs", "u", "lang",
    ),
    "sdtPr": ("rPr", "alias", "tag", "id", "lock", "docPartObj", "richText"),
    "tblPr": (
        "tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook",
        "tblCaption", "tblDescription",
    ),
    "trPr": ("cantSplit", "tblHeader", "ins", "del"),
    "tcPr": ("tcW", "tcBorders", "vAlign"),
    "sectPr": (
        "headerReference", "footerReference", "type", "pgSz", "pgMar", "pgNumType", "titlePg",
    ),
}  # fmt: skip


@cache
def qn(name: str) -> str:
    """Return the name with its namespace for a prefixed one: "w:p"."""
    prefix, _, local = name.partition(":")
    return f"{{{_PREFIXES[prefix]}}}{local}"


def el(
    name: str,
    attributes: Mapping[str, str] | None = None,
    *children: etree._Element,
    text: str | None = None,
) -> etree._Element:
    """Return an element; attribute names are prefixed ("w:val")."""
    element = etree.Element(qn(name), nsmap=NAMESPACES)
    for key, value in (attributes or {}).items():
        element.set(qn(key), value)
    element.text = text
    element.extend(children)
    return element


def val(name: str, value: str) -> etree._Element:
    """Return an element that only carries `w:val`."""
    return el(name, {"w:val": value})


def text_run(text: str, *, strong: bool = False, deleted: bool = False) -> etree._Element:
    """Return a run of words with its white space kept."""
    run = el("w:r")
    if strong:
        run.append(el("w:rPr", None, el("w:b"), el("w:bCs")))
    run.append(el("w:delText" if deleted else "w:t", {"xml:space": "preserve"}, text=text))
    return run


def field_runs(instruction: str, result: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """Yield the runs of a complex field with its result written in."""
    yield el("w:r", None, el("w:fldChar", {"w:fldCharType": "begin"}))
    yield el("w:r", None, el("w:instrText", {"xml:space": "preserve"}, text=f" {instruction} "))
    yield el("w:r", None, el("w:fldChar", {"w:fldCharType": "separate"}))
    yield from result
    yield el("w:r", None, el("w:fldChar", {"w:fldCharType": "end"}))


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace; comments and the like have none."""
    return _local(element.tag)


@cache
def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def misplaced(root: etree._Element) -> Iterator[str]:
    """Yield a sentence for each property that stands out of the schema's order."""
    for element in root.iter():
        order = ORDER.get(local(element))
        if order is None:
            continue
        places = [order.index(local(c)) if local(c) in order else -1 for c in element]
        if -1 in places:
            yield f"{local(element)} holds {local(element[places.index(-1)])}, which we don't write"
        elif places != sorted(places):
            yield f"{local(element)} holds its parts out of order"


def repeated_ids(root: etree._Element) -> Iterator[str]:
    """Yield a sentence for each bookmark or content control whose id or name stands twice."""
    for path, attribute in (
        ("bookmarkStart", "w:id"),
        ("bookmarkStart", "w:name"),
        ("sdtPr", "id"),
    ):
        seen: set[str] = set()
        for element in root.iter(qn(f"w:{path}")):
            holder = element.find(qn("w:id")) if attribute == "id" else element
            value = (
                holder.get(qn("w:val" if attribute == "id" else attribute))
                if holder is not None
                else None
            )
            if value is not None and value in seen:
                yield f"the {path} {attribute} {value} stands twice"
            seen.add(value or "")
