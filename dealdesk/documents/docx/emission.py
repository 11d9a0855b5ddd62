"""Build the content of paragraphs from items that are kept, deleted or inserted."""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from lxml import etree

from dealdesk.documents.docx.editing import Marker
from dealdesk.documents.docx.tokens import Item, ItemKind, Path
from dealdesk.documents.docx.wml import el, local, qn

_SPECIAL = {"\t": "w:tab", "\n": "w:br", "\u2011": "w:noBreakHyphen", "\u00ad": "w:softHyphen"}
_INNER = frozenset({"hyperlink", "fldSimple", "smartTag", "ins", "moveTo", "sdt", "sdtContent"})
_MARKABLE = frozenset({"r", "sdt", "oMath", "oMathPara", "ruby"})


class State(StrEnum):
    """What happens to an item."""

    KEEP = "keep"
    DELETE = "w:del"
    INSERT = "w:ins"


class Entry(NamedTuple):
    """An item with its state and the marks and controls that it goes into."""

    state: State
    item: Item
    path: Path


@dataclass(slots=True)
class Builder:
    """Builds content with one author's marks; a wrapper used again gets an id of its own."""

    marker: Marker
    _used: set[int] = field(default_factory=set)
    _wrappers: list[etree._Element] = field(default_factory=list)

    def content(self, entries: Sequence[Entry]) -> list[etree._Element]:
        """Return the elements for entries in order."""
        return list(self._nested(entries, 0))

    def _nested(self, entries: Sequence[Entry], depth: int) -> Iterator[etree._Element]:
        for wrapper, group in groupby(
            entries, key=lambda e: e.path[depth] if len(e.path) > depth else None
        ):
            own = list(group)
            if wrapper is None:
                yield from self._flat(own)
            else:
                yield self._wrap(wrapper, list(self._nested(own, depth + 1)))

    def _wrap(self, wrapper: etree._Element, content: Iterable[etree._Element]) -> etree._Element:
        copy = etree.Element(str(wrapper.tag), {str(k): str(v) for k, v in wrapper.attrib.items()})
        again = id(wrapper) in self._used
        self._used.add(id(wrapper))
        self._wrappers.append(wrapper)  # kept alive, so that ids of objects stay unique
        holder = copy
        if local(wrapper) == "sdt":
            for part in wrapper:
                if local(part) != "sdtContent":
                    copy.append(deepcopy(part))
            holder = el("w:sdtContent")
            copy.append(holder)
            number = copy.find(f"{qn('w:sdtPr')}/{qn('w:id')}")
            if again and number is not None:
                number.set(qn("w:val"), self.marker.fresh())
        elif again and copy.get(qn("w:id")):
            copy.set(qn("w:id"), self.marker.fresh())
        holder.extend(content)
        return copy

    def _flat(self, entries: Sequence[Entry]) -> Iterator[etree._Element]:
        for state, group in groupby(entries, key=lambda e: e.state):
            elements = list(_elements([e.item for e in group], state))
            if state is State.KEEP:
                yield from elements
            else:
                yield from self._marked(elements, state)

    def _marked(self, elements: Sequence[etree._Element], state: State) -> Iterator[etree._Element]:
        for markable, group in groupby(elements, key=lambda e: local(e) in _MARKABLE):
            own = list(group)
            if markable:
                yield self.marker.mark(state, *[_struck(e, state) for e in own])
                continue
            for element in own:
                self._mark_inside(element, state)
                yield element

    def _mark_inside(self, element: etree._Element, state: State) -> None:
        """Mark the runs of a link or the like, which can't stand inside a mark itself."""
        inner = [e for e in element if local(e) in _INNER]  # before our marks come between
        for run in [r for r in element if local(r) == "r"]:
            mark = self.marker.mark(state)
            run.addprevious(mark)
            mark.append(_struck(run, state))
        for holder in inner:
            self._mark_inside(holder, state)


def _struck(element: etree._Element, state: State) -> etree._Element:
    if state is State.DELETE:
        for words in list(element.iter(qn("w:t"), qn("w:instrText"))):
            words.tag = qn("w:delText") if local(words) == "t" else qn("w:delInstrText")
    return element


def _elements(items: Sequence[Item], state: State) -> Iterator[etree._Element]:
    """Yield runs for words, and whole things as they are (copied when they are inserted)."""
    for (kind, _), group in groupby(items, key=lambda i: (i.kind, _looks(i))):
        own = list(group)
        if kind is ItemKind.WORD:
            yield word_run("".join(i.text for i in own), own[0].properties)
            continue
        for item in own:
            copied = state is State.INSERT
            yield from (deepcopy(e) if copied else e for e in item.elements)


def _looks(item: Item) -> object:
    return item.key[2] if item.kind is ItemKind.WORD else None


def word_run(text: str, properties: etree._Element | None) -> etree._Element:
    """Return a run of words with the looks of another run."""
    run = el("w:r")
    if properties is not None:
        run.append(deepcopy(properties))
    plain = ""
    for character in text:
        if character in _SPECIAL:
            _append_words(run, plain)
            plain = ""
            run.append(el(_SPECIAL[character]))
        else:
            plain += character
    _append_words(run, plain)
    return run


def _append_words(run: etree._Element, text: str) -> None:
    if text:
        run.append(el("w:t", {"xml:space": "preserve"}, text=text))
