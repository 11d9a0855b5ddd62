"""Compare two versions of an agreement: which clauses came, went or changed, word by word."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from dealdesk.agreements.assembly import passages_of
from dealdesk.documents.numbering import number_document
from dealdesk.documents.text import block_lines, passage_text, run_text
from dealdesk.documents.tree import Block, Clause, DocumentTree, walk_blocks

_MOST_WORDS = 4000


class Run(StrEnum):
    """What became of some words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Words:
    """Some words that stayed, went or came."""

    run: Run
    text: str


@dataclass(frozen=True, slots=True)
class PassageChange:
    """One passage that differs: whose instance it is, and its words with what became of them."""

    instance: str
    words: tuple[Words, ...]

    @property
    def is_new(self) -> bool:
        """Tell whether the whole passage came in."""
        return all(one.run is Run.NEW for one in self.words)

    @property
    def is_gone(self) -> bool:
        """Tell whether the whole passage went."""
        return all(one.run is Run.GONE for one in self.words)


def compare_trees(old: DocumentTree, new: DocumentTree) -> Iterator[PassageChange]:
    """Yield each passage that differs, in the order of the new document, gone ones at the end.

    Numbers are no part of it: a clause that only moved up has not changed.
    """
    before, after = passages_of(old), passages_of(new)
    for instance in [*after, *(one for one in before if one not in after)]:
        was, is_ = before.get(instance, ()), after.get(instance, ())
        if passage_text(was, old) != passage_text(is_, new):
            words = compare_words(printed_passage(was, old), printed_passage(is_, new))
            yield PassageChange(instance, tuple(words))


def compare_words(old: str, new: str, around: int = 12) -> Iterator[Words]:
    """Yield two texts as one, word by word; long runs that stayed keep their ends alone."""
    before, after = old.split(), new.split()
    if max(len(before), len(after)) > _MOST_WORDS:
        yield Words(Run.GONE, old)
        yield Words(Run.NEW, new)
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield Words(Run.SAME, _shortened(before[a:b], around))
            continue
        if b > a:
            yield Words(Run.GONE, " ".join(before[a:b]))
        if d > c:
            yield Words(Run.NEW, " ".join(after[c:d]))


def _shortened(words: list[str], around: int) -> str:
    if len(words) <= 3 * around:
        return " ".join(words)
    return " ".join([*words[:around], "…", *words[-around:]])


def printed_passage(blocks: tuple[Block, ...], tree: DocumentTree) -> str:
    """Return what a passage prints, without its own numbers."""
    numbering = number_document(tree)
    lines = []
    for block in walk_blocks(blocks):
        if isinstance(block, Clause):
            lines += [run_text(run, tree, numbering) for run in (block.heading, block.body) if run]
        else:
            lines += block_lines(block, tree, numbering)
    return " ".join(lines)
