"""Read Markdown and numbered plain text (also canonical text and Word's text) into a Paper."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from dealdesk.clauses.lint.paper import Line, Paper
from dealdesk.documents.text import canonical_text
from dealdesk.documents.tree import DocumentTree
from dealdesk.terms.formatting import format_value

_FIELD = re.compile(r'<span class="\w*_link"[^>]*>(.*?)</span>')
_SPAN_HEADING = re.compile(r'<span class="header_\d"[^>]*>(.*?)</span>')
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_INNER_LINK = re.compile(r"\]\(#([^)\s]+)\)")
_GIVEN_ID = re.compile(r"\b(?:id|name)=[\"']([^\"']+)[\"']|\{#([\w-]+)\}")
_ODD = re.compile(r"(?<=[^\W\d_])[\u00a0\u202f](?=[^\W\d_])")
_HASHES = re.compile(r"(#{1,6})\s+(.*)")
_NUMBER = re.compile(r"(?:Section\s+|Article\s+)?(\d{1,2}(?:\.\d{1,2})*)\.?\s+(?=\S)")
_LETTER = re.compile(r"\(([a-z]{1,4})\)\s+|([a-z]{1,4})\.\s+")
_BULLET = re.compile(r"\A[-*•]\s+")
_LEAD = re.compile(r"([A-Z][^.:;|]{1,70}?)[.:]\s+(?=\S)")
_HEADING_LENGTH = 80
# Bold capitals inside a sentence mark a term that a cover sets; a bold lead is a heading.
_BOLD_TERM = re.compile(r"(?<=[a-z] )\*\*([A-Z][A-Za-z&/’' -]{2,60})\*\*|\(\*\*([A-Z]{2,8})\*\*\)")
_NEW_BLOCK = re.compile(r"\s*(?:#{1,6} |[-*•] |\(?[a-z]{1,4}[.)] |\(\w{1,4}\) |\*\*|\d+\.|\|)")
_WRAPPED = 70
_ENDS = re.compile(r"[.:;!?|][*_”\")]*\s*$")
_SMALL_WORDS = "a an and as at by for from in is of on or the to under upon with no not"
_SMALL = frozenset(_SMALL_WORDS.split())


@dataclass(slots=True)
class _State:
    """What is open while lines are read: numbers by indentation, the last number, the topic.

    `part` counts the documents in the file, `top` is the highest article of this one so far.
    `tags` says that tags are the source's own markup, as in Markdown, and no words.
    """

    nested: list[tuple[int, str]] = field(default_factory=list)
    number: str = ""
    topics: dict[str, str] = field(default_factory=dict)
    topic: str = ""
    part: int = 0
    top: int = 0
    tags: bool = True


def paper_of(tree: DocumentTree, name: str) -> Paper:
    """Return an assembled agreement as rules read it; words of its values are no terms."""
    values = (format_value(t.value, t.type, tree.language) for t in tree.values.values())
    return replace(read_paper(canonical_text(tree), name), names=" ".join(values))


def read_paper(text: str, file: str) -> Paper:
    """Return the lines of a contract text: Markdown, canonical text or plain numbered text."""
    state = _State(tags=not file.endswith((".txt", ".docx")))
    lines = tuple(_lines(text, state, markdown=_is_markdown(text)))
    marked = (*_FIELD.findall(text), *(_bold_terms(text) if state.tags else ()))
    fields = frozenset(_plain(words).removesuffix("’s") for words in marked)
    return Paper(
        file,
        lines,
        variables=fields,
        links=tuple(_links(text)),
        anchors=_anchors(text, lines),
        odd_spaces=tuple(n for n, raw in enumerate(text.splitlines(), 1) if _ODD.search(raw)),
    )


def _links(text: str) -> Iterator[tuple[int, str]]:
    for number, raw in enumerate(text.splitlines(), 1):
        for match in _INNER_LINK.finditer(raw):
            yield number, match[1]


def _anchors(text: str, lines: tuple[Line, ...]) -> frozenset[str]:
    """Return the ids that the source gives, and those that Markdown makes of headings."""
    slugs = (re.sub(r"[^\w -]", "", line.heading.lower()).replace(" ", "-") for line in lines)
    return frozenset(
        (
            *(one or other for one, other in _GIVEN_ID.findall(text)),
            *(slug for slug in slugs if slug),
        )
    )


def _is_markdown(text: str) -> bool:
    return bool(re.search(r"^(#{1,6} |\s*\d+\. +<span|\s*[-*] +\S|\*\*)", text, re.MULTILINE))


def _lines(text: str, state: _State, *, markdown: bool) -> Iterator[Line]:
    for number, raw in _blocks(text, wrapped=markdown and state.tags):
        if raw.strip():
            yield _line(number, raw, state, markdown=markdown)


def _bold_terms(text: str) -> Iterator[str]:
    for term, short in _BOLD_TERM.findall(text):
        yield term or short


def _blocks(text: str, *, wrapped: bool) -> Iterator[tuple[int, str]]:
    """Yield the blocks of a text with the number of their first line.

    In Markdown a paragraph may be wrapped by hand: a long line that ends no sentence goes on.
    """
    start, open_ = 0, ""
    for number, raw in enumerate(text.splitlines(), 1):
        if open_ and raw.strip() and not _NEW_BLOCK.match(raw):
            open_ = f"{open_} {raw.strip()}"
        else:
            if open_:
                yield start, open_
            start, open_ = number, raw
        if not (wrapped and len(raw) >= _WRAPPED and not _ENDS.search(raw)):
            yield start, open_
            open_ = ""
    if open_:
        yield start, open_


def _line(number: int, raw: str, state: _State, *, markdown: bool) -> Line:
    marked = _SPAN_HEADING.search(raw)
    words = _plain(raw.strip()) if state.tags else _joined(raw)
    if hashes := _HASHES.match(words) if markdown else None:
        words = hashes[2]
    label, words = _label(raw, words, state, markdown=markdown)
    words = _BULLET.sub("", words, count=1) if markdown else words
    heading = _plain(marked[1]).rstrip(". ") if marked else _heading(words, label, bool(hashes))
    cells = tuple(cell.strip() for cell in words.strip("|").split("|")) if "|" in words else ()
    _note_part(state, label)
    _note_topic(state, label, heading if not cells else "")
    return Line(number, label, heading if not cells else "", words, state.topic, cells, state.part)


def _note_part(state: _State, label: str) -> None:
    """Begin the next document where the articles start again at 1."""
    article = re.match(r"\d+", label)
    if article is None:
        return
    if int(article[0]) == 1 and state.top > 1:
        state.part, state.top = state.part + 1, 0
    state.top = max(state.top, int(article[0]))


def _note_topic(state: _State, label: str, heading: str) -> None:
    """Keep under which headings the text stands: an article's and its section's."""
    if heading:
        state.topics[label] = heading
        if not label:
            state.topics = {"": heading}
    article = re.split(r"[.(]", label)[0] if label else state.number.partition(".")[0]
    above = [state.topics.get(key, "") for key in dict.fromkeys((article, state.number, label))]
    state.topic = " / ".join(dict.fromkeys(one for one in above if one)) or state.topics.get("", "")


def _plain(words: str) -> str:
    words = _LINK.sub(r"\1", _TAG.sub("", words))
    return _joined(html.unescape(words.replace("**", "").replace("\\", "")))


def _joined(words: str) -> str:
    return " ".join(words.replace("**", "").split())


def _label(raw: str, words: str, state: _State, *, markdown: bool) -> tuple[str, str]:
    """Return the resolved number of a line and the words after it."""
    indent = len(raw) - len(raw.lstrip())
    if (found := _NUMBER.match(words)) and not re.match(r"\d+\s+\w+ \d{4}", words):
        own, rest = found[1], words[found.end() :]
        if markdown and "." not in own:
            own = _below(indent, own, state)
        if not _is_number_line(own, rest):
            return "", words
        state.number = own
        return own, rest
    if found := _LETTER.match(words):
        letter = found[1] or found[2]
        if found[1] is None and not markdown:
            return "", words
        return f"{state.number}({letter})" if state.number else "", words[found.end() :]
    return "", words


def _is_number_line(label: str, rest: str) -> bool:
    """Tell a clause number from a figure that starts a row: “1 | 1 July 2027 | …” has none."""
    return not rest.startswith("|") and ("." in label or rest[:1].isupper() or rest[:1] in "“\"'")


def _below(indent: int, own: str, state: _State) -> str:
    while state.nested and state.nested[-1][0] >= indent:
        state.nested.pop()
    label = f"{state.nested[-1][1]}.{own}" if state.nested else own
    state.nested.append((indent, label))
    return label


def _heading(words: str, label: str, is_heading: bool) -> str:  # noqa: FBT001 - one reading's fact
    if is_heading or (len(words) <= _HEADING_LENGTH and not re.search(r"[.:;,?]$|[.:;] ", words)):
        return words.strip()
    lead = _LEAD.match(words) if label else None
    return (
        lead[1]
        if lead and _is_title(lead[1])
        else words.rstrip(".")
        if _is_title_line(words)
        else ""
    )


def _is_title_line(words: str) -> bool:
    return len(words) <= _HEADING_LENGTH and words.endswith(".") and _is_title(words[:-1])


def _is_title(words: str) -> bool:
    return all(
        word[:1].isupper() or word.lower() in _SMALL or word == "&" for word in words.split()
    )
