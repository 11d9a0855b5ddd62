"""The numbers that Word shows in front of paragraphs, from numbering and styles."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from dealdesk.documents.docx.file import DocxFile
from dealdesk.documents.docx.wml import qn
from dealdesk.documents.numbering import letters, roman

_PLACEHOLDER = re.compile(r"%([1-9])")
_BULLETS = "•"
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a numbering: its format, text and first number."""

    format: str
    text: str
    start: int
    style: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """The numberings of a file: levels by abstract id, and what each instance refers to."""

    levels: Mapping[str, Mapping[int, Level]]
    abstract_of: Mapping[str, str]
    starts: Mapping[str, Mapping[int, int]]
    by_style: Mapping[str, tuple[str, int]]


@dataclass(slots=True)
class Counter:
    """Counts the paragraphs of one story."""

    scheme: Scheme
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def label(self, paragraph: etree._Element) -> str:
        """Return the paragraph's label and count it; "" where it has none."""
        number = numbering_of(paragraph, self.scheme)
        if number is None or _only_breaks_section(paragraph):
            return ""
        num_id, depth = number
        abstract = self.scheme.abstract_of.get(num_id, "")
        levels = self.scheme.levels.get(abstract, {})
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        if num_id not in self._seen:
            self._seen.add(num_id)
            for level, start in self.scheme.starts.get(num_id, {}).items():
                counts[level] = start - 1
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        return _label(levels, counts, depth)


def _only_breaks_section(paragraph: etree._Element) -> bool:
    """Tell an empty paragraph with a section break: neither Word nor LibreOffice numbers it."""
    breaks = paragraph.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None
    return breaks and next(paragraph.iter(qn("w:r")), None) is None


def _label(levels: Mapping[int, Level], counts: Mapping[int, int], depth: int) -> str:
    if levels[depth].format == "bullet":
        return _BULLETS

    def figure(match: re.Match[str]) -> str:
        level = int(match[1]) - 1
        own = levels.get(level)
        return formatted(counts.get(level, own.start), own.format) if own else ""

    return _PLACEHOLDER.sub(figure, levels[depth].text)


def formatted(count: int, style: str) -> str:
    """Return a count in a number format of Word's."""
    match style:
        case "lowerLetter":
            return letters(count)
        case "upperLetter":
            return letters(count).upper()
        case "lowerRoman":
            return roman(count)
        case "upperRoman":
            return roman(count).upper()
        case "none":
            return ""
        case "decimalZero":
            return f"{count:02d}"
        case _:
            return str(count)


def numbering_of(paragraph: etree._Element, scheme: Scheme) -> tuple[str, int] | None:
    """Return a paragraph's numbering instance and level, its own or its style's."""
    properties = paragraph.find(qn("w:pPr"))
    if properties is None:
        return None
    style = _value(properties.find(qn("w:pStyle")))
    inherited = scheme.by_style.get(style)
    own = properties.find(qn("w:numPr"))
    if own is None:
        return inherited
    num_id = _value(own.find(qn("w:numId"))) or (inherited[0] if inherited else "")
    depth = _value(own.find(qn("w:ilvl")))
    level = int(depth) if depth.isdecimal() else (inherited[1] if inherited else 0)
    return (num_id, level) if num_id not in {"", "0"} else None


def _value(element: etree._Element | None) -> str:
    return element.get(qn("w:val"), "") if element is not None else ""


def _number(element: etree._Element | None, otherwise: int) -> int:
    text = _value(element)
    return int(text) if text.lstrip("-").isdecimal() else otherwise


def scheme_of(file: DocxFile) -> Scheme:
    """Return the numberings of a file; none for a file without any."""
    root = file.tree("word/numbering.xml") if file.has("word/numbering.xml") else None
    levels: dict[str, Mapping[int, Level]] = {}
    abstract_of: dict[str, str] = {}
    starts: dict[str, Mapping[int, int]] = {}
    for abstract in root.iter(qn("w:abstractNum")) if root is not None else ():
        levels[abstract.get(qn("w:abstractNumId"), "")] = _levels(abstract.iter(qn("w:lvl")))
    for number in root.iter(qn("w:num")) if root is not None else ():
        num_id = number.get(qn("w:numId"), "")
        abstract_of[num_id] = _value(number.find(qn("w:abstractNumId")))
        starts[num_id] = {
            _ilvl(override): _number(override.find(qn("w:startOverride")), 1)
            for override in number.iter(qn("w:lvlOverride"))
            if override.find(qn("w:startOverride")) is not None
        }
    return Scheme(levels, abstract_of, starts, _style_numbers(file, levels, abstract_of))


def _ilvl(element: etree._Element) -> int:
    text = element.get(qn("w:ilvl"), "0")
    return int(text) if text.isdecimal() else 0


def _levels(elements: Iterable[etree._Element]) -> dict[int, Level]:
    return {
        _ilvl(level): Level(
            _value(level.find(qn("w:numFmt"))) or "decimal",
            _value(level.find(qn("w:lvlText"))),
            _number(level.find(qn("w:start")), 1),
            _value(level.find(qn("w:pStyle"))),
        )
        for level in elements
    }


def _style_numbers(
    file: DocxFile, levels: Mapping[str, Mapping[int, Level]], abstract_of: Mapping[str, str]
) -> dict[str, tuple[str, int]]:
    """Return the numbering that each paragraph style brings, its ancestors' included."""
    if not file.has("word/styles.xml"):
        return {}
    styles = {
        s.get(qn("w:styleId"), ""): s for s in file.tree("word/styles.xml").iter(qn("w:style"))
    }
    found: dict[str, tuple[str, int]] = {}
    for style_id in styles:
        number = _style_number(style_id, styles, levels, abstract_of)
        if number is not None:
            found[style_id] = number
    return found


def _style_number(
    style_id: str,
    styles: Mapping[str, etree._Element],
    levels: Mapping[str, Mapping[int, Level]],
    abstract_of: Mapping[str, str],
) -> tuple[str, int] | None:
    current = style_id
    for _ in range(_LEVELS * 2):
        style = styles.get(current)
        if style is None:
            return None
        own = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        num_id = _value(own.find(qn("w:numId"))) if own is not None else ""
        if own is not None and num_id:
            linked = levels.get(abstract_of.get(num_id, ""), {})
            named = next((at for at, level in linked.items() if level.style == current), 0)
            return (num_id, _number(own.find(qn("w:ilvl")), named)) if num_id != "0" else None
        current = _value(style.find(qn("w:basedOn")))
    return None
