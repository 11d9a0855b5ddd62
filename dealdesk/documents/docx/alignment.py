"""Which paragraphs and tables of two texts belong together, splits and joins included."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import etree
from rapidfuzz.distance import Indel, LCSseq

from dealdesk.documents.docx.tokens import MARK, Item, ItemKind, Reads, items, spoken
from dealdesk.documents.docx.wml import local, qn

_ALIKE = 50  # percent of the shorter one's words that both share
_SHARE = 20  # and of the longer one's
_PART_OF = 60
_TOO_MANY = 40_000


@dataclass(eq=False)
class Leaf:
    """A paragraph with its items, or a table with the words of its rows.

    It has several elements where the marks between them are already tracked as deleted.
    """

    elements: tuple[etree._Element, ...]
    read: Reads = spoken

    @cached_property
    def signature(self) -> tuple[object, ...]:
        """What it says, comparable: two leaves with the same signature are equal."""
        if self.is_table:
            return (
                "table",
                *(s for row in live_rows(self.elements[0]) for s in row_signature(row, self.read)),
            )
        if local(self.elements[0]) == "tr":
            return tuple(row_signature(self.elements[0], self.read))
        return tuple(s for element in self.elements for s in self.read(element))

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Its items; none for a table."""
        return () if self.is_table else tuple(_paragraph_items(self.elements))

    @property
    def holder(self) -> etree._Element | None:
        """The element that it stands in."""
        return self.elements[-1].getparent()

    @cached_property
    def words(self) -> list[str]:
        """The words that likeness is judged by, as they were when first asked for."""
        if local(self.elements[0]) == "p":
            return [word for said in self.signature for word in str(said[1]).split()]  # type: ignore[index]
        return [
            w for p in self.elements[0].iter(qn("w:p")) for s in self.read(p) for w in s[1].split()
        ]

    @property
    def is_table(self) -> bool:
        """Say whether it is a table."""
        return local(self.elements[0]) == "tbl"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Old and new leaves that are compared together; one side is empty for what came or went."""

    old: tuple[Leaf, ...]
    new: tuple[Leaf, ...]
    equal: bool = False


def leaves(container: etree._Element, read: Reads = spoken) -> list[Leaf]:
    """Return the paragraphs and tables of a container, those inside its controls included."""
    found: list[Leaf] = []
    joined: list[etree._Element] = []
    for element in blocks(container):
        joined.append(element)
        if local(element) == "tbl":
            found += [Leaf(tuple(joined[:-1]), read)] if joined[:-1] else []
            found.append(Leaf((element,), read))
            joined = []
        elif not has_removed_mark(element):
            found.append(Leaf(tuple(joined), read))
            joined = []
    return [*found, Leaf(tuple(joined), read)] if joined else found


def blocks(container: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs and tables of a container, those inside its controls included."""
    for child in container:
        match local(child):
            case "p" | "tbl":
                yield child
            case "sdt" | "sdtContent" | "customXml":
                yield from blocks(child)


def has_removed_mark(paragraph: etree._Element) -> bool:
    """Say whether a paragraph's mark is already tracked as deleted."""
    marks = paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
    return marks is not None and any(local(m) in {"del", "moveFrom"} for m in marks)


def _paragraph_items(elements: Sequence[etree._Element]) -> Iterator[Item]:
    for element in elements[:-1]:
        yield from items(element)
        yield Item(ItemKind.PASSIVE, MARK.key, "", (), (element,))
    yield from items(elements[-1])


def live_rows(table: etree._Element) -> list[etree._Element]:
    """Return a table's own rows that are not already tracked as deleted."""
    rows = [r for r in table.iter(qn("w:tr")) if next(r.iterancestors(qn("w:tbl"))) is table]
    return [r for r in rows if r.find(f"{qn('w:trPr')}/{qn('w:del')}") is None]


def row_signature(row: etree._Element, read: Reads = spoken) -> Iterator[object]:
    """Yield what a row's cells say."""
    for cell in row.iter(qn("w:tc")):
        yield ("cell", _span(cell))
        yield from (tuple(read(paragraph)) for paragraph in cell.iter(qn("w:p")))


def _span(cell: etree._Element) -> str:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return span.get(qn("w:val"), "1") if span is not None else "1"


