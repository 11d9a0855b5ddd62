"""A paragraph as tokens for comparison: words with their looks, fields and objects whole."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from lxml import etree

from dealdesk.documents.docx.wml import local, qn

# Figures with their separators and signs stay whole, so that an amount is replaced as one.
_WORDS = re.compile(r"\d+(?:[.,:/\u2013-]\d+)*%?|\w+|\s+|.", re.DOTALL)
_IGNORED_LOOKS = frozenset(
    {"lang", "noProof", "rPrChange", "bCs", "iCs", "szCs", "webHidden", "ins", "del", "kern"}
)
_BREAK_TYPE = qn("w:type")
_FIXED = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_TEXTS = frozenset({"t", "delText"})
_TRANSPARENT = frozenset({"ins", "moveTo", "smartTag"})
_HIDDEN = frozenset({"del", "moveFrom"})
_PASSIVE = frozenset(
    {
        "bookmarkStart",
        "bookmarkEnd",
        "commentRangeStart",
        "commentRangeEnd",
        "moveFromRangeStart",
        "moveFromRangeEnd",
        "moveToRangeStart",
        "moveToRangeEnd",
        "permStart",
        "permEnd",
    }
)
_DROPPED = frozenset({"proofErr", "lastRenderedPageBreak"})
_COMMENT_RUN = frozenset({"rPr", "commentReference", "annotationRef"})
_NOTES = frozenset({"footnoteReference", "endnoteReference"})
_SKIPPED = _DROPPED | {"pPr", "sdtPr", "sdtEndPr"}

Looks: TypeAlias = frozenset[tuple[str, tuple[tuple[str, str], ...]]]
Key: TypeAlias = tuple[str, str, Looks]
Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no public name for it
Said: TypeAlias = list[tuple[str, str, Looks]]
Reads: TypeAlias = Callable[[Element], Said]
Path: TypeAlias = tuple[Element, ...]
NO_LOOKS: Looks = frozenset()


class ItemKind(StrEnum):
    """What an item is: words, a whole thing, the end of a paragraph, or something without width."""

    WORD = "word"
    WHOLE = "whole"
    MARK = "mark"
    PASSIVE = "passive"


class Item(NamedTuple):
    """One item; `path` are the marks and controls around it inside the paragraph.

    A long contract has a hundred thousand, and a tuple is made in half the time of a dataclass.
    """

    kind: ItemKind
    key: Key
    text: str
    path: Path = ()
    elements: tuple[etree._Element, ...] = ()
    properties: etree._Element | None = None

    @property
    def counts(self) -> bool:
        """Say whether the item takes part in the comparison."""
        return self.kind is not ItemKind.PASSIVE


MARK = Item(ItemKind.MARK, ("mark", "", NO_LOOKS), "\n")


class Spoken(dict[Element, Said]):
    """What paragraphs say, each read once: for trees whose words stay as they are meanwhile."""

    def __missing__(self, paragraph: etree._Element) -> Said:
        """Read a paragraph that is asked for the first time."""
        self[paragraph] = found = spoken(paragraph)
        return found


def items(paragraph: etree._Element) -> list[Item]:
    """Return the items of a paragraph after its tracked changes, without its mark."""
    found: list[Item] = []
    for part in grouped(paragraph):
        if isinstance(part, Chunk):
            found += words(part, part.text)
        else:
            found.append(part)
    return found


def grouped(paragraph: etree._Element) -> Iterator["Item | Chunk"]:
    """Yield a paragraph's items, the text of neighbouring runs that look alike uncut and joined."""
    held: list[Chunk] = []
    for part in _Walk().children(paragraph, ()):
        if isinstance(part, Chunk):
            if held and (held[-1].looks != part.looks or held[-1].path != part.path):
                yield _one(held)
                held = []
            held.append(part)
            continue
        if held:
            yield _one(held)
            held = []
        yield part
    if held:
        yield _one(held)


def _one(chunks: Sequence["Chunk"]) -> "Chunk":
    return chunks[0]._replace(text="".join(c.text for c in chunks)) if chunks[1:] else chunks[0]


def words(chunk: "Chunk", text: str) -> Iterator[Item]:
    """Yield the words of a chunk's text, or of a part of it."""
    _, looks, path, properties = chunk
    kind = f"word@{control_tag(path)}"
    for word in _WORDS.findall(text):
        yield Item(ItemKind.WORD, (kind, word, looks), word, path, (), properties)


def uncut(chunk: "Chunk", text: str) -> Item:
    """Return text of a chunk as one item: what both sides share needs no cutting."""
    key = (f"word@{control_tag(chunk.path)}", text, chunk.looks)
    return Item(ItemKind.WORD, key, text, chunk.path, (), chunk.properties)


def spoken(paragraph: etree._Element) -> Said:
    """Return a paragraph's words by looks and control, and its whole things."""
    found: Said = []
    for entry in _Walk().children(paragraph, ()):
        if isinstance(entry, Chunk):
            tag = control_tag(entry.path) if entry.path else ""
            if found and found[-1][0] == tag and found[-1][2] == entry.looks:
                found[-1] = (tag, found[-1][1] + entry.text, entry.looks)
            else:
                found.append((tag, entry.text, entry.looks))
        elif entry.counts:
            found.append(("whole", entry.key[1], NO_LOOKS))
    return found


class Chunk(NamedTuple):
    """Text of one run, before it is cut into words together with its neighbours."""

    text: str
    looks: Looks
    path: Path
    properties: etree._Element | None


