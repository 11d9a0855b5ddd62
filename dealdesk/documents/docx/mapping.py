"""Which paragraph of a returned file is which of the file that was sent, in tiers of certainty."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree
from rapidfuzz.distance import Indel

from dealdesk.documents.docx.stream import ParagraphPieces, PieceKind
from dealdesk.documents.docx.wml import local, qn

SURE = 100
_LIKE_ENOUGH = 55
_CLEARLY_BEST = 10
_CELL = 60
_COSMETIC = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032`\u00b4"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011"), "-"),
    0x00AD: None,
}


class Tier(StrEnum):
    """How a paragraph was recognised."""

    BOOKMARK = "bookmark"
    TEXT = "text"
    LIKENESS = "likeness"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class BaseParagraph:
    """A paragraph as it stood before the tracked changes, and the elements that make it up now.

    `first` is the number of its first element in the story. `plain` leaves out what programs
    recompute (fields' results) and what is cosmetic.
    """

    first: int
    parts: tuple[ParagraphPieces, ...]
    text: str
    plain: str

    @property
    def bookmarks(self) -> tuple[str, ...]:
        """Our bookmarks in it."""
        return tuple(b for p in self.parts for b in p.bookmarks)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of the controls around it."""
        return self.parts[-1].tags


@dataclass(frozen=True, slots=True)
class Match:
    """The sent paragraph that a returned one is, how that is known, and how surely in percent."""

    sent: int | None
    tier: Tier
    confidence: int


def plain(text: str) -> str:
    """Return text without what is cosmetic: quotes, spaces, soft hyphens and ligatures."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_COSMETIC).split())


def base_paragraphs(story: Sequence[ParagraphPieces]) -> list[BaseParagraph]:
    """Return the paragraphs that stood in the story before its tracked changes."""
    found: list[BaseParagraph] = []
    parts: list[ParagraphPieces] = []
    first = 0
    for at, paragraph in enumerate(story):
        if _is_new(paragraph.element) or (not parts and _is_inserted(paragraph)):
            continue
        first = first if parts else at
        parts.append(paragraph)
        if paragraph.mark.in_base:
            found.append(_base(first, parts))
            parts = []
    if parts and any(p.text(final=False) for p in parts):
        found.append(_base(first, parts))
    return found


def _is_new(paragraph: etree._Element) -> bool:
    """Say whether a paragraph's row or cell is itself a tracked insertion."""
    for above in paragraph.iterancestors(qn("w:tr"), qn("w:tc")):
        path = ("w:trPr", "w:ins") if local(above) == "tr" else ("w:tcPr", "w:cellIns")
        if above.find("/".join(qn(name) for name in path)) is not None:
            return True
    return False


def _is_inserted(paragraph: ParagraphPieces) -> bool:
    """Say whether a paragraph is wholly inserted, its mark included."""
    return not paragraph.mark.in_base and not paragraph.text(final=False)


def _base(first: int, parts: Sequence[ParagraphPieces]) -> BaseParagraph:
    pieces = [p for part in parts for p in part.pieces if p.in_base]
    words = [p for p in pieces if p.kind is not PieceKind.MARK]
    recomputed = "".join("" if p.in_field else p.text for p in words)
    return BaseParagraph(first, tuple(parts), "".join(p.text for p in words), plain(recomputed))


def match_paragraphs(
    sent: Sequence[BaseParagraph], returned: Sequence[BaseParagraph]
) -> list[Match]:
    """Return, for each returned paragraph, the sent one that it is; nothing is guessed.

    Bookmarks first, then equal words in the same order, then words that are clearly most alike
    between two neighbours that are known.
    """
    matches = [Match(None, Tier.NONE, 0)] * len(returned)
    by_bookmark = _unique(sent)
    taken: set[int] = set()
    for at, paragraph in enumerate(returned):
        known = {by_bookmark[b] for b in paragraph.bookmarks if b in by_bookmark} - taken
        if len(known) == 1:
            matches[at] = Match(known.pop(), Tier.BOOKMARK, SURE)
            taken.add(matches[at].sent or 0)
    free_sent = [i for i in range(len(sent)) if i not in taken]
    free_returned = [i for i, match in enumerate(matches) if match.sent is None]
    for s, r in _equal(sent, returned, free_sent, free_returned):
        matches[r] = Match(s, Tier.TEXT, SURE)
    for start, end in _gaps(matches):
        low, high = _bounds(matches, start, end, len(sent))
        used = {m.sent for m in matches}
        options = [i for i in range(low, high) if i not in used]
        _match_likely(sent, returned, (options, range(start, end)), matches)
    return matches


def _unique(paragraphs: Sequence[BaseParagraph]) -> dict[str, int]:
    """Return bookmarks that stand in one paragraph only."""
    counts = Counter(b for p in paragraphs for b in p.bookmarks)
    return {b: i for i, p in enumerate(paragraphs) for b in p.bookmarks if counts[b] == 1}


def _equal(
    sent: Sequence[BaseParagraph],
    returned: Sequence[BaseParagraph],
    free_sent: Sequence[int],
    free_returned: Sequence[int],
) -> Iterator[tuple[int, int]]:
    left = [sent[i].plain for i in free_sent]
    right = [returned[i].plain for i in free_returned]
    for op in Indel.opcodes(left, right):
        if op.tag == "equal":
            for step in range(op.src_end - op.src_start):
                yield free_sent[op.src_start + step], free_returned[op.dest_start + step]


def _gaps(matches: Sequence[Match]) -> list[tuple[int, int]]:
    """Return the stretches of returned paragraphs that are not matched yet."""
    gaps: list[tuple[int, int]] = []
    start = -1
    for at, match in enumerate([*matches, Match(0, Tier.NONE, 0)]):
        if match.sent is None and start < 0:
            start = at
        elif match.sent is not None and start >= 0:
            gaps.append((start, at))
            start = -1
    return gaps


def _bounds(matches: Sequence[Match], start: int, end: int, count: int) -> tuple[int, int]:
    """Return the stretch of sent paragraphs between the neighbours of a gap."""
    before = matches[start - 1].sent if start else -1
    after = matches[end].sent if end < len(matches) else count
    low, high = (before if before is not None else -1) + 1, after if after is not None else count
    return (low, high) if low <= high else (0, count)


def _match_likely(
    sent: Sequence[BaseParagraph],
    returned: Sequence[BaseParagraph],
    gap: tuple[Sequence[int], Sequence[int]],
    matches: list[Match],
) -> None:
    options, places = gap
    columns = [_column(sent[i]) for i in options]
    if columns == [_column(returned[i]) for i in places] and None not in columns:
        for option, place in zip(options, places, strict=True):  # the same cells of one table
            matches[place] = Match(option, Tier.LIKENESS, _CELL)
        return
    if len(options) == len(places) == 1 and sent[options[0]].plain and returned[places[0]].plain:
        score = _likeness(sent[options[0]], returned[places[0]])
        if score >= _LIKE_ENOUGH // 2:
            matches[places[0]] = Match(options[0], Tier.LIKENESS, score)
        return
    used: set[int] = set()
    for place in places:
        scores = sorted(
            ((_likeness(sent[i], returned[place]), -i) for i in options if i not in used),
            reverse=True,
        )
        if not scores or scores[0][0] < _LIKE_ENOUGH:
            continue
        if len(scores) > 1 and scores[0][0] - scores[1][0] < _CLEARLY_BEST:
            continue
        used.add(-scores[0][1])
        matches[place] = Match(-scores[0][1], Tier.LIKENESS, scores[0][0])


def _column(paragraph: BaseParagraph) -> int | None:
    cell = paragraph.parts[-1].cell
    return cell.column if cell is not None else None


def _likeness(sent: BaseParagraph, returned: BaseParagraph) -> int:
    """Return how alike two paragraphs' words are, in percent."""
    left, right = sent.plain.split(), returned.plain.split()
    total = len(left) + len(right)
    return 100 - 100 * Indel.distance(left, right) // total if total else SURE
