"""Words that are in a file and that its reader doesn't see: hidden, white, or too small."""

from collections.abc import Iterator, Mapping

from lxml import etree

from dealdesk.documents.docx.file import DocxFile
from dealdesk.documents.docx.wml import qn

_WHITE = frozenset({"FFFFFF", "FEFEFE", "FDFDFD", "FCFCFC"})
_TOO_SMALL = 8  # half points
_OFF = frozenset({"0", "false", "off"})


def hidden_words(file: DocxFile) -> Iterator[str]:
    """Yield the words of each run that can't be seen, by its own or its styles' properties."""
    styles = _hiding_styles(file)
    for _, root in file.stories():
        for run in root.iter(qn("w:r")):
            words = "".join(t.text or "" for t in run.iter(qn("w:t"), qn("w:delText")))
            if words.strip() and _is_hidden(run, styles):
                yield words.strip()


def _is_hidden(run: etree._Element, styles: Mapping[str, bool]) -> bool:
    own = run.find(qn("w:rPr"))
    if own is not None:
        if hides(own):
            return True
        if styles.get(_value(own.find(qn("w:rStyle")))):
            return True
    paragraph = next(run.iterancestors(qn("w:p")), None)
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}") if paragraph is not None else None
    return styles.get(_value(style), False)


def hides(properties: etree._Element) -> bool:
    """Say whether run properties keep words out of sight."""
    vanish = properties.find(qn("w:vanish"))
    if vanish is not None and vanish.get(qn("w:val"), "1") not in _OFF:
        return True
    if properties.find(qn("w:webHidden")) is not None:
        return False
    size = _value(properties.find(qn("w:sz")))
    small = size.isdecimal() and int(size) < _TOO_SMALL
    shaded = (
        properties.find(qn("w:shd")) is not None or properties.find(qn("w:highlight")) is not None
    )
    white = _value(properties.find(qn("w:color"))).upper() in _WHITE and not shaded
    return small or white


def _hiding_styles(file: DocxFile) -> dict[str, bool]:
    if not file.has("word/styles.xml"):
        return {}
    return {
        style.get(qn("w:styleId"), ""): True
        for style in file.tree("word/styles.xml").iter(qn("w:style"))
        if (own := style.find(qn("w:rPr"))) is not None and hides(own)
    }


def _value(element: etree._Element | None) -> str:
    return element.get(qn("w:val"), "") if element is not None else ""
