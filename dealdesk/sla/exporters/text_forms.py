"""JSON and YAML as files for people: the same data gives the same bytes, numbers stay exact."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

Data: TypeAlias = "str | int | bool | Decimal | Sequence[Data] | Mapping[str, Data] | None"
# What YAML takes for a line break or refuses, though JSON lets it stand.
_ODD = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def one_line(text: str) -> str:
    """Return a text on one line, for names that a system shows in lists."""
    return " ".join(text.split())


def json_text(data: object) -> str:
    """Return JSON with an indent and a line feed at its end."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def yaml_text(*documents: Data) -> str:
    """Return YAML documents in block style.

    Texts are written as JSON strings, which YAML reads as they are, so that no text can be taken
    for anything else.
    """
    return "---\n".join("\n".join(_lines(document)) + "\n" for document in documents)


def _lines(data: Data) -> Iterator[str]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _entry(f"{key}:", value, "  ")
    elif isinstance(data, Sequence) and not isinstance(data, str):
        for value in data:
            first, *rest = _lines(value) if _is_block(value) else [_scalar(value)]
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
    else:
        yield _scalar(data)


def _entry(head: str, value: Data, indent: str) -> Iterator[str]:
    if not _is_block(value):
        yield f"{head} {_scalar(value)}"
        return
    yield head
    yield from (f"{indent}{line}" for line in _lines(value))


def _is_block(value: Data) -> bool:
    return isinstance(value, Mapping | Sequence) and not isinstance(value, str) and bool(value)


def _scalar(value: Data) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        return _ODD.sub(_escaped, json.dumps(value, ensure_ascii=False))
    return json.dumps(value)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004
