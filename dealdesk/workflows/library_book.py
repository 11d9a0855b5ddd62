"""A library as a book: everything that legal reads of it, in the order of its families."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from dealdesk.approvals.policy import Policy
from dealdesk.clauses.difference import position_difference
from dealdesk.clauses.model import (
    AgreementTemplate,
    Clause,
    Family,
    Library,
    Position,
    Rank,
    Variable,
)
from dealdesk.documents.html import block_html, page_of
from dealdesk.documents.tree import DocumentTree
from dealdesk.terms.formatting import format_value
from dealdesk.terms.value_types import Kind, ValueType
from dealdesk.terms.values import Table
from dealdesk.workflows.library_passages import Passage, passages
from dealdesk.workflows.library_statistics import PositionReading, Statistics, statistics
from dealdesk.workflows.policy_words import capability_words, cover_words, rule_words

_ID = re.compile(r' id="[^"]*"| data-value="[^"]*"')
_LINK = re.compile(r'<a href="#[^"]*">(.*?)</a>')
_RANKS = {
    Rank.STANDARD: ("quiet", "Standard"),
    Rank.FALLBACK: ("info", "Fallback"),
    Rank.NONSTANDARD: ("wait", "Nonstandard"),
    Rank.WALK_AWAY: ("stop", "Walk-away"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A colour, a shape and a word."""

    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class BookPosition:
    """A position as the book tells it; `text` is HTML with sample values."""

    position: Position
    chip: Chip
    sentence: str
    deciders: tuple[str, ...]
    text: Markup
    changes: tuple[str, ...]
    reading: PositionReading | None


@dataclass(frozen=True, slots=True)
class BookVariable:
    """A variable in words: kind and limits, what it starts with, where it goes."""

    variable: Variable
    kind: str
    default: str


@dataclass(frozen=True, slots=True)
class BookClause:
    """A clause as the book tells it; `used_in` are titles of agreements, "optional" noted."""

    clause: Clause
    owner: str
    used_in: tuple[str, ...]
    variables: tuple[BookVariable, ...]
    positions: tuple[BookPosition, ...]


@dataclass(frozen=True, slots=True)
class BookFamily:
    """A family with its clauses."""

    family: Family
    owner: str
    approvers: tuple[str, ...]
    clauses: tuple[BookClause, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """The whole library, the policy in sentences (by rule id), and the figures."""

    families: tuple[BookFamily, ...]
    agreements: tuple[AgreementTemplate, ...]
    titles: Mapping[str, str]
    stages: tuple[str, ...]
    rules: tuple[tuple[str, tuple[str, ...]], ...]
    covers: tuple[str, ...]
    capability: tuple[str, ...]
    statistics: Statistics
    sha256: str


def book_of(library: Library, policy: Policy | None) -> Book:
    """Return a library as a book. The same library gives the same book."""
    figures = statistics(library)
    printed = {(one.clause.id, one.position.id): one for one in passages(library)}
    readings = {(one.clause, one.position): one for one in figures.positions}
    clauses = [_clause(clause, library, printed, readings) for clause in library.clauses.values()]
    return Book(
        families=tuple(_families(library, clauses)),
        agreements=tuple(library.agreements.values()),
        titles={clause.id: clause.title for clause in library.clauses.values()},
        stages=_stages(policy),
        rules=tuple(_rules(policy)) if policy else (),
        covers=_covers(policy),
        capability=_capability(policy),
        statistics=figures,
        sha256=library.sha256,
    )


def _stages(policy: Policy | None) -> tuple[str, ...]:
    stages = policy.stages if policy else ()
    return tuple(", ".join(policy.title_of(role) for role in stage) for stage in stages if policy)


def _rules(policy: Policy) -> Iterator[tuple[str, tuple[str, ...]]]:
    for rule in policy.rules:
        yield rule.id, tuple(rule_words(rule, policy))


def _covers(policy: Policy | None) -> tuple[str, ...]:
    if policy is None or policy.programme is None:
        return ()
    return tuple(cover_words(cover) for cover in policy.programme.covers)


def _capability(policy: Policy | None) -> tuple[str, ...]:
    record = policy.capability if policy else None
    return tuple(capability_words(record)) if record else ()


def _families(library: Library, clauses: list[BookClause]) -> Iterator[BookFamily]:
    for family in library.families.values():
        own = tuple(one for one in clauses if one.clause.family == family.id)
        if own:
            yield BookFamily(
                family,
                library.roles.get(family.owner, family.owner),
                tuple(library.roles.get(role, role) for role in family.approvers),
                own,
            )


def _clause(
    clause: Clause,
    library: Library,
    printed: Mapping[tuple[str, str], Passage],
    readings: Mapping[tuple[str, str], PositionReading],
) -> BookClause:
    return BookClause(
        clause,
        library.roles.get(clause.owner, clause.owner),
        tuple(_used_in(clause, library)),
        tuple(_variable(variable) for variable in clause.variables),
        tuple(
            _position(
                clause,
                position,
                library,
                printed.get((clause.id, position.id)),
                readings.get((clause.id, position.id)),
            )
            for position in clause.positions
        ),
    )


def _used_in(clause: Clause, library: Library) -> Iterator[str]:
    for agreement in library.agreements.values():
        for part in agreement.parts:
            for slot in part.slots:
                if slot.clause == clause.id:
                    yield f"{agreement.title} (optional)" if slot.optional else agreement.title


def _position(
    clause: Clause,
    position: Position,
    library: Library,
    passage: Passage | None,
    reading: PositionReading | None,
) -> BookPosition:
    kind, word = _RANKS[position.rank]
    same = [p for p in clause.positions if p.rank is position.rank]
    name = f"{word} {same.index(position) + 1}" if position.rank is Rank.FALLBACK else word
    return BookPosition(
        position=position,
        chip=Chip(kind, name),
        sentence=passage.sentence if passage else "",
        deciders=tuple(
            dict.fromkeys(library.roles.get(a.role, a.role) for a in position.approvers)
        ),
        text=passage_html(passage) if passage else Markup(""),
        changes=()
        if position is clause.standard
        else position_difference((clause, clause.standard), (clause, position), library.roles),
        reading=reading,
    )


def passage_html(passage: Passage) -> Markup:
    """Return a passage as HTML; positions repeat their ids, so a book has none of them."""
    page = page_of(_whole(passage))
    html = "\n".join(part for block in passage.blocks for part in block_html(block, page))
    return Markup(_LINK.sub(r'<span class="ref">\1</span>', _ID.sub("", html)))  # noqa: S704 - ours


def _whole(passage: Passage) -> DocumentTree:
    return passage.version.tree


def _variable(variable: Variable) -> BookVariable:
    default = variable.default
    words = "" if default is None else format_value(default, variable.type, "en")
    if isinstance(default, Table):
        words = f"{len(default.rows)} rows"
    return BookVariable(variable, _kind(variable.type), words)


def _kind(type_: ValueType) -> str:
    """Return a type in words: its kind, its units or options, its limits."""
    words = type_.kind.value.replace("_", " ")
    if type_.kind in {Kind.OPTION, Kind.OPTIONS}:
        return f"{words}: {'; '.join(label for _, label in type_.options)}"
    if type_.kind is Kind.TABLE:
        return f"table: {', '.join(column.title for column in type_.columns)}"
    if type_.units:
        words += f" in {' or '.join(unit.value.replace('_', ' ') for unit in type_.units)}"
    limits = [
        f"{name} {limit}"
        for name, limit in (("from", type_.minimum), ("to", type_.maximum))
        if limit is not None
    ]
    return " ".join([words, *limits, *(["or none"] if type_.none_text else [])])
