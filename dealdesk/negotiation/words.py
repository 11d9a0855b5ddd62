"""Edits of words that turn one text into another, and places carried from one to the other."""

from collections.abc import Iterator, Sequence

from dealdesk.agreements.spans import Edit
from dealdesk.documents import word_edits as documents_words


def word_edits(old: str, new: str) -> Iterator[Edit]:
    """Yield the edits of whole words that turn a text into another, in order."""
    for start, end, words in documents_words.word_edits(old, new):
        yield Edit(start, end, words)


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
