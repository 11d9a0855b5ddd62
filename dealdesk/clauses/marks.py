"""Read the marks inside a line of clause text (grammar: ADR 2)."""

import re
from collections.abc import Iterator

from dealdesk.clauses.expressions import Expression, ExpressionError, parse_expression
from dealdesk.clauses.template import (
    DefinitionMark,
    Mark,
    Marks,
    RefMark,
    TermMark,
    ValueMark,
    WhenMark,
)
from dealdesk.clauses.typography import typeset
from dealdesk.documents.tree import Style, Text
from dealdesk.kernel.errors import DomainError

_MARK = re.compile(r"\{\{(.*?)\}\}")
_DEFINED = re.compile(r"[\"“]([^\"”]+)[\"”]\s*\Z")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_ID = re.compile(r"[a-z][a-z0-9-]*\Z")
_REF = re.compile(r"(?:([a-z][a-z0-9-]*)/)?([a-z][a-z0-9-]*)\Z")
_VALUE = re.compile(r"(?:([a-z][a-z0-9-]*)\.)?([a-z][a-z0-9_]*(?:\.[a-z0-9_-]+\.[a-z0-9_]+)?)\Z")
_KINDS = ("def", "term", "ref", "value", "when", "end", "table")


class MarkError(DomainError):
    """A mark that can't be read."""


def parse_marks(text: str) -> Marks:
    """Return the marks of a line, words between them as Text. Raise MarkError with a sentence."""
    stack: list[tuple[WhenMark | None, list[Mark]]] = [(None, [])]
    position = 0
    for match in _MARK.finditer(text):
        words = text[position : match.start()]
        position = match.end()
        kind, _, argument = match[1].partition(":")
        kind, argument = kind.strip(), argument.strip()
        if kind == "def":
            words, defined = _cut_defined(words, argument)
            stack[-1][1].extend(_texts(words))
            stack[-1][1].append(defined)
            continue
        stack[-1][1].extend(_texts(words))
        if kind == "when":
            stack.append((WhenMark(_condition(argument), ()), []))
        elif kind == "end":
            _close(stack)
        else:
            stack[-1][1].append(_simple(kind, argument))
    stack[-1][1].extend(_texts(text[position:]))
    if len(stack) > 1:
        raise MarkError.of(
            "when-open", "A condition inside the line is never closed.", remedy="Add {{end}}."
        )
    return tuple(stack[0][1])


def _condition(source: str) -> Expression:
    try:
        return parse_expression(source)
    except ExpressionError as error:
        raise MarkError(error.problems) from error


def _close(stack: list[tuple[WhenMark | None, list[Mark]]]) -> None:
    when, body = stack.pop()
    if when is None or not stack:
        raise MarkError.of("end-alone", "{{end}} closes nothing.", remedy="Remove it.")
    stack[-1][1].append(WhenMark(when.condition, tuple(body)))


def _cut_defined(words: str, argument: str) -> tuple[str, DefinitionMark]:
    match = _DEFINED.search(words)
    if match is None or not _ID.match(argument):
        raise MarkError.of(
            "bad-definition",
            f"{{{{def: {argument}}}}} has to follow the term in quotation marks.",
            remedy='Write "Term" {{def: term-id}}.',
        )
    return words[: match.start()], DefinitionMark(argument, match[1])


def _simple(kind: str, argument: str) -> Mark:
    head, _, option = (part.strip() for part in argument.partition("|"))
    match kind:
        case "term" if _ID.match(head):
            return TermMark(head, option)
        case "ref" if ref := _REF.match(head):
            return RefMark(ref[1] or "", ref[2])
        case "value" if (value := _VALUE.match(head)) and option in {"", *Style}:
            return ValueMark(value[1] or "", value[2], Style(option) if option else Style.FIGURES)
    known = f" of {', '.join(_KINDS)}" if kind not in _KINDS else ""
    raise MarkError.of(
        "bad-mark",
        f"“{{{{{kind}: {argument}}}}}” is not a mark that we know.",
        remedy=f"Use one{known} as docs/adr/0002-clause-text-grammar.md shows.",
    )


def _texts(words: str) -> Iterator[Text]:
    """Yield plain and bold words; an odd `**` stays as it is."""
    position = 0
    for match in _STRONG.finditer(words):
        if match.start() > position:
            yield Text(typeset(words[position : match.start()]))
        yield Text(typeset(match[1]), strong=True)
        position = match.end()
    if position < len(words):
        yield Text(typeset(words[position:]))
