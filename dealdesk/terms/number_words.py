"""English number words, both ways, for "thirty (30) days" and for checking that they agree."""

import re

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_HUNDRED, _THOUSAND, _MILLION = 100, 1_000, 1_000_000
_SCALES = {"thousand": _THOUSAND, "million": _MILLION}
LIMIT = 1_000_000_000


def number_words(number: int) -> str:
    """Return a whole number from 0 below one billion in English words."""
    if not 0 <= number < LIMIT:
        msg = f"no words for {number}"
        raise ValueError(msg)
    if number < len(_SMALL):
        return _SMALL[number]
    if number < _HUNDRED:
        tens, rest = divmod(number, 10)
        return _TENS[tens] + (f"-{_SMALL[rest]}" if rest else "")
    for size, name in ((_MILLION, "million"), (_THOUSAND, "thousand"), (_HUNDRED, "hundred")):
        if number >= size:
            head, rest = divmod(number, size)
            tail = f" {number_words(rest)}" if rest else ""
            return f"{number_words(head)} {name}{tail}"
    raise AssertionError(number)


def words_number(words: str) -> int | None:
    """Return the number that English words state, or None when they state none."""
    total = current = 0
    parts = [part for part in re.split(r"[\s-]+", words.strip().lower()) if part != "and"]
    if not parts:
        return None
    for part in parts:
        if part in _SMALL:
            current += _SMALL.index(part)
        elif part in _TENS[2:]:
            current += 10 * _TENS.index(part)
        elif part == "hundred":
            current = (current or 1) * _HUNDRED
        elif part in _SCALES:
            total += (current or 1) * _SCALES[part]
            current = 0
        else:
            return None
    return total + current
