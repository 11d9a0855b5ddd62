"""Mark in one story what turns it into another: paragraphs, tables, splits, joins and moves."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from dealdesk.documents.docx.alignment import Cluster, Leaf, aligned, blocks, leaves
from dealdesk.documents.docx.editing import Marker
from dealdesk.documents.docx.emission import Builder
from dealdesk.documents.docx.moves import Marked, mark_moves, marked
from dealdesk.documents.docx.streaming import (
    Stream,
    marked_properties,
    plain_properties,
    significant,
    with_former,
)
from dealdesk.documents.docx.tables import compare_tables, insert_row, mark_runs
from dealdesk.documents.docx.tokens import Reads, spoken
from dealdesk.documents.docx.wml import el, local, qn

_ENDS = frozenset({"tc", "body", "hdr", "ftr", "footnote", "endnote"})


@dataclass(slots=True)
class Story:
    """Compares two containers; `coarse` replaces whole paragraphs wherever they differ."""

    marker: Marker
    coarse: bool = False
    read: Reads = spoken
    builder: Builder = field(init=False)
    gone: list[Marked] = field(default_factory=list)
    came: list[Marked] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the builder."""
        self.builder = Builder(self.marker)

    def compare(self, old: etree._Element, new: etree._Element) -> None:
        """Mark the old container, its tables' cells included."""
        left, right = leaves(old, self.read), leaves(new, self.read)
        plan = aligned(left, right, coarse=self.coarse)
        if local(old) in _ENDS:
            plan = _tailed(plan, old)
        placing = _Placing(old, new, [leaf for cluster in plan for leaf in cluster.old])
        for cluster in plan:
            self._cluster(cluster, placing)
        if local(old) in _ENDS:
            _settle_end(old, self.builder)

    def finish(self) -> None:
        """Turn what was deleted in one place and inserted in another into moves."""
        mark_moves(self.gone, self.came, self.marker)

    def _cluster(self, cluster: Cluster, placing: "_Placing") -> None:
        if cluster.equal:
            self._keep(cluster.old[0], cluster.new[0])
            placing.passed(cluster.old[0].elements[-1], 1)
        elif cluster.old and cluster.new and cluster.old[0].is_table:
            table = cluster.old[0].elements[0]
            compare_tables(table, cluster.new[0].elements[0], self.marker, self.compare)
            placing.passed(table, len(cluster.old))
        elif cluster.old and cluster.new:
            written = Stream(self.builder, cluster.old, cluster.new).write()
            placing.passed(written[-1], len(cluster.old))
        elif cluster.old:
            placing.passed(self._delete(cluster.old[0]), 1)
        else:
            self._insert(cluster.new[0], placing)

    def _keep(self, old: Leaf, new: Leaf) -> None:
        """Record a paragraph's new properties where its words stayed."""
        if old.is_table:
            return
        paragraph = old.elements[-1]
        own, other = paragraph.find(qn("w:pPr")), new.elements[-1].find(qn("w:pPr"))
        if significant(own) != significant(other):
            properties = with_former(own, other, self.builder)
            if own is not None:
                paragraph.remove(own)
            if properties is not None:
                paragraph.insert(0, properties)

    def _delete(self, leaf: Leaf) -> etree._Element:
        last = leaf.elements[-1]
        if leaf.is_table:
            compare_tables(last, el("w:tbl"), self.marker, self.compare)
            return last
        self.gone.append(marked(leaf, last))
        for element in leaf.elements:
            _mark_content(element, "w:del", self.marker)
        own = last.find(qn("w:pPr"))
        if own is None:
            own = el("w:pPr")
            last.insert(0, own)
        marked_properties(own, "w:del", self.builder)
        return last

    def _insert(self, leaf: Leaf, placing: "_Placing") -> None:
        copy = deepcopy(leaf.elements[-1])
        placing.place(copy, leaf.elements[-1])
        if leaf.is_table:
            for row in copy.iter(qn("w:tr")):
                if next(row.iterancestors(qn("w:tbl"))) is copy:
                    insert_row(row, self.marker)
            return
        _mark_content(copy, "w:ins", self.marker)
        own = copy.find(qn("w:pPr"))
        properties = marked_properties(plain_properties(own), "w:ins", self.builder)
        if own is not None:
            copy.remove(own)
        copy.insert(0, properties)
        self.came.append(marked(leaf, copy))


def _mark_content(paragraph: etree._Element, name: str, marker: Marker) -> None:
    mark_runs(paragraph, name, marker)
    for math in list(paragraph):
        if local(math) in {"oMath", "oMathPara"}:
            mark = marker.mark(name)
            math.addprevious(mark)
            mark.append(math)


def _tailed(plan: list[Cluster], container: etree._Element) -> list[Cluster]:
    """Pair the last paragraphs of a cell or body: their marks can neither come nor go.

    A pair that one of them is in already stays when the mark can move to the paragraph before. The
    last paragraph may stand in a control, but both have to stand in the same one.
    """
    last_old = next((c for c in reversed(plan) if c.old), None)
    last_new = next((c for c in reversed(plan) if c.new), None)
    if last_old is None or last_new is None or last_old is last_new:
        return plan
    old, new = last_old.old[-1], last_new.new[-1]
    if old.is_table or new.is_table or _tag_of(old.elements[0]) != _tag_of(new.elements[0]):
        return plan
    if old.holder is not container and not _tag_of(old.elements[0]):
        return plan
    paired = last_old if last_old.new else last_new if last_new.old else None
    if paired is not None:
        behind = plan[plan.index(paired) + 1 :]
        tables = any(leaf.is_table for c in behind for leaf in (*c.old, *c.new))
        if len(paired.old) > 1 or len(paired.new) > 1 or not tables:
            return plan
    rest: list[Cluster] = []
    for cluster in plan:
        if cluster is last_old or cluster is last_new:
            rest += [Cluster((leaf,), ()) for leaf in cluster.old if leaf is not old]
            rest += [Cluster((), (leaf,)) for leaf in cluster.new if leaf is not new]
        else:
            rest.append(cluster)
    return [*rest, Cluster((old,), (new,))]


