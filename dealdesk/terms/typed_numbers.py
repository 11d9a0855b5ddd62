"""Numbers as people type and paste them: 1,234.50, 1.234,50, 1 234, 1'234, 15 %, $600, ١٢٣."""

import re
import unicodedata

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f'’_]+")
_DECORATION = re.compile(r"^[^\d.,+\-−]*|[^\d.,]*$")
_PLAIN = re.compile(r"-?\d{1,15}(\.\d{1,12})?\Z", re.ASCII)
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+\Z", re.ASCII)
_LONGEST = 60


def plain_number(typed: str) -> str:
    """Return what was typed as a plain number where it is one in any usual notation, else as it is.

    Where both separators stand, the last is the decimal one. A lone comma with three digits behind
    it parts thousands, as on our own pages, unless a zero stands first; with any other number of
    digits it is the decimal one. It is the same in each language, as fields show a plain number.
    """
    text = typed.strip()
    if not text or len(text) > _LONGEST:
        return text
    found = _digits(_SPACES.sub("", text))
    is_negative = found.startswith("(") and found.endswith(")")
    found = _DECORATION.sub("", found).replace("−", "-").removeprefix("+")
    found = _with_point(found)
    if is_negative and not found.startswith("-"):
        found = f"-{found}"
    return found if _PLAIN.match(found) else text


def _digits(text: str) -> str:
    """Return the text with every script's decimal digits as 0 to 9."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _with_point(text: str) -> str:
    last_comma, last_point = text.rfind(","), text.rfind(".")
    if last_comma < 0:
        return text.replace(".", "") if text.count(".") > 1 else text
    if last_point < 0:
        if _THOUSANDS.match(text):
            return text.replace(",", "")
        return text.replace(",", ".") if text.count(",") == 1 else text
    if last_comma > last_point:
        return text.replace(".", "").replace(",", ".")
    return text.replace(",", "")
