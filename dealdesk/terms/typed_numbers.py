"""Numbers as people type and paste them: 1,234.50, 1.234,50, 1 234, 1'234, 15 %, $600, ١٢٣."""

import re
import unicodedata

from dealdesk.terms.money import CURRENCIES

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f'’_]+")
# What may stand beside a number. Anything else may be a slip or mean more (3O, 5k, 2²), so that it
# is left for the field to refuse.
_UNITS = (
    "seats?|users?|licen[cs]es?|accounts?|units?|items?|pieces?|pcs?|times|minutes?|mins?|"
    "hours?|hrs?|h|days?|d|weeks?|months?|mos?|years?|yrs?|percent|pct|"
    "pl[aä]tze?|sitze?|nutzer|lizenz(?:en)?|konten|st[uü]ck|stk|"
    "minuten?|stunden?|std|tage?|wochen?|monate?|jahre?|prozent"
)
_SIGNS = r"(?:us|au|a|ca|c|nz|hk|sg|s)?\$|kr|s?fr|zł"
_MONEY = "|".join([_SIGNS, *(code.casefold() for code in CURRENCIES)])
_BEFORE = re.compile(rf"(?:{_MONEY}|%)+")
_BEHIND = re.compile(rf"(?:{_MONEY})*(?:%|{_UNITS})?\Z")
_PLAIN = re.compile(r"-?\d{1,15}(\.\d{1,12})?\Z", re.ASCII)
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+\Z", re.ASCII)
_LONGEST = 60


def plain_number(typed: str) -> str:
    """Return what was typed as a plain number where it is one in any usual notation, else as it is.

    Where both separators stand, the last is the decimal one. A lone comma with three digits behind
    it parts thousands, as on our own pages, unless a zero stands first; with any other number of
    digits it is the decimal one. It is the same in each language, as fields show a plain number.
    A currency, a percent sign and a usual unit beside it are left out; with anything else there,
    it is no number.
    """
    text = typed.strip()
    if not text or len(text) > _LONGEST:
        return text
    found = _digits(_SPACES.sub("", text))
    is_negative = found.startswith("(") and found.endswith(")")
    found = _bare(found[1:-1] if is_negative else found).replace("−", "-").removeprefix("+")
    found = _with_point(found)
    if is_negative and not found.startswith("-"):
        found = f"-{found}"
    return found if _PLAIN.match(found) else text


def _digits(text: str) -> str:
    """Return the text with every script's decimal digits as 0 to 9, signs of money as $, of % as %.

    Marks that nobody sees, as those of a right-to-left script, are left out.
    """
    return "".join(_usual(c) for c in text if unicodedata.category(c) != "Cf")


def _usual(c: str) -> str:
    if c.isdecimal():
        return str(unicodedata.decimal(c))
    if unicodedata.category(c) == "Sc":
        return "$"
    return "%" if c in "٪％﹪" else c


def _bare(text: str) -> str:
    """Return the text without the money, unit and percent sign that may stand beside a number."""
    folded = text.casefold()
    if len(folded) != len(text):
        return text
    before = _BEFORE.match(folded)
    start = before.end() if before else 0
    behind = re.search(r"[^\d.,]*\Z", folded[start:], re.ASCII)
    end = start + behind.start() if behind else len(text)
    return text[start:end] if _BEHIND.match(folded, end) else text


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