def _settle_end(container: etree._Element, builder: Builder) -> None:
    """Move the mark of a container's last paragraph to one before: the last one can't go.

    The one before may stand in another control when all between came, or all went.
    """
    stand = list(blocks(container))
    mark = _our_mark(stand[-1], builder.marker) if stand else None
    if mark is None:
        return
    for before in reversed(stand[:-1]):
        other = _our_mark(before, builder.marker) if local(before) == "p" else mark
        if local(before) != "p" or (other is not None and _crosses(before, stand[-1], mark, other)):
            return
        if other is None:
            _take_mark(before, mark, builder)
            return


def _crosses(
    before: etree._Element, last: etree._Element, mark: etree._Element, other: etree._Element
) -> bool:
    """Say whether words that came follow, over a control's edge, words that went."""
    return local(mark) != local(other) and before.getparent() is not last.getparent()


def _take_mark(paragraph: etree._Element, mark: etree._Element, builder: Builder) -> None:
    own = paragraph.find(qn("w:pPr"))
    if own is None:
        own = el("w:pPr")
        paragraph.insert(0, own)
    marked_properties(own, f"w:{local(mark)}", builder)
    holder = mark.getparent()
    if holder is not None:
        holder.remove(mark)


def _our_mark(paragraph: etree._Element, marker: Marker) -> etree._Element | None:
    marks = paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
    for mark in marks if marks is not None else ():
        ours = (mark.get(qn("w:author")), mark.get(qn("w:date"))) == (marker.author, marker.date)
        if local(mark) in {"ins", "del"} and ours:
            return mark
    return None


class _Placing:
    """Finds where a new paragraph or table goes among the old ones."""

    def __init__(self, old: etree._Element, new: etree._Element, upcoming: Sequence[Leaf]) -> None:
        self.container = old
        self.new_container = new
        self.upcoming = [leaf.elements[0] for leaf in upcoming]
        self.cursor: etree._Element | None = None
        self.controls = {tag: c for c in old.iter(qn("w:sdt")) if (tag := block_tag(c))}
        self.at = 0

    def passed(self, element: etree._Element, count: int) -> None:
        """Take note of the last element that is in place and of how many old ones are done."""
        self.cursor = element
        self.at += count

    def place(self, copy: etree._Element, source: etree._Element) -> None:
        """Put a new element behind the last one, in the control that it stands in."""
        tag = next((t for s in source.iterancestors(qn("w:sdt")) if (t := block_tag(s))), "")
        holder = self._control(tag, source) if tag else None
        following = self._next()
        if holder is not None:
            content = holder.find(qn("w:sdtContent"))
            if self.cursor is not None and content is not None and _within(self.cursor, content):
                self.cursor.addnext(copy)
            elif following is not None and content is not None and _within(following, content):
                following.addprevious(copy)
            elif content is not None:
                content.append(copy)
        elif self.cursor is not None:
            top = self.cursor if not tag and not _tag_of(self.cursor) else self._top(self.cursor)
            top.addnext(copy)
        elif following is not None:
            self._top(following).addprevious(copy)
        else:
            self._append(copy)
        self.cursor = copy

    def _next(self) -> etree._Element | None:
        """Return the next old element, which is still in place."""
        return self.upcoming[self.at] if self.at < len(self.upcoming) else None

    def _control(self, tag: str, source: etree._Element) -> etree._Element | None:
        """Return the old control of a tag, or a new one behind the last element."""
        if tag in self.controls:
            return self.controls[tag]
        original = next(s for s in source.iterancestors(qn("w:sdt")) if block_tag(s) == tag)
        control = el("w:sdt", None, el("w:sdtContent"))
        for part in original:
            if local(part) == "sdtPr":
                control.insert(0, deepcopy(part))
        if self.cursor is not None:
            self._top(self.cursor).addnext(control)
        elif (following := self._next()) is not None:
            self._top(following).addprevious(control)
        else:
            self._append(control)
        self.controls[tag] = control
        return control

    def _top(self, element: etree._Element) -> etree._Element:
        """Return the child of the container that an element stands in."""
        top = element
        while (parent := top.getparent()) is not None and parent is not self.container:
            top = parent
        return top

    def _append(self, element: etree._Element) -> None:
        last = self.container[-1] if len(self.container) else None
        if last is not None and local(last) == "sectPr":
            last.addprevious(element)
        else:
            self.container.append(element)


def block_tag(control: etree._Element) -> str:
    """Return the tag of a control around blocks, "" for another control."""
    content = control.find(qn("w:sdtContent"))
    holds_blocks = content is not None and any(local(c) in {"p", "tbl", "sdt"} for c in content)
    if content is None or (len(content) and not holds_blocks):
        return ""
    tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
    return tag.get(qn("w:val"), "") if tag is not None else ""


def _tag_of(element: etree._Element) -> str:
    return next((t for s in element.iterancestors(qn("w:sdt")) if (t := block_tag(s))), "")


def _within(element: etree._Element, holder: etree._Element) -> bool:
    return element.getparent() is holder
