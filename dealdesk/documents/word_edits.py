"""Edits of whole words that turn one text into another."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

# Figures stay whole: nobody changes a digit of one.
_TOKENS = re.compile(r"\d(?:[\d.,]*\d)?|\w+|\s+|[^\w\s]")


def word_edits(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    """Yield where in the old text which words stand in place of what is there, in order."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    starts = _starts(before)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield starts[a], starts[b], "".join(after[c:d])


def _starts(tokens: Sequence[str]) -> list[int]:
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token))
    return starts
