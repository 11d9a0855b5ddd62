"""Clause numbers and reference labels, computed from the tree and never stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dealdesk.documents.tree import (
    MAX_DEPTH,
    Block,
    Clause,
    DocumentTree,
    Section,
    SectionKind,
    TableBlock,
)
from dealdesk.kernel.errors import DomainError

_ROMAN = (
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


@dataclass(frozen=True, slots=True)
class _Words:
    """How a language cites: a clause, one of an exhibit or another part, a part, a table."""

    clause: str
    of_exhibit: str
    of_part: str
    part: str
    table: str


_ENGLISH = _Words(
    "Section {number}", " of {title}", " of the {title}", "the {title}", "the table in {label}"
)
_WORDS = {
    "de": _Words(
        "Ziffer {number}", " der {title}", " („{title}“)", "„{title}“", "der Tabelle in {label}"
    )
}


class NumberingError(DomainError):
    """Clauses are nested deeper than their numbering reaches, or an id stands twice."""


@dataclass(frozen=True, slots=True)
class Number:
    """A clause's number: `own` stands in front of it, `full` is how others cite it."""

    depth: int
    own: str
    full: str


def roman(count: int) -> str:
    """Return a positive number in lower-case Roman figures."""
    text = ""
    for value, figures in _ROMAN:
        while count >= value:
            text += figures
            count -= value
    return text


def letters(count: int) -> str:
    """Return a, b … z for 1 … 26, then aa, ab and so on."""
    text = ""
    while count > 0:
        count, rest = divmod(count - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def _number(depth: int, count: int, parent: Number | None) -> Number:
    above = parent.full if parent else ""
    match depth:
        case 1:
            return Number(1, f"{count}.", f"{count}")
        case 2:
            return Number(2, f"{above}.{count}", f"{above}.{count}")
        case 3:
            own = f"({letters(count)})"
        case 4:
            own = f"({roman(count)})"
        case _:
            own = f"({letters(count).upper()})"
    return Number(depth, own, above + own)


def _numbered(
    blocks: tuple[Block, ...], depth: int, parent: Number | None
) -> Iterator[tuple[str, Number]]:
    count = 0
    for block in blocks:
        if not isinstance(block, Clause):
            continue
        if depth > MAX_DEPTH:
            raise NumberingError.of(
                "too-deep",
                f"Clause {block.id} is nested {depth} levels deep; numbering ends at {MAX_DEPTH}.",
                remedy="Move it up, or join it with the clause above.",
            )
        count += 1
        number = _number(depth, count, parent)
        yield block.id, number
        yield from _numbered(block.children, depth + 1, number)


def section_numbers(section: Section) -> dict[str, Number]:
    """Return the number of each clause of one section by block id."""
    return dict(_numbered(section.blocks, 1, None))


@dataclass(frozen=True, slots=True)
class Numbering:
    """Numbers and reference labels of a whole document, by block id."""

    numbers: Mapping[str, Number]
    labels: Mapping[str, str]


def number_document(tree: DocumentTree) -> Numbering:
    """Return the number and the reference label of every block that has one.

    Clauses of the terms are "Section 4.2(a)"; those of an exhibit "Section 2 of Exhibit A";
    sections are cited by their title and tables by "the table in" their clause.
    """
    numbers: dict[str, Number] = {}
    labels: dict[str, str] = {}
    words = _WORDS.get(tree.language.partition("-")[0], _ENGLISH)
    for section in tree.sections:
        own = section_numbers(section)
        _refuse_twins(own, numbers)
        numbers |= own
        labels[section.id] = _part_label(section, words)
        outside = _outside(section, words)
        labels |= {
            block_id: words.clause.format(number=n.full) + outside for block_id, n in own.items()
        }
        labels |= dict(_table_labels(section.blocks, labels, words))
    return Numbering(numbers, labels)


def _part_label(section: Section, words: _Words) -> str:
    if section.kind is SectionKind.EXHIBIT:
        return section.title.partition(":")[0].strip()
    return words.part.format(title=section.title)


def _outside(section: Section, words: _Words) -> str:
    """Return what follows a clause's number when it is cited; nothing for one of the terms."""
    if section.kind is SectionKind.TERMS:
        return ""
    if section.kind is SectionKind.EXHIBIT:
        return words.of_exhibit.format(title=_part_label(section, words))
    return words.of_part.format(title=section.title)


def _table_labels(
    blocks: tuple[Block, ...], labels: Mapping[str, str], words: _Words, parent: str = ""
) -> Iterator[tuple[str, str]]:
    for block in blocks:
        match block:
            case TableBlock():
                label = words.table.format(label=labels[parent]) if parent else block.caption
                yield block.id, label
            case Clause():
                yield from _table_labels(block.children, labels, words, block.id)
            case _ if parent:
                yield block.id, labels[parent]
            case _:
                pass


def _refuse_twins(new: Mapping[str, Number], old: Mapping[str, Number]) -> None:
    twins = sorted(set(new) & set(old))
    if twins:
        raise NumberingError.of("duplicate-block-id", f"Block {twins[0]} stands in two sections.")
