"""Changes of a passage's build: paragraphs and rows that come, go or move as a whole."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

from dealdesk.documents.tree import (
    Block,
)

Blocks: TypeAlias = tuple[Block, ...]
HEADING, BODY = 0, 1


@dataclass(frozen=True, slots=True)
class AddedParagraph:
    """A new paragraph behind a block, its style being that of our files."""

    id: str
    after: str
    words: str
    style: str
    author: str

    @property
    def block_id(self) -> str:
        """The block that it stands by."""
        return self.after


@dataclass(frozen=True, slots=True)
class MovedParagraph:
    """A block without children that stands behind another one now; `id` names both ends."""

    id: str
    block_id: str
    after: str
    words: str
    style: str
    author: str
    other_id: str


@dataclass(frozen=True, slots=True)
class AddedRow:
    """A new row of a table behind `before` rows of the base, its head left out."""

    id: str
    block_id: str
    before: int
    cells: tuple[str, ...]
    author: str


@dataclass(frozen=True, slots=True)
class RemovedRow:
    """A row of a table that goes; `run` is the number of its first cell among the table's runs."""

    id: str
    block_id: str
    run: int
    author: str


Structural: TypeAlias = AddedParagraph | MovedParagraph | AddedRow | RemovedRow


class StructureError(Exception):
    """Changes whose meaning for the passage isn't plain, and why."""

    def __init__(self, changes: Collection[str], reason: str) -> None:
        """Keep the changes' ids and the sentence for a person."""
        super().__init__(reason)
        self.changes = tuple(changes)
        self.reason = reason


def change_ids(change: Structural) -> tuple[str, ...]:
    """Return the ids of the changes of a file that a structural change is."""
    both = isinstance(change, MovedParagraph)
    return (change.id, change.other_id) if both else (change.id,)  # type: ignore[union-attr]


def new_words(change: Structural) -> str:
    """Return the words that a structural change brings."""
    match change:
        case AddedParagraph() | MovedParagraph():
            return change.words
        case AddedRow():
            return " | ".join(change.cells)
        case RemovedRow():
            return ""
