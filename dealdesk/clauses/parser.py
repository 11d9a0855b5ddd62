"""Read clause text into its parsed form, line by line (grammar: ADR 2)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from dealdesk.clauses.expressions import Expression, ExpressionError, parse_expression
from dealdesk.clauses.marks import MarkError, parse_marks
from dealdesk.clauses.template import (
    BlockTemplate,
    ClauseTemplate,
    Marks,
    ParagraphTemplate,
    TableTemplate,
    Template,
    WhenTemplate,
)
from dealdesk.documents.tree import MAX_DEPTH
from dealdesk.kernel.errors import Place, Problem

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_ITEM = re.compile(r"((?:  )*)-\s+(.*)")
_TABLE = re.compile(r"\{\{table:\s*([a-z][a-z0-9_]*)\s*\}\}\s*")
_WHEN = re.compile(r"\{\{when:\s*(.*?)\s*\}\}\Z")
_END = "{{end}}"
_ID = re.compile(r"\s*\{#([^}]*)\}\s*\Z")
LOCAL_ID = re.compile(r"[a-z][a-z0-9-]*\Z")


@dataclass(slots=True)
class _Node:
    """A block while its children are still being read."""

    kind: str
    local_id: str
    line: int
    depth: int = 0
    heading: Marks = ()
    body: Marks = ()
    variable: str = ""
    condition: Expression | None = None
    children: list["_Node"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


# More than any clause needs; each one is a level of every walk over the text.
MAX_CONDITIONS = 20
_Paragraph: TypeAlias = tuple[int, str]


def parse_template(source: str, file: str) -> tuple[Template, tuple[Problem, ...]]:
    """Return the blocks of a position's text, and every problem with its file and line."""
    reader = _Reader(file)
    for number, text in _joined_lines(source):
        reader.take(number, text)
    reader.close()
    return tuple(_frozen(node) for node in reader.root.children), tuple(reader.problems)


def _joined_lines(source: str) -> Iterator[_Paragraph]:
    """Yield logical lines: a plain line that follows a block's first line continues it."""
    start, parts = 0, list[str]()
    for number, raw in enumerate(source.splitlines(), 1):
        text = raw.rstrip()
        if not text.strip() or _starts_block(text):
            if parts:
                yield start, " ".join(parts)
            start, parts = number, []
        if text.strip():
            # Indentation of a first line says how deep it is; of a continued line, nothing.
            parts.append(text.strip() if parts else text)
            start = start if len(parts) > 1 else number
            if _HEADING.match(text):
                yield start, text
                parts = []
    if parts:
        yield start, " ".join(parts)


def _starts_block(text: str) -> bool:
    bare = text.strip()
    return bool(
        _HEADING.match(text)
        or _ITEM.match(text)
        or bare == _END
        or _WHEN.match(bare)
        or _TABLE.match(bare)
    )


