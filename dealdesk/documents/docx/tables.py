"""Compare tables row by row, cells by their words; rows come and go as rows."""

from collections.abc import Callable
from copy import deepcopy
from typing import TypeAlias

from lxml import etree

from dealdesk.documents.docx.alignment import Leaf, aligned, live_rows
from dealdesk.documents.docx.editing import Marker
from dealdesk.documents.docx.wml import el, local, qn

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no public name for it
CompareCells: TypeAlias = Callable[[Element, Element], None]


def compare_tables(
    old: etree._Element, new: etree._Element, marker: Marker, cells: CompareCells
) -> None:
    """Mark in the old table what turns it into the new one."""
    left = [_row_leaf(row) for row in live_rows(old)]
    right = [_row_leaf(row) for row in live_rows(new)]
    cursor: etree._Element | None = None
    for cluster in aligned(left, right):
        if cluster.old and cluster.new:
            first, other = cluster.old[0].elements[0], cluster.new[0].elements[0]
            if cluster.equal or _same_shape(first, other):
                if not cluster.equal:
                    _compare_cells(first, other, cells)
                cursor = first
                rest_old, rest_new = cluster.old[1:], cluster.new[1:]
            else:
                rest_old, rest_new = cluster.old, cluster.new
        else:
            rest_old, rest_new = cluster.old, cluster.new
        for leaf in rest_old:
            delete_row(leaf.elements[0], marker)
            cursor = leaf.elements[0]
        for leaf in rest_new:
            row = deepcopy(leaf.elements[0])
            _place(old, cursor, row)
            insert_row(row, marker)
            cursor = row


def _row_leaf(row: etree._Element) -> Leaf:
    return Leaf((row,))


def _place(table: etree._Element, cursor: etree._Element | None, row: etree._Element) -> None:
    if cursor is not None:
        cursor.addnext(row)
        return
    first = next((c for c in table if local(c) in {"tr", "sdt"}), None)
    if first is not None:
        first.addprevious(row)
    else:
        table.append(row)


def _cells(row: etree._Element) -> list[etree._Element]:
    return [c for c in row.iter(qn("w:tc")) if next(c.iterancestors(qn("w:tr"))) is row]


def _same_shape(old: etree._Element, new: etree._Element) -> bool:
    return len(_cells(old)) == len(_cells(new))


def _compare_cells(old: etree._Element, new: etree._Element, cells: CompareCells) -> None:
    for one, other in zip(_cells(old), _cells(new), strict=True):
        cells(one, other)


def delete_row(row: etree._Element, marker: Marker) -> None:
    """Track a row as deleted, with its words."""
    _mark_row(row, "w:del", marker)
    mark_runs(row, "w:del", marker)


def insert_row(row: etree._Element, marker: Marker) -> None:
    """Track a row as inserted, with its words."""
    _mark_row(row, "w:ins", marker)
    mark_runs(row, "w:ins", marker)


def _mark_row(row: etree._Element, name: str, marker: Marker) -> None:
    properties = row.find(qn("w:trPr"))
    if properties is None:
        properties = el("w:trPr")
        at = next((i for i, c in enumerate(row) if local(c) != "tblPrEx"), len(row))
        row.insert(at, properties)
    at = next((i for i, c in enumerate(properties) if local(c) == "trPrChange"), len(properties))
    properties.insert(at, marker.mark(name))


def mark_runs(holder: etree._Element, name: str, marker: Marker) -> None:
    """Put every run in a holder into a mark, those in somebody's deletion aside."""
    for run in list(holder.iter(qn("w:r"))):
        parent = run.getparent()
        if parent is None or _inside(run, holder, {"del", "moveFrom", "r"}):
            continue
        if name == "w:ins" and _inside(run, holder, {"ins"}):
            continue
        previous = run.getprevious()
        if name == "w:del":
            for words in list(run.iter(qn("w:t"), qn("w:instrText"))):
                words.tag = qn("w:delText") if local(words) == "t" else qn("w:delInstrText")
        if previous is not None and previous.tag == qn(name) and _is_ours(previous, marker):
            previous.append(run)
            continue
        mark = marker.mark(name)
        run.addprevious(mark)
        mark.append(run)


def _is_ours(mark: etree._Element, marker: Marker) -> bool:
    own = (mark.get(qn("w:author")), mark.get(qn("w:date")))
    return own == (marker.author, marker.date)


def _inside(run: etree._Element, holder: etree._Element, names: set[str]) -> bool:
    for above in run.iterancestors():
        if above is holder:
            return False
        if local(above) in names:
            return True
    return False
