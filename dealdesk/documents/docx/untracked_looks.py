"""How a paragraph's words look by its style, and which words are struck through by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from dealdesk.documents.docx.file import DocxFile
from dealdesk.documents.docx.mapping import BaseParagraph
from dealdesk.documents.docx.wml import qn

_STYLES = "word/styles.xml"
_OFF = frozenset({"0", "false", "off", "none"})
_SWITCHES = {
    "b": "bold",
    "i": "italic",
    "caps": "capitals",
    "smallCaps": "small capitals",
    "strike": "struck through",
    "dstrike": "struck through twice",
    "vanish": "hidden",
}
_SIDES = {"start": "left", "end": "right", "": "left"}
_PLAIN = {"size": "20", "color": "auto", "font": "", "underline": "none", "aligned": "left"}


@dataclass(slots=True)
class Looks:
    """The looks that a file's paragraph styles give, defaults and parent styles included.

    Spacing and indents are not among them: programs write them anew from numbering.
    """

    file: DocxFile
    _styles: dict[str, etree._Element] = field(default_factory=dict)
    _known: dict[str, dict[str, str]] = field(default_factory=dict)
    _default: str = ""

    def __post_init__(self) -> None:
        """Read the styles."""
        if not self.file.has(_STYLES):
            return
        for style in self.file.tree(_STYLES).iter(qn("w:style")):
            number = style.get(qn("w:styleId"), "")
            self._styles[number] = style
            is_default = style.get(qn("w:default"), "0") not in _OFF
            if is_default and style.get(qn("w:type")) == "paragraph":
                self._default = number

    def name(self, style: str) -> str:
        """Return a style's name."""
        element = self._styles.get(style or self._default)
        return _val(element.find(qn("w:name"))) if element is not None else style

    def of(self, style: str) -> dict[str, str]:
        """Return what a style makes of words; "" is the default style."""
        wanted = style if style in self._styles else self._default
        if wanted not in self._known:
            self._known[wanted] = self._resolved(wanted)
        return self._known[wanted]

    def _resolved(self, style: str) -> dict[str, str]:
        looks = dict(_PLAIN)
        if self.file.has(_STYLES):
            defaults = self.file.tree(_STYLES).find(qn("w:docDefaults"))
            for path in (
                ("w:rPrDefault/w:rPr", "w:pPrDefault/w:pPr") if defaults is not None else ()
            ):
                steps = "/".join(qn(step) for step in path.split("/"))
                looks |= _stated(defaults.find(steps))  # type: ignore[union-attr]
        chain: list[etree._Element] = []
        element = self._styles.get(style)
        while element is not None and element not in chain:
            chain.insert(0, element)
            element = self._styles.get(_val(element.find(qn("w:basedOn"))))
        for one in chain:
            looks |= _stated(one.find(qn("w:pPr"))) | _stated(one.find(qn("w:rPr")))
        return looks


def _stated(properties: etree._Element | None) -> dict[str, str]:
    """Return the looks that run or paragraph properties state."""
    found: dict[str, str] = {}
    if properties is None:
        return found
    for name, word in _SWITCHES.items():
        switch = properties.find(qn(f"w:{name}"))
        if switch is not None:
            found[word] = "no" if switch.get(qn("w:val"), "1") in _OFF else "yes"
    for name, word in {"sz": "size", "color": "color", "u": "underline", "jc": "aligned"}.items():
        element = properties.find(qn(f"w:{name}"))
        if element is not None:
            value = _val(element)
            found[word] = _SIDES.get(value, value) if name == "jc" else value.lower()
    fonts = properties.find(qn("w:rFonts"))
    if fonts is not None and fonts.get(qn("w:ascii")):
        found["font"] = fonts.get(qn("w:ascii"), "")
    return found


def other_looks(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, str]:
    """Return what differs in two looks, as words for each; empty where nothing does."""
    names = [n for n in sorted({*old, *new}) if _one(old, n) != _one(new, n)]
    if "font" in names and not (old.get("font") and new.get("font")):
        names.remove("font")  # a theme's font has no name here
    return _worded(old, names), _worded(new, names)


def _one(looks: Mapping[str, str], name: str) -> str:
    return looks.get(name, "no")


def _worded(looks: Mapping[str, str], names: list[str]) -> str:
    return ", ".join(f"{name} {_one(looks, name)}" for name in names)


def style_of(paragraph: BaseParagraph) -> str:
    """Return the style that a paragraph had before tracked changes."""
    own = paragraph.parts[-1]
    if paragraph.parts[1:]:
        own = next((p for p in paragraph.parts if p.text(final=False)), own)
    properties = own.element.find(qn("w:pPr"))
    if properties is None:
        return ""
    change = properties.find(qn("w:pPrChange"))
    former = change.find(qn("w:pPr")) if change is not None else properties
    return _val(former.find(qn("w:pStyle"))) if former is not None else ""


def struck_words(paragraph: BaseParagraph) -> str:
    """Return the words that look deleted and aren't, struck through without a mark."""
    return "".join(
        piece.text
        for part in paragraph.parts
        for piece in part.pieces
        if piece.in_base and _is_struck(piece.node.getparent())
    )


def _is_struck(run: etree._Element | None) -> bool:
    own = run.find(qn("w:rPr")) if run is not None else None
    if own is None or own.find(qn("w:rPrChange")) is not None:
        return False
    marks = (own.find(qn("w:strike")), own.find(qn("w:dstrike")))
    return any(m is not None and m.get(qn("w:val"), "1") not in _OFF for m in marks)


def _val(element: etree._Element | None) -> str:
    return element.get(qn("w:val"), "") if element is not None else ""
