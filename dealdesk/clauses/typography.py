"""Typographic quotes and apostrophes for text that was typed with plain ones."""

import re

_QUOTED = re.compile(r'"([^"]*)"')


def typeset(text: str) -> str:
    """Return the text with curly quotation marks around pairs and curly apostrophes."""
    return _QUOTED.sub(r"“\1”", text).replace("'", "’")