class _Walk:
    """Walks the children of a paragraph; holds a complex field that is open."""

    def __init__(self) -> None:
        self.depth = 0
        self.field: list[etree._Element] = []
        self.path: Path = ()

    def children(self, parent: etree._Element, path: Path) -> Iterator[Item | Chunk]:
        """Yield chunks of text and finished items."""
        for child in parent:
            name = local(child)
            if name == "r":
                yield from self._in_field(child) if self.depth else self._run(child, path)
            elif not name or name in _SKIPPED:
                continue
            elif name in _PASSIVE or name in _HIDDEN:
                yield _passive(child, path)
            elif name in _TRANSPARENT:
                yield from self.children(child, (*path, child))
            elif name == "sdt" and _is_plain_control(child):
                content = child.find(qn("w:sdtContent"))
                yield from self.children(content, (*path, child)) if content is not None else ()
            else:
                yield _whole((child,), path)
        if parent.tag == qn("w:p") and self.field:
            yield _whole(tuple(self.field), self.path)

    def _run(self, run: etree._Element, path: Path) -> Iterator[Item | Chunk]:
        properties: etree._Element | None = None
        texts: list[str] = []
        for child in run:
            name = local(child)
            if name in _TEXTS:
                texts.append((child.text or "").replace("\n", " "))
            elif name == "rPr":
                properties = child
            elif name in _FIXED and not child.get(_BREAK_TYPE):
                texts.append(_FIXED[name])
            elif name not in _DROPPED:
                yield from self._special(run, path)
                return
        looks = looks_of(properties)
        for text in texts:
            if text:
                yield Chunk(text, looks, path, properties)

    def _special(self, run: etree._Element, path: Path) -> Iterator[Item]:
        """Yield a run that holds more than words: the start of a field, or a whole thing."""
        if _begins_field(run):
            self.path = path
            yield from self._in_field(run)
        elif all(local(child) in _COMMENT_RUN for child in run):
            yield _passive(run, path)
        else:
            yield _whole((run,), path)

    def _in_field(self, run: etree._Element) -> Iterator[Item]:
        self.field.append(run)
        for mark in run.iter(qn("w:fldChar")):
            kind = mark.get(qn("w:fldCharType"))
            self.depth += {"begin": 1, "end": -1}.get(kind or "", 0)
        if self.depth <= 0:
            self.depth = 0
            yield _whole(tuple(self.field), self.path)
            self.field = []


def _begins_field(run: etree._Element) -> bool:
    return any(m.get(qn("w:fldCharType")) == "begin" for m in run.iter(qn("w:fldChar")))


def _is_plain_control(control: etree._Element) -> bool:
    """Say whether a control inside a paragraph holds runs only."""
    content = control.find(qn("w:sdtContent"))
    return content is not None and (
        all(local(c) in {"r", "ins", "del", "moveTo", "moveFrom", *_PASSIVE} for c in content)
        and any(local(c) in {"r", "ins"} for c in content)
    )


def control_tag(path: Path) -> str:
    """Return the tag of the innermost control of a path, "" for none."""
    for element in reversed(path):
        if local(element) == "sdt":
            tag = element.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
            return tag.get(qn("w:val"), "") if tag is not None else ""
    return ""


def looks_of(properties: etree._Element | None) -> Looks:
    """Return the properties of a run that a reader sees, comparable."""
    if properties is None:
        return NO_LOOKS
    return frozenset(
        (local(p), tuple(sorted((str(k), str(v)) for k, v in p.attrib.items())))
        for p in properties
        if local(p) not in _IGNORED_LOOKS
    )


def _passive(element: etree._Element, path: Path) -> Item:
    return Item(ItemKind.PASSIVE, ("passive", "", NO_LOOKS), "", path, (element,))


def _whole(elements: tuple[etree._Element, ...], path: Path) -> Item:
    return Item(
        ItemKind.WHOLE,
        ("whole", "".join(_said(e) for e in elements), NO_LOOKS),
        "\ufffc",
        path,
        elements,
    )


_SAID = frozenset({"anchor", "instr", "fldCharType", "name", "char", "font"})


_UNSAID = frozenset({"rPr", "sdtPr", *_PASSIVE, *_DROPPED, *_TRANSPARENT})
_GONE = (qn("w:del"), qn("w:moveFrom"))


def _said(element: etree._Element) -> str:
    """Return what a whole thing says: its words and instructions, ids and save marks left out."""
    parts: list[str] = []
    gone = {e for mark in element.iter(*_GONE) for e in mark.iter()}
    for inner in element.iter():
        name = local(inner)
        if not name or name in _UNSAID or inner in gone:
            continue
        said = [v for k, v in inner.attrib.items() if etree.QName(k).localname in _SAID]
        said += [inner.get(qn("w:id"), "")] if name in _NOTES else []
        words = (inner.text or "") if name in {"t", "instrText", "delText", "delInstrText"} else ""
        if name not in {"t", "r"} or words:
            parts.append(
                f"<{name if name not in {'t', 'r'} else ''} {' '.join(map(str, said))}>{words}"
            )
    return "".join(parts)


def whole_runs(items: Iterable[Item]) -> Iterator[Item]:
    """Yield items with neighbouring words that look alike joined: what stays needs no cutting."""
    held: list[Item] = []
    for item in items:
        if held and not _is_one(held[-1], item):
            yield _whole_run(held)
            held = []
        held.append(item)
    if held:
        yield _whole_run(held)


def _is_one(last: Item, item: Item) -> bool:
    both_words = last.kind is ItemKind.WORD and item.kind is ItemKind.WORD
    return both_words and last.path is item.path and last.key[2] is item.key[2]


def _whole_run(words: Sequence[Item]) -> Item:
    if len(words) == 1:
        return words[0]
    return words[0]._replace(text="".join(word.text for word in words))
