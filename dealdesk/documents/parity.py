"""Compare a text with what a file prints, apart from how lines were broken."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from dealdesk.documents.text import CELL_BREAK

# Lines break at spaces, and words at hyphens that a renderer puts in or drops.
_LAYOUT = re.compile("[\\s\u00ad\u2010\u2011-]+")


@dataclass(frozen=True, slots=True)
class TokenDifference:
    """Words that stand in one text and not in the other."""

    expected: str
    found: str


def tokens(text: str) -> list[str]:
    """Return the words of a text, table marks left out."""
    return unicodedata.normalize("NFC", text.replace(CELL_BREAK, " ")).split()


def _compact(text: str) -> str:
    return _LAYOUT.sub("", "".join(tokens(text)))


def difference(expected: str, found: str) -> list[TokenDifference]:
    """Return where two texts differ in words; an empty list means that they say the same."""
    if _compact(expected) == _compact(found):
        return []
    left, right = tokens(expected), tokens(found)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return [
        TokenDifference(" ".join(left[a:b]), " ".join(right[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal" and _compact(" ".join(left[a:b])) != _compact(" ".join(right[c:d]))
    ]