class _Reader:
    """Builds the tree of blocks; `stack` holds the open clauses and conditions."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.root = _Node("root", "", 0)
        self.stack: list[_Node] = [self.root]
        # Conditions that are open but hold nothing yet: their level is that of their first block.
        self.pending: list[_Node] = []
        self.heading_depth = 0
        self.ids: dict[str, int] = {}
        self.is_past_conditions = False
        # Conditions beyond the most that are read, whose ends close nothing.
        self.skipped = 0

    def problem(self, line: int, code: str, message: str, remedy: str = "") -> None:
        self.problems.append(Problem(code, message, Place(self.file, line), remedy))

    def take(self, line: int, text: str) -> None:
        bare = text.strip()
        if bare == _END:
            self._end(line)
        elif when := _WHEN.match(bare):
            self._when(line, when[1])
        elif heading := _HEADING.match(text):
            self._heading(line, len(heading[1]), heading[2])
        elif item := _ITEM.match(text):
            self._item(line, len(item[1]) // 2, item[2])
        elif table := _TABLE.match(bare):
            self._table(line, table[1], bare[table.end() :])
        else:
            self._text(line, bare)

    def close(self) -> None:
        for node in self.stack + self.pending:
            if node.kind == "when":
                self.problem(
                    node.line, "when-open", "The condition is never closed.", "Add {{end}}."
                )

    def _end(self, line: int) -> None:
        if self.skipped:
            self.skipped -= 1
            return
        if self.pending:
            empty = self.pending.pop()
            self.problem(empty.line, "when-empty", "The condition holds nothing.", "Remove it.")
            return
        index = next(
            (i for i in range(len(self.stack) - 1, 0, -1) if self.stack[i].kind == "when"), 0
        )
        if not index:
            self.problem(line, "end-alone", "{{end}} closes nothing.", "Remove it.")
            return
        del self.stack[index:]

    def _when(self, line: int, source: str) -> None:
        try:
            condition = parse_expression(source)
        except ExpressionError as error:
            self.problem(line, "bad-condition", str(error.problems[0].message))
            return
        around = len(self.pending) + sum(node.kind == "when" for node in self.stack)
        if around >= MAX_CONDITIONS and not self.is_past_conditions:
            # Told once: each further one would only be told again.
            self.is_past_conditions = True
            self.problem(
                line,
                "too-many-conditions",
                f"Conditions stand {MAX_CONDITIONS} deep in one another at most.",
                "Join some of them by “and”.",
            )
        if around < MAX_CONDITIONS:
            self.pending.append(_Node("when", "", line, condition=condition))
        else:
            self.skipped += 1

    def _place_pending(self) -> None:
        """Put conditions that were waiting for their first block where that block stands."""
        for node in self.pending:
            node.depth = self._open_depth()
            self.stack[-1].children.append(node)
            self.stack.append(node)
        self.pending = []

    def _open_depth(self) -> int:
        return next((node.depth for node in reversed(self.stack) if node.kind == "clause"), 0)

    def _heading(self, line: int, depth: int, text: str) -> None:
        words, local_id = self._id(line, text)
        self._open(_Node("clause", local_id, line, depth, heading=self._marks(line, words)))
        self.heading_depth = depth

    def _item(self, line: int, indent: int, text: str) -> None:
        words, local_id = self._id(line, text)
        depth = self.heading_depth + 1 + indent
        self._open(_Node("clause", local_id, line, depth, body=self._marks(line, words)))

    def _open(self, node: _Node) -> None:
        """Put a clause below the nearest open clause above its depth, within its condition."""
        if node.depth > MAX_DEPTH:
            self.problem(node.line, "too-deep", f"Clauses nest {MAX_DEPTH} deep at most.")
            return
        while self.stack[-1].kind == "clause" and self.stack[-1].depth >= node.depth:
            self.stack.pop()
        self._place_pending()
        above = self._open_depth()
        if node.depth > above + 1:
            self.problem(
                node.line, "level-skipped", f"A level is skipped: {above} to {node.depth}."
            )
        if self.stack[-1].kind == "when" and self.stack[-1].depth >= node.depth:
            self.problem(
                node.line,
                "when-crossed",
                "This clause would leave the condition that it stands in.",
                "Close the condition with {{end}} before it.",
            )
        self.stack[-1].children.append(node)
        self.stack.append(node)

    def _table(self, line: int, variable: str, rest: str) -> None:
        words, local_id = self._id(line, f" {rest}")
        if words:
            self.problem(line, "table-line", "A table stands alone on its line.")
        self._place_pending()
        self.stack[-1].children.append(_Node("table", local_id, line, variable=variable))

    def _text(self, line: int, text: str) -> None:
        self._place_pending()
        top = self.stack[-1]
        if _ID.search(text):
            words, local_id = self._id(line, text)
            self.stack[-1].children.append(
                _Node("paragraph", local_id, line, body=self._marks(line, words))
            )
        elif top.kind == "clause" and not top.body and not top.children:
            top.body = self._marks(line, text)
        else:
            self.problem(
                line,
                "no-id",
                "This paragraph has no id.",
                "End it with {#some-id}, unique in the clause.",
            )

    def _id(self, line: int, text: str) -> tuple[str, str]:
        match = _ID.search(text)
        if match is None:
            self.problem(line, "no-id", "This block has no id.", "End it with {#some-id}.")
            return text.strip(), ""
        if not LOCAL_ID.match(match[1]):
            self.problem(
                line,
                "bad-id",
                f"“{match[1]}” is not an id.",
                "Use a-z, digits and hyphens, a letter first.",
            )
        elif match[1] in self.ids:
            self.problem(
                line,
                "duplicate-id",
                f"“{match[1]}” stands in line {self.ids[match[1]]} too.",
                "Give each block an id of its own.",
            )
        self.ids.setdefault(match[1], line)
        return text[: match.start()].strip(), match[1]

    def _marks(self, line: int, text: str) -> Marks:
        try:
            return parse_marks(text)
        except MarkError as error:
            for problem in error.problems:
                self.problem(line, problem.code, problem.message, problem.remedy)
            return ()


def _frozen(node: _Node) -> BlockTemplate:
    children = tuple(_frozen(child) for child in node.children)
    match node.kind:
        case "clause":
            return ClauseTemplate(node.local_id, node.line, node.heading, node.body, children)
        case "table":
            return TableTemplate(node.local_id, node.line, node.variable)
        case "when" if node.condition is not None:
            return WhenTemplate(node.condition, node.line, children)
        case _:
            return ParagraphTemplate(node.local_id, node.line, node.body)
