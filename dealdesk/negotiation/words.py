"""Edits of words that turn one text into another, and places carried from one to the other."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from dealdesk.agreements.spans import Edit

# Figures stay whole: nobody changes a digit of one.
_TOKENS = re.compile(r"\d(?:[\d.,]*\d)?|\w+|\s+|[^\w\s]")


def word_edits(old: str, new: str) -> Iterator[Edit]:
    """Yield the edits of whole words that turn a text into another, in order."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    starts = _starts(before)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield Edit(starts[a], starts[b], "".join(after[c:d]))


def place_before(edits: Sequence[Edit], at: int) -> int | None:
    """Return where a place in the text after edits stood before them; None inside an edit."""
    moved = 0
    for edit in edits:
        start, end = edit.start + moved, edit.start + moved + len(edit.new)
        if at <= start:
            break
        if at < end:
            return None
        moved += len(edit.new) - (edit.end - edit.start)
    return at - moved


def _starts(tokens: Sequence[str]) -> list[int]:
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token))
    return starts
