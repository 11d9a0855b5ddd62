"""Sections of a returned file that are not set as they were sent: pages, margins, columns."""

from collections.abc import Iterator, Mapping

from lxml import etree

from dealdesk.documents.docx.differences import Difference, Untracked
from dealdesk.documents.docx.places import Place
from dealdesk.documents.docx.wml import local, qn

_LENGTHS = {
    ("pgSz", "w"): "page width",
    ("pgSz", "h"): "page height",
    **{("pgMar", side): f"{side} margin" for side in ("top", "right", "bottom", "left")},
}
# What programs leave out when it is as here.
_SETTINGS = {
    ("cols", "num"): ("columns", "1"),
    ("pgNumType", "fmt"): ("page numbers", "decimal"),
    ("pgNumType", "start"): ("first page number", "following"),
}
_OFF = frozenset({"0", "false", "off"})
_ROUNDING = 20  # twips; LibreOffice keeps lengths in hundredths of a millimetre


def changed_sections(sent: etree._Element, returned: etree._Element) -> Iterator[Difference]:
    """Yield each section that was set otherwise without a mark."""
    old, new = list(_sections(sent)), list(_sections(returned))
    if len(old) != len(new):
        yield _difference(f"{len(old)} sections", f"{len(new)} sections")
        return
    for before, after in zip(old, new, strict=True):
        names = unlike(before, after)
        if names:
            yield _difference(_said(before, names), _said(after, names))


def unlike(before: Mapping[str, int | str], after: Mapping[str, int | str]) -> list[str]:
    """Return the names of the settings that differ by more than a program's rounding."""
    return [name for name in before if _differs(before[name], after.get(name, ""))]


def settings_of(section: etree._Element) -> dict[str, int | str]:
    """Return how a section is set; a length that isn't given is absent."""
    return {**dict(_lengths(section)), **dict(_settings(section))}


def _difference(old: str, new: str) -> Difference:
    return Difference(Untracked.SECTION, "body", Place(), old, new)


def _differs(before: int | str, after: int | str) -> bool:
    if isinstance(before, int) and isinstance(after, int):
        return abs(before - after) > _ROUNDING
    return before != after


def _said(values: Mapping[str, int | str], names: list[str]) -> str:
    return ", ".join(f"{name} {values.get(name) or 'none'}" for name in names)


def _sections(root: etree._Element) -> Iterator[dict[str, int | str]]:
    """Yield how each section was set before tracked changes."""
    for section in root.iter(qn("w:sectPr")):
        parent = section.getparent()
        if parent is not None and local(parent) == "sectPrChange":
            continue
        former = section.find(f"{qn('w:sectPrChange')}/{qn('w:sectPr')}")
        yield settings_of(former if former is not None else section)


def _lengths(section: etree._Element) -> Iterator[tuple[str, int]]:
    for (name, key), word in _LENGTHS.items():
        value = _attribute(section, name, key)
        if value.lstrip("-").isdecimal():
            yield word, int(value)


def _settings(section: etree._Element) -> Iterator[tuple[str, str]]:
    for (name, key), (word, usual) in _SETTINGS.items():
        yield word, _attribute(section, name, key) or usual
    first = section.find(qn("w:titlePg"))
    on = first is not None and first.get(qn("w:val"), "1") not in _OFF
    yield "other first page", "yes" if on else "no"


def _attribute(section: etree._Element, name: str, key: str) -> str:
    element = section.find(qn(f"w:{name}"))
    return element.get(qn(f"w:{key}"), "") if element is not None else ""
