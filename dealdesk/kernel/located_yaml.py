"""Safe YAML with line numbers: plain data, and where each part of it stands in the file.

Aliases are refused (they make bombs, and nobody reads them in a contract), as are duplicate keys,
tags, more than one document, and files that are not UTF-8 text. Scalars follow YAML 1.2's core
schema for true, false, null and integers; everything else, dates and decimals too, stays text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml

from dealdesk.kernel.errors import DomainError, Place, Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_WORDS: Mapping[str, bool | None] = {
    "true": True,
    "false": False,
    "null": None,
    "~": None,
    "": None,
}
_KINDS = ("str", "int", "float", "bool", "null", "seq", "map", "timestamp", "merge", "value")
_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in _KINDS)

Data: TypeAlias = "str | int | bool | list[Data] | dict[str, Data] | None"


class YamlError(DomainError):
    """The file is not YAML that we read; every problem names file and line."""


@dataclass(frozen=True, slots=True)
class Located:
    """Plain data and the line (from 1) of each path in it; paths look like `lines[0].sku`."""

    file: str
    data: Data
    lines: Mapping[str, int]

    def place(self, path: str) -> Place:
        """Return the place of a path, or of the nearest part above it that the file has."""
        known = path
        while known and known not in self.lines:
            cut = max(known.rfind("."), known.rfind("["))
            known = known[:cut] if cut > 0 else ""
        return Place(self.file, self.lines.get(known, 1), path)


def read_text_file(path: Path, limit: int = MAX_BYTES) -> str:
    """Return a file's UTF-8 text. Raise YamlError when it is too large or is not text."""
    if path.stat().st_size > limit:
        raise YamlError.of(
            "file-too-large",
            f"The file is larger than {limit:,} bytes.",
            place=Place(str(path)),
            remedy="Check that it is the right file.",
        )
    try:
        # A mark of the byte order and the line ends of Windows say nothing about the words.
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise YamlError.of(
            "not-text",
            f"The file is not UTF-8 text (byte {error.start}).",
            place=Place(str(path)),
            remedy="Save it as UTF-8, or check that it is the right file.",
        ) from error
    if "\x00" in text:
        raise YamlError.of("not-text", "The file holds zero bytes.", place=Place(str(path)))
    return text


def load_yaml(text: str, file: str) -> Located:
    """Return the data of one YAML document with its lines. Raise YamlError listing each problem."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise YamlError.of(
            "not-yaml", f"This is not YAML: {error.problem}.", place=Place(file, line)
        ) from error
    except yaml.reader.ReaderError as error:
        raise _unreadable(error, text, file) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise YamlError.of("not-yaml", "This is not YAML.", place=Place(file)) from error
    reader = _Reader(file)
    data = None if node is None else reader.read(node, "", 0)
    if reader.problems:
        raise YamlError(reader.problems)
    return Located(file, data, reader.lines)


def _unreadable(error: yaml.reader.ReaderError, text: str, file: str) -> YamlError:
    """Return the error for a character that YAML does not allow, with its line."""
    character = error.character
    sign = chr(character) if isinstance(character, int) else str(character)
    before, found, _ = text.partition(sign)
    return YamlError.of(
        "hidden-character",
        f"The file holds a character that can't be seen (U+{ord(sign[0]):04X}).",
        place=Place(file, before.count("\n") + 1 if found else 0),
        remedy="Delete it and type the words again.",
    )


def load_yaml_file(path: Path, name: str = "") -> Located:
    """Return a YAML file's data with its lines; `name` is how messages call the file."""
    return load_yaml(read_text_file(path), name or str(path))


class _Reader:
    """Turns YAML nodes into plain data and notes lines and problems on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[str, int] = {}
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def read(self, node: yaml.Node, path: str, depth: int) -> Data:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in self._seen:
            self._refuse(node, "yaml-alias", "An alias (*name) is not allowed here.", path)
            return None
        self._seen.add(id(node))
        if depth > MAX_DEPTH:
            self._refuse(node, "yaml-depth", f"It is nested over {MAX_DEPTH} deep.", path)
            return None
        if node.tag not in _TAGS:
            self._refuse(node, "yaml-tag", "A tag (!name) is not allowed here.", path)
            return None
        match node:
            case yaml.MappingNode():
                return self._mapping(node, path, depth)
            case yaml.SequenceNode():
                return [
                    self.read(child, f"{path}[{index}]", depth + 1)
                    for index, child in enumerate(node.value)
                ]
            case yaml.ScalarNode():
                return _scalar(node)
            case _:
                self._refuse(node, "yaml-node", "This kind of node is not read.", path)
                return None

    def _mapping(self, node: yaml.MappingNode, path: str, depth: int) -> Data:
        data: dict[str, Data] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
            if not key or key == "<<":
                self._refuse(key_node, "yaml-key", "A key has to be a plain word.", path)
                continue
            child = f"{path}.{key}" if path else key
            if key in data:
                self._refuse(key_node, "duplicate-key", f"The key {key!r} stands twice.", child)
                continue
            self.lines[child] = key_node.start_mark.line + 1
            data[key] = self.read(value_node, child, depth + 1)
        return data

    def _refuse(self, node: yaml.Node, code: str, message: str, path: str) -> None:
        self.problems.append(
            Problem(code, message, Place(self.file, node.start_mark.line + 1, path))
        )


def _scalar(node: yaml.ScalarNode) -> Data:
    text = str(node.value)
    if node.style in {"'", '"', "|", ">"}:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.match(text) and len(text) <= 18 else text  # noqa: PLR2004 - 64 bits
