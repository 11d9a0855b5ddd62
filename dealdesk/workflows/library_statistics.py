"""How long a library's text is and how hard it reads, position by position."""

import re
from dataclasses import dataclass

from dealdesk.clauses.model import Library, Rank
from dealdesk.documents.numbering import Numbering, number_document
from dealdesk.documents.text import inline_text
from dealdesk.documents.tree import (
    Block,
    Clause,
    DocumentTree,
    TableBlock,
    block_inlines,
    walk_blocks,
)
from dealdesk.workflows.library_passages import Passage, passages

_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?;](?:\s|$)")
_VOWELS = re.compile(r"[aeiouyäöü]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text reads. `ease` is Flesch's (1948), `grade` Kincaid's (1975); 0 for no words."""

    words: int
    sentences: int
    longest: int
    ease: float
    grade: float

    @property
    def words_a_sentence(self) -> float:
        """The mean length of a sentence in words."""
        return self.words / self.sentences if self.sentences else 0.0


@dataclass(frozen=True, slots=True)
class PositionReading:
    """How one position reads, with sample values in it."""

    clause: str
    position: str
    rank: Rank
    reading: Reading


@dataclass(frozen=True, slots=True)
class Statistics:
    """A library in figures; `positions` hold those that print in some agreement."""

    families: int
    clauses: int
    variables: int
    redlines: int
    reviewed: int
    ranks: tuple[tuple[Rank, int], ...]
    positions: tuple[PositionReading, ...]
    whole: Reading


def statistics(library: Library) -> Statistics:
    """Return a library's figures."""
    found = [(passage, text_of(passage)) for passage in passages(library)]
    clauses = library.clauses.values()
    every = [position for clause in clauses for position in clause.positions]
    return Statistics(
        families=len({clause.family for clause in clauses}),
        clauses=len(library.clauses),
        variables=sum(len(clause.variables) for clause in clauses),
        redlines=sum(len(position.redlines) for position in every),
        reviewed=sum(clause.reviewed_by_counsel for clause in clauses),
        ranks=tuple((rank, sum(p.rank is rank for p in every)) for rank in Rank),
        positions=tuple(
            PositionReading(one.clause.id, one.position.id, one.position.rank, reading(text))
            for one, text in found
        ),
        whole=reading("\n".join(text for _, text in found)),
    )


def text_of(passage: Passage) -> str:
    """Return the sentences that a passage prints; headings and tables are no sentences."""
    tree = passage.version.tree
    numbering = number_document(tree)
    lines = (
        _body(block, tree, numbering)
        for block in walk_blocks(passage.blocks)
        if not isinstance(block, TableBlock)
    )
    return "\n".join(line for line in lines if line)


def _body(block: Block, tree: DocumentTree, numbering: Numbering) -> str:
    runs = list(block_inlines(block))
    if isinstance(block, Clause) and block.heading:
        runs = runs[1:]
    return " ".join("".join(inline_text(inline, tree, numbering) for inline in run) for run in runs)


def reading(text: str) -> Reading:
    """Return how a text reads; each line ends a sentence."""
    sentences = [
        _WORD.findall(part)
        for line in text.splitlines()
        for part in _SENTENCE_END.split(line)
        if _WORD.search(part)
    ]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return Reading(0, 0, 0, 0.0, 0.0)
    length = len(words) / len(sentences)
    sounds = sum(_syllables(word) for word in words) / len(words)
    return Reading(
        words=len(words),
        sentences=len(sentences),
        longest=max(len(sentence) for sentence in sentences),
        ease=206.835 - 1.015 * length - 84.6 * sounds,
        grade=0.39 * length + 11.8 * sounds - 15.59,
    )


def _syllables(word: str) -> int:
    """Return about how many syllables an English word has: groups of vowels, a silent e off."""
    bare = word.lower()
    count = len(_VOWELS.findall(bare))
    if bare.endswith("e") and not bare.endswith(("le", "ee")):
        count -= 1
    return max(1, count)
