"""The items of a paragraph and of its later form: what both share at either end stays uncut.

Cutting every word of a long contract costs more than comparing those that differ. Texts are cut
where white space begins: there, words begin anew on both sides.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from lxml import etree
from rapidfuzz.distance import Postfix, Prefix

from dealdesk.documents.docx.tokens import (
    Chunk,
    Item,
    ItemKind,
    control_tag,
    grouped,
    uncut,
    words,
)

_END_OF_WORD = re.compile(r"\S(?=\s)")
_Part = Item | Chunk


def paired_items(old: etree._Element, new: etree._Element) -> tuple[list[Item], list[Item]]:
    """Return the items of both paragraphs, each without its mark."""
    left, right = list(grouped(old)), list(grouped(new))
    ours, theirs = _texts(left), _texts(right)
    if ours is None or theirs is None:
        return list(_cut(left, {})), list(_cut(right, {}))
    ends_left, ends_right = _ends(ours, theirs)
    return list(_cut(left, ends_left)), list(_cut(right, ends_right))


def _texts(parts: Sequence[_Part]) -> list[Chunk] | None:
    """Return a paragraph's texts, or None where it holds anything else that counts."""
    if any(isinstance(p, Item) and p.kind is not ItemKind.PASSIVE for p in parts):
        return None
    return [p for p in parts if isinstance(p, Chunk)]


_Ends = dict[int, tuple[int, int]]


def _ends(left: Sequence[Chunk], right: Sequence[Chunk]) -> tuple[_Ends, _Ends]:
    """Return, by a text's number, how much of its start and of its end stays uncut."""
    first = _same(left, right)
    rest_left, rest_right = left[first:], right[first:]
    last = _same(rest_left[::-1], rest_right[::-1])
    ours: _Ends = {i: (len(c.text), 0) for i, c in enumerate(left)}
    theirs: _Ends = {i: (len(c.text), 0) for i, c in enumerate(right)}
    stop_left, stop_right = len(left) - last, len(right) - last
    ours |= dict.fromkeys(range(first, stop_left), (0, 0))
    theirs |= dict.fromkeys(range(first, stop_right), (0, 0))
    head = 0
    if first < min(stop_left, stop_right) and _alike(left[first], right[first]):
        head = _head(left[first].text, right[first].text)
        ours[first] = theirs[first] = (head, 0)
    if first < min(stop_left, stop_right) and _alike(left[stop_left - 1], right[stop_right - 1]):
        one = left[stop_left - 1].text[head if stop_left - 1 == first else 0 :]
        other = right[stop_right - 1].text[head if stop_right - 1 == first else 0 :]
        tail = _tail(one, other)
        ours[stop_left - 1] = (ours[stop_left - 1][0], tail)
        theirs[stop_right - 1] = (theirs[stop_right - 1][0], tail)
    return ours, theirs


def _same(left: Sequence[Chunk], right: Sequence[Chunk]) -> int:
    pairs = zip(left, right, strict=False)
    return sum(1 for _ in takewhile(lambda p: p[0].text == p[1].text and _alike(*p), pairs))


def _alike(one: Chunk, other: Chunk) -> bool:
    return one.looks == other.looks and control_tag(one.path) == control_tag(other.path)


def _head(one: str, other: str) -> int:
    """Return how many characters both share up to the last place where white space begins."""
    shared = one[: int(Prefix.similarity(one, other))]
    at = next((i for i in range(len(shared) - 1, -1, -1) if shared[i].isspace()), -1)
    return len(shared[: at + 1].rstrip())


def _tail(one: str, other: str) -> int:
    """Return how many characters both share from the first place where white space begins."""
    count = int(Postfix.similarity(one, other))
    shared = one[len(one) - count :]
    begins = _END_OF_WORD.search(shared)
    return len(shared) - begins.end() if begins else 0


def _cut(parts: Sequence[_Part], ends: _Ends) -> Iterator[Item]:
    number = -1
    for part in parts:
        if isinstance(part, Item):
            yield part
            continue
        number += 1
        head, tail = ends.get(number, (0, 0))
        stop = len(part.text) - tail
        if head:
            yield uncut(part, part.text[:head])
        yield from words(part, part.text[head:stop])
        if tail:
            yield uncut(part, part.text[stop:])
