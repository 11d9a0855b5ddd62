"""Characters that can't be seen: controls, bidirectional marks, zero widths."""

import re

_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def hidden_character(text: str) -> str:
    """Return the first character of a text that can't be seen as U+202E is written, else ""."""
    found = _HIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def hidden_words(what: str, text: str) -> str:
    """Return the sentence that names a text's first hidden character, "" where it has none."""
    found = hidden_character(text)
    return f"{what} holds a character that can't be seen ({found})." if found else ""
