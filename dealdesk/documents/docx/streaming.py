"""Compare paragraphs that belong together as one stream of words and paragraph marks."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree
from rapidfuzz.distance import Indel

from dealdesk.documents.docx.alignment import Leaf
from dealdesk.documents.docx.emission import Builder, Entry, State
from dealdesk.documents.docx.tokens import MARK, Item, ItemKind, Path, control_tag, whole_runs
from dealdesk.documents.docx.trimming import paired_items
from dealdesk.documents.docx.wml import el, local, qn

_SIGNIFICANT = ("pStyle", "numPr", "jc", "ind", "keepNext", "pageBreakBefore", "outlineLvl", "shd")


@dataclass(frozen=True, slots=True)
class Edit:
    """Items that are the same on both sides, or items deleted and inserted at one place."""

    old: tuple[Item, ...]
    new: tuple[Item, ...]
    equal: bool


@dataclass(slots=True)
class Stream:
    """Writes the paragraphs of one cluster with marks in place of the old ones."""

    builder: Builder
    old: Sequence[Leaf]
    new: Sequence[Leaf]
    entries: list[Entry] = field(default_factory=list)
    waiting: list[etree._Element] = field(default_factory=list)

    def write(self) -> list[etree._Element]:
        """Replace the old paragraphs by marked ones; return these in order."""
        written: list[etree._Element] = []
        self._new_marks = [p for leaf in self.new for p in leaf.elements[-1:]]
        self._new_at = 0
        for edit in edits(self.old, self.new):
            if edit.equal:
                self._equal(edit, written)
            else:
                self._delete(edit.old, written)
                self._insert(edit, written)
        return written

    _new_marks: list[etree._Element] = field(default_factory=list)
    _new_at: int = 0
    _last_old: Item | None = None

    def _equal(self, edit: Edit, written: list[etree._Element]) -> None:
        twins = iter([i for i in edit.new if i.kind is ItemKind.MARK])
        for item in whole_runs(edit.old):
            if item.kind is ItemKind.MARK:
                self._close_kept(item.elements[0], next(twins, None), written)
            elif _is_foreign_mark(item):
                self._close_foreign(item.elements[0], written)
            else:
                self.entries.append(Entry(State.KEEP, item, item.path))
                self._last_old = item

    def _delete(self, items: Sequence[Item], written: list[etree._Element]) -> None:
        for item in items:
            if item.kind is ItemKind.MARK:
                self._close_deleted(item.elements[0], written)
            elif _is_foreign_mark(item):
                self._close_foreign(item.elements[0], written)
            else:
                state = State.DELETE if item.counts else State.KEEP
                self.entries.append(Entry(state, item, item.path))
                self._last_old = item

    def _insert(self, edit: Edit, written: list[etree._Element]) -> None:
        for item in edit.new:
            if item.kind is ItemKind.MARK:
                self._close_inserted(item.elements[0], written)
            elif item.counts:
                self.entries.append(Entry(State.INSERT, item, self._path(item, edit)))

    def _path(self, item: Item, edit: Edit) -> Path:
        """Return the controls that new words go into: those of the words they replace."""
        before = self._last_old.path if self._last_old is not None else ()
        tag = control_tag(item.path)
        if tag:
            if control_tag(before) == tag:
                return _controls(before)
            return _controls(item.path)
        del edit
        return ()

    def _take(self, old: etree._Element | None) -> etree._Element:
        """Return a paragraph with the content so far; it stands where the old one stood."""
        paragraph = el("w:p")
        if old is not None:
            for key, value in old.attrib.items():
                paragraph.set(key, value)
        paragraph.extend(self.builder.content(self.entries))
        self.entries = []
        return paragraph

    def _present(self) -> etree._Element | None:
        """Return the properties of the new paragraph that is being written."""
        at = min(self._new_at, len(self._new_marks) - 1)
        return self._new_marks[at].find(qn("w:pPr")) if self._new_marks else None

    def _place(
        self, paragraph: etree._Element, old: etree._Element, written: list[etree._Element]
    ) -> None:
        for one in self.waiting:
            old.addprevious(one)
        self.waiting = []
        parent = old.getparent()
        if parent is not None:
            parent.replace(old, paragraph)
        written.append(paragraph)

    def _close_kept(
        self, old: etree._Element, twin: Item | None, written: list[etree._Element]
    ) -> None:
        paragraph = self._take(old)
        properties = with_former(old.find(qn("w:pPr")), self._present(), self.builder)
        if properties is not None:
            paragraph.insert(0, properties)
        self._place(paragraph, old, written)
        self._new_at += twin is not None

    def _close_foreign(self, old: etree._Element, written: list[etree._Element]) -> None:
        """End a paragraph whose mark somebody else deleted: it stays as it is."""
        paragraph = self._take(old)
        properties = old.find(qn("w:pPr"))
        if properties is not None:
            paragraph.insert(0, deepcopy(properties))
        self._place(paragraph, old, written)

    def _close_deleted(self, old: etree._Element, written: list[etree._Element]) -> None:
        paragraph = self._take(old)
        properties = with_former(old.find(qn("w:pPr")), self._present(), self.builder)
        paragraph.insert(0, marked_properties(properties, "w:del", self.builder))
        self._place(paragraph, old, written)

    def _close_inserted(self, new: etree._Element, written: list[etree._Element]) -> None:
        split = any(e.state is not State.INSERT and e.item.counts for e in self.entries)
        paragraph = self._take(None)
        own = plain_properties(new.find(qn("w:pPr")))
        if split:
            former = self._former()
            own = with_former(former, own, self.builder)
        paragraph.insert(0, marked_properties(own, "w:ins", self.builder))
        self.waiting.append(paragraph)
        written.append(paragraph)
        self._new_at += 1

    def _former(self) -> etree._Element | None:
        """Return the properties of the old paragraph that is being split."""
        for leaf in self.old:
            for element in leaf.elements:
                if element.getparent() is not None:
                    return element.find(qn("w:pPr"))
        return None


def _is_foreign_mark(item: Item) -> bool:
    return item.kind is ItemKind.PASSIVE and item.key == MARK.key


def _controls(path: Path) -> Path:
    return tuple(e for e in path if local(e) == "sdt")


def stream_items(leaves: Sequence[Leaf]) -> list[Item]:
    """Return the items of leaves, each closed by its mark."""
    found: list[Item] = []
    for leaf in leaves:
        found += leaf.items
        found.append(_mark_of(leaf))
    return found


def _mark_of(leaf: Leaf) -> Item:
    return Item(ItemKind.MARK, MARK.key, "\n", (), (leaf.elements[-1],))


def edits(old: Sequence[Leaf], new: Sequence[Leaf]) -> Iterator[Edit]:
    """Yield what is equal and what differs, the last marks of both sides held together."""
    if len(old) == len(new) == len(old[0].elements) == len(new[0].elements) == 1:
        ours, theirs = paired_items(old[0].elements[0], new[0].elements[0])
        left, right = [*ours, _mark_of(old[0])], [*theirs, _mark_of(new[0])]
    else:
        left, right = stream_items(old), stream_items(new)
    passive = ItemKind.PASSIVE
    at_old = [i for i, item in enumerate(left) if item.kind is not passive][:-1]
    at_new = [i for i, item in enumerate(right) if item.kind is not passive][:-1]
    ops = Indel.opcodes([left[i].key for i in at_old], [right[i].key for i in at_new])
    spans = _joined(
        [(o.tag == "equal", o.src_start, o.src_end, o.dest_start, o.dest_end) for o in ops],
        left,
        at_old,
    )
    done_old = done_new = 0
    for equal, a, b, c, d in spans:
        stop_old = at_old[b] if b < len(at_old) else len(left) - 1
        stop_new = at_new[d] if d < len(at_new) else len(right) - 1
        if a == b:
            stop_old = done_old
        yield Edit(tuple(left[done_old:stop_old]), tuple(right[done_new:stop_new]), equal)
        done_old, done_new = stop_old, stop_new
        del c
    yield Edit(tuple(left[done_old:]), tuple(right[done_new:]), equal=True)


Span = tuple[bool, int, int, int, int]


def _joined(spans: Sequence[Span], left: Sequence[Item], at: Sequence[int]) -> list[Span]:
    """Join changes that only white space keeps apart, and what stands side by side."""
    found: list[Span] = []
    for index, span in enumerate(spans):
        equal, a, b, c, d = span
        inner = 0 < index < len(spans) - 1
        apart = equal and inner and _replaces(spans[index - 1]) and _replaces(spans[index + 1])
        both = apart and all(
            left[at[i]].text.isspace() and left[at[i]].kind is ItemKind.WORD for i in range(a, b)
        )
        now = (equal and not both, a, b, c, d)
        if found and not now[0] and not found[-1][0]:
            last = found[-1]
            found[-1] = (False, last[1], b, last[3], d)
        else:
            found.append(now)
    return found


def _replaces(span: Span) -> bool:
    equal, a, b, c, d = span
    return not equal and b > a and d > c


def plain_properties(properties: etree._Element | None) -> etree._Element | None:
    """Return a copy of paragraph properties without marks, former ones and section breaks."""
    if properties is None:
        return None
    own = deepcopy(properties)
    for child in list(own):
        if local(child) in {"pPrChange", "sectPr"}:
            own.remove(child)
    marks = own.find(qn("w:rPr"))
    for mark in list(marks) if marks is not None else ():
        if marks is not None and local(mark) in {"ins", "del", "moveFrom", "moveTo", "rPrChange"}:
            marks.remove(mark)
    return own


def significant(properties: etree._Element | None) -> list[bytes]:
    """Return what a reader sees of paragraph properties, comparable."""
    if properties is None:
        return []
    return sorted(etree.tostring(c, method="c14n") for c in properties if local(c) in _SIGNIFICANT)


def with_former(
    old: etree._Element | None, new: etree._Element | None, builder: Builder
) -> etree._Element | None:
    """Return the new properties with the old ones recorded, or the old ones where they are equal.

    Marks of the old paragraph and its section break stay.
    """
    if significant(old) == significant(new):
        return deepcopy(old) if old is not None else None
    base = plain_properties(old)
    own = plain_properties(new)
    result = own if own is not None else el("w:pPr")
    for child in list(result):
        if local(child) == "rPr":
            result.remove(child)
    for name in ("w:rPr", "w:sectPr"):
        kept = old.find(qn(name)) if old is not None else None
        if kept is not None:
            result.append(deepcopy(kept))
    former = el("w:pPr")
    former.extend(
        [c for c in base if local(c) not in {"rPr", "sectPr"}] if base is not None else []
    )
    already = old.find(qn("w:pPrChange")) if old is not None else None
    change = (
        deepcopy(already) if already is not None else builder.marker.mark("w:pPrChange", former)
    )
    result.append(change)
    return result


def marked_properties(
    properties: etree._Element | None, name: str, builder: Builder
) -> etree._Element:
    """Return paragraph properties whose mark is tracked as inserted or deleted."""
    own = properties if properties is not None else el("w:pPr")
    marks = own.find(qn("w:rPr"))
    if marks is None:
        marks = el("w:rPr")
        at = next((i for i, c in enumerate(own) if local(c) in {"sectPr", "pPrChange"}), len(own))
        own.insert(at, marks)
    place = 1 if len(marks) and local(marks[0]) == "ins" else 0
    marks.insert(place, builder.marker.mark(name))
    return own
