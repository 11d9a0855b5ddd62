"""Seeded contracts and edits of them, as redlines.md section 4 describes them."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from dealdesk.documents.tree import (
    Block,
    Clause,
    DocumentTree,
    Inlines,
    Section,
    SectionKind,
    TableBlock,
    TableColumn,
    TableRow,
    Text,
)

SIZES = {"S": (60, 15), "M": (300, 59), "L": (1200, 240)}
_WORDS = """
provider customer service party agreement fees term notice written days breach
remedy liability confidential information data security support incident
severity response resolution credit availability maintenance invoice payment
renewal termination effect obligation reasonable material affiliate
subcontractor region backup audit report law court claim damages indemnify cap
exclusion insurance escrow release deposit source code shall may must will
unless except provided that within under by for of to the a any each all such
this and or not without prior upon after before during
"""
_VOCABULARY = _WORDS.split()
_KINDS = (
    ("word", 36),
    ("number", 12),
    ("phrase", 14),
    ("cut", 10),
    ("sentence", 6),
    ("drop", 5),
    ("paragraph", 5),
    ("strike", 4),
    ("cell", 4),
    ("row", 2),
    ("unrow", 2),
)


@dataclass(slots=True)
class Edited:
    """A contract before and after, and the clauses that were touched."""

    old: DocumentTree
    new: DocumentTree
    touched: set[str]


def _words(rng: random.Random, low: int, high: int) -> str:
    words = [rng.choice(_VOCABULARY) for _ in range(rng.randint(low, high))]
    for place in range(len(words)):
        if rng.random() < 0.04:
            words[place] = str(rng.randint(2, 90))
    return " ".join(words)


def sentence(rng: random.Random) -> str:
    """Return one sentence of 12 to 34 words."""
    return f"{_words(rng, 12, 34).capitalize()}."


def _body(rng: random.Random) -> Inlines:
    text = " ".join(sentence(rng) for _ in range(rng.randint(1, 4)))
    if rng.random() < 0.35:
        at = text.find(" ", len(text) // 2)
        end = text.find(" ", at + 1)
        if 0 < at < end:
            return (Text(text[: at + 1]), Text(text[at + 1 : end], strong=True), Text(text[end:]))
    return (Text(text),)


def _table(rng: random.Random, clause: str) -> TableBlock:
    rows = tuple(
        TableRow(f"{clause}/t.r{i}", tuple((Text(_words(rng, 2, 5)),) for _ in range(4)))
        for i in range(5)
    )
    titles = ("Severity", "Response", "Update", "Target")
    return TableBlock(f"{clause}/table", "Severity", tuple(TableColumn(t) for t in titles), rows)


def contract(seed: int, blocks: int) -> DocumentTree:
    """Return a contract of about that many blocks."""
    rng = random.Random(seed)
    clauses: list[Block] = []
    made = 0
    while made < blocks:
        name = f"c{len(clauses)}"
        children: list[Block] = [
            Clause(f"{name}/p{i}", body=_body(rng)) for i in range(rng.randint(5, 9))
        ]
        if len(clauses) % 5 == 4:
            children.append(_table(rng, name))
        made += len(children) + 1
        clauses.append(
            Clause(f"{name}/head", (Text(_words(rng, 2, 4).title()),), (), tuple(children))
        )
    section = Section("terms", "Terms", SectionKind.TERMS, tuple(clauses))
    return DocumentTree(
        "Agreement", "Agreement", "en", f"seed {seed}", date(2027, 1, 15), (section,)
    )


def edited(seed: int, blocks: int, edits: int) -> Edited:
    """Return a contract with that many seeded edits, at most one in a paragraph or table."""
    old = contract(seed, blocks)
    rng = random.Random(seed + 1)
    clauses = list(old.sections[0].blocks)
    free = [
        (c, block.id)
        for c, clause in enumerate(clauses)
        if isinstance(clause, Clause)
        for block in clause.children
    ]
    rng.shuffle(free)
    touched: set[str] = set()
    kinds = rng.choices([k for k, _ in _KINDS], [w for _, w in _KINDS], k=edits)
    for kind in kinds:
        place = _take(free, clauses, table=kind in {"cell", "row", "unrow"})
        if place is None:
            continue
        clause = clauses[place[0]]
        if isinstance(clause, Clause):
            clauses[place[0]] = _edited_clause(rng, clause, place[1], kind)
            touched.add(clause.id.partition("/")[0])
    sections = (replace(old.sections[0], blocks=tuple(clauses)),)
    return Edited(old, replace(old, sections=sections), touched)


def _take(
    free: list[tuple[int, str]], clauses: list[Block], *, table: bool
) -> tuple[int, str] | None:
    for at, (clause, block_id) in enumerate(free):
        owner = clauses[clause]
        if not isinstance(owner, Clause):
            continue
        block = next((b for b in owner.children if b.id == block_id), None)
        if isinstance(block, TableBlock) == table:
            return free.pop(at)
    return None


def _edited_clause(rng: random.Random, clause: Clause, block_id: str, kind: str) -> Clause:
    children: list[Block] = []
    for block in clause.children:
        if block.id != block_id:
            children.append(block)
        elif isinstance(block, TableBlock):
            children.append(_edited_table(rng, block, kind))
        elif kind == "strike" and len(clause.children) > 2:
            continue
        elif kind == "paragraph":
            children += [block, Clause(f"{block.id}-new", body=(Text(sentence(rng)),))]
        elif isinstance(block, Clause):
            children.append(replace(block, body=_edited_body(rng, block.body, kind)))
    return replace(clause, children=tuple(children))


def _edited_table(rng: random.Random, table: TableBlock, kind: str) -> TableBlock:
    rows = list(table.rows)
    at = rng.randrange(len(rows))
    if kind == "row":
        new: tuple[Inlines, ...] = tuple((Text(_words(rng, 2, 5)),) for _ in range(4))
        rows.insert(at, TableRow(f"{table.id}.new", new))
    elif kind == "unrow":
        del rows[at]
    else:
        column = rng.randrange(4)
        cells: tuple[Inlines, ...] = tuple(
            (Text(_words(rng, 2, 5)),) if i == column else cell  # one cell's words
            for i, cell in enumerate(rows[at].cells)
        )
        rows[at] = replace(rows[at], cells=cells)
    return replace(table, rows=tuple(rows))


def _edited_body(rng: random.Random, body: Inlines, kind: str) -> Inlines:
    at = max(range(len(body)), key=lambda i: len(_text(body[i])))
    inline = body[at]
    if not isinstance(inline, Text):
        return body
    edit = _EDITS.get(kind, _word)
    return (*body[:at], replace(inline, text=edit(rng, inline.text)), *body[at + 1 :])


def _text(inline: object) -> str:
    return inline.text if isinstance(inline, Text) else ""


def _split(rng: random.Random, text: str, count: int) -> tuple[list[str], int]:
    words = text.split(" ")
    return words, rng.randrange(1, max(len(words) - count, 2))


def _word(rng: random.Random, text: str) -> str:
    words, at = _split(rng, text, 1)
    words[min(at, len(words) - 1)] = f"{rng.choice(_VOCABULARY)}x"
    return " ".join(words)


def _number(rng: random.Random, text: str) -> str:
    words, at = _split(rng, text, 1)
    words[min(at, len(words) - 1)] = str(rng.randint(91, 999))
    return " ".join(words)


def _phrase(rng: random.Random, text: str) -> str:
    words, at = _split(rng, text, 1)
    words[at:at] = _words(rng, 2, 6).split(" ")
    return " ".join(words)


def _cut(rng: random.Random, text: str) -> str:
    words, at = _split(rng, text, 6)
    del words[at : at + rng.randint(2, 5)]
    return " ".join(words)


def _sentence(rng: random.Random, text: str) -> str:
    return f"{text.rstrip()} {sentence(rng)}"


def _drop(rng: random.Random, text: str) -> str:
    sentences = text.split(". ")
    if len(sentences) < 3:
        return _cut(rng, text)
    del sentences[rng.randrange(len(sentences) - 1)]
    return ". ".join(sentences)


_EDITS: dict[str, Callable[[random.Random, str], str]] = {
    "word": _word,
    "number": _number,
    "phrase": _phrase,
    "cut": _cut,
    "sentence": _sentence,
    "drop": _drop,
}
