"""What a template says outside of gettext: words that no catalogue can reach."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, nodes

from dealdesk.kernel.languages import add_texts_extension
from dealdesk.kernel.settings import PROJECT

TEMPLATES = PROJECT / "templates"
TRANSLATING = frozenset({"_", "gettext", "ngettext", "pgettext"})
# Functions and filters whose words are names for the machine.
MACHINE = frozenset({
    "url_for", "asset", "can", "dict", "groupby", "map", "selectattr", "rejectattr", "attr", "sort",
    "replace", "format", "default", "shape", "get", "startswith", "removeprefix",
})  # fmt: skip
SAID_IN = frozenset({"aria-label", "placeholder", "title", "alt", "aria-description", "data-label"})
# Elements whose words are for a machine or the same in each language.
SAME = frozenset({"code", "kbd", "script", "style"})
NAMES = frozenset({
    "DealDesk", "SHA-256", "CSV", "JSON", "PDF", "HTML", "UTC", "YAML", "KiB", "DOCX",
})  # fmt: skip
_LETTERS = re.compile(r"[^\W\d_]{2,}|\b[aAI]\b")
_WORD = re.compile(r"[^\W_][\w-]*")
# A macro that prints the attributes of a tag.
_ATTRIBUTES = re.compile(r'([\w-]+="[^"]*"\s*)+')
_CODE = re.compile(r"[a-z_]+(:\w+)+")
_HOLE = "\ue000"


def environment() -> Environment:
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    add_texts_extension(made)
    return made


def templates() -> list[str]:
    """Return the templates of pages and mail; the book is a static page in English."""
    names = (path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*"))
    return sorted(
        name
        for name in names
        if not name.startswith("book/")
        and (name.endswith(".html") or (name.startswith("email/") and name.endswith(".txt")))
    )


def unreachable(name: str, source: str | None = None) -> list[str]:
    """Return the words of a template that stand outside of gettext."""
    made = environment()
    text = source if source is not None else Path(TEMPLATES / name).read_text("utf-8")
    tree = made.parse(text)
    data = "".join(_data(tree))
    found = [*_literals(tree)]
    if name.endswith(".txt"):
        return [*found, *(line.strip() for line in data.splitlines() if _is_text(line))]
    reader = _Reader()
    reader.feed(data)
    reader.close()
    return [*found, *reader.found]


def _data(node: nodes.Node) -> Iterator[str]:
    """Yield the text of a template in its order, with a hole for each expression."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Output):
        for child in node.nodes:
            yield from _data(child)
    elif isinstance(node, nodes.Expr):
        yield from _printed(node)
    else:
        for child in node.iter_child_nodes():
            if not isinstance(child, nodes.Expr) or isinstance(child, nodes.TemplateData):
                yield from _data(child)


def _printed(node: nodes.Node) -> Iterator[str]:
    """Yield the words that an expression prints as they stand, and a hole for the rest."""
    match node:
        case nodes.Const(value=str() as words):
            yield words
        case nodes.CondExpr():
            yield from _printed(node.expr1)
            if node.expr2 is not None:
                yield from _printed(node.expr2)
        case nodes.Or():
            yield _HOLE
            yield from _printed(node.right)
        case nodes.Concat():
            for part in node.nodes:
                yield from _printed(part)
        case nodes.Getitem(node=nodes.Dict() as table):
            for pair in table.items:
                yield from _printed(pair.value)
        case _:
            yield _HOLE


def _literals(node: nodes.Node) -> Iterator[str]:
    """Yield the quoted words of expressions that are printed or handed to a component."""
    for output in node.find_all((nodes.Output, nodes.CallBlock)):
        parts = output.nodes if isinstance(output, nodes.Output) else [output.call]
        for call in (found for part in parts for found in _outermost_calls(part)):
            yield from _said(call)


def _outermost_calls(node: nodes.Node) -> Iterator[nodes.Node]:
    if isinstance(node, (nodes.Call, nodes.Filter)):
        yield node
    else:
        for child in node.iter_child_nodes():
            yield from _outermost_calls(child)


def _said(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.TemplateData):
        return
    if isinstance(node, nodes.Const):
        if isinstance(node.value, str) and _is_phrase(node.value):
            yield node.value
        return
    if isinstance(node, nodes.Call):
        called = node.node
        name = called.name if isinstance(called, nodes.Name) else getattr(called, "attr", "")
        if name in TRANSLATING or name in MACHINE:
            return
    if isinstance(node, nodes.Filter) and node.name in MACHINE:
        if node.node is not None:
            yield from _said(node.node)
        return
    if isinstance(node, (nodes.Compare, nodes.Test, nodes.Getitem)):
        return
    if isinstance(node, nodes.CondExpr):
        yield from _said(node.expr1)
        if node.expr2 is not None:
            yield from _said(node.expr2)
        return
    if isinstance(node, nodes.Keyword):
        if node.key not in {"autocomplete", "id", "kind"}:
            yield from _said(node.value)
        return
    for child in node.iter_child_nodes():
        yield from _said(child)


def _is_phrase(text: str) -> bool:
    """Tell whether quoted words are said to people: more than one word, or a capital letter.

    What begins with a mark of HTML or of an address, or is one lower-case word, is for the machine.
    """
    words = text.strip()
    if not _is_text(words) or words.startswith(("<", "#", "/", "-", ".", "&")):
        return False
    return words[:1].isupper() or " " in words


def _is_text(text: str) -> bool:
    bare = text.replace(_HOLE, " ")
    return any(word not in NAMES for word in _WORD.findall(bare) if _LETTERS.search(word))


class _Reader(HTMLParser):
    """Collects the visible words of a page and those of attributes that are read out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._same = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in SAID_IN and value and not _CODE.fullmatch(value) and _is_text(value):
                self.found.append(f"{name}: {value}")
        if tag in SAME:
            self._same += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in SAME:
            self._same -= 1

    def handle_data(self, data: str) -> None:
        if not self._same and not _ATTRIBUTES.fullmatch(data.strip()) and _is_text(data):
            self.found.append(" ".join(data.split()))