def aligned(old: Sequence[Leaf], new: Sequence[Leaf], *, coarse: bool = False) -> list[Cluster]:
    """Return the clusters of two texts in order."""
    found: list[Cluster] = []
    left: list[Leaf] = []
    right: list[Leaf] = []
    for op in Indel.opcodes([o.signature for o in old], [n.signature for n in new]):
        if op.tag != "equal":
            left += old[op.src_start : op.src_end]
            right += new[op.dest_start : op.dest_end]
            continue
        found += _gap(left, right, coarse=coarse)
        left, right = [], []
        equal = zip(old[op.src_start : op.src_end], new[op.dest_start : op.dest_end], strict=True)
        found += [Cluster((one,), (other,), equal=True) for one, other in equal]
    return [*found, *_gap(left, right, coarse=coarse)]


def _gap(old: Sequence[Leaf], new: Sequence[Leaf], *, coarse: bool) -> list[Cluster]:
    if coarse or not old or not new or len(old) * len(new) > _TOO_MANY:
        gone = [Cluster((one,), ()) for one in old]
        return [*gone, *(Cluster((), (one,)) for one in new)]
    pairs = _pairs(old, new)
    groups = [([i], [j]) for i, j in pairs]
    _join_parts(old, new, groups)
    return list(_in_order(old, new, groups))


def _pairs(old: Sequence[Leaf], new: Sequence[Leaf]) -> list[tuple[int, int]]:
    """Return pairs in order that share most words (a longest chain by shared words)."""
    shared = [[_shared(o, n) for n in new] for o in old]
    best = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            take = shared[i][j] + best[i + 1][j + 1] if shared[i][j] else 0
            best[i][j] = max(take, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if shared[i][j] and best[i][j] == shared[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _shared(old: Leaf, new: Leaf) -> int:
    """Return how many words two leaves share in order, 0 when they have too little in common."""
    if old.is_table != new.is_table:
        return 0
    left, right = old.words, new.words
    if not left or not right:
        return 1 if not left and not right else 0
    common = int(LCSseq.similarity(left, right))
    shorter = min(len(left), len(right))
    longer = max(len(left), len(right))
    enough = common * 100 >= _ALIKE * shorter and common * 100 >= _SHARE * longer
    return common if enough else 0


def _join_parts(
    old: Sequence[Leaf], new: Sequence[Leaf], groups: list[tuple[list[int], list[int]]]
) -> None:
    """Join to a pair the neighbours that are parts of it: a paragraph that was split or joined."""
    taken_old = {i for left, _ in groups for i in left}
    taken_new = {j for _, right in groups for j in right}
    for left, right in groups:
        _grow(right, new, taken_new, [old[i] for i in left])
        _grow(left, old, taken_old, [new[j] for j in right])


def _grow(side: list[int], leaves: Sequence[Leaf], taken: set[int], others: Sequence[Leaf]) -> None:
    whole = [word for other in others for word in other.words]
    for step in (1, -1):
        while True:
            at = (side[-1] if step > 0 else side[0]) + step
            if at in taken or not 0 <= at < len(leaves) or leaves[at].is_table:
                break
            if leaves[at].holder is not leaves[side[0]].holder:
                break  # a mark at the edge of a control joins nothing
            own = [word for i in side for word in leaves[i].words]
            part = leaves[at].words
            both = [*own, *part] if step > 0 else [*part, *own]
            gain = LCSseq.similarity(whole, both) - LCSseq.similarity(whole, own)
            if not part or gain * 100 < _PART_OF * len(part):
                break
            taken.add(at)
            side.insert(len(side) if step > 0 else 0, at)


def _in_order(
    old: Sequence[Leaf], new: Sequence[Leaf], groups: Sequence[tuple[list[int], list[int]]]
) -> Iterator[Cluster]:
    i = j = 0
    for left, right in [*groups, ([len(old)], [len(new)])]:
        yield from (Cluster((old[k],), ()) for k in range(i, left[0]))
        yield from (Cluster((), (new[k],)) for k in range(j, right[0]))
        if left[0] < len(old):
            yield Cluster(tuple(old[k] for k in left), tuple(new[k] for k in right))
        i, j = left[-1] + 1, right[-1] + 1
