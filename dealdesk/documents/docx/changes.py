"""Tracked changes of a Word file as values: what, whose, when, and where on the text before."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dealdesk.documents.docx.places import Place


class Kind(StrEnum):
    """Kinds of tracked change."""

    INSERTION = "insertion"
    DELETION = "deletion"
    REPLACEMENT = "replacement"
    MOVE_FROM = "move-from"
    MOVE_TO = "move-to"
    PARAGRAPH_SPLIT = "paragraph-split"
    PARAGRAPH_MERGE = "paragraph-merge"
    ROW_INSERTION = "row-insertion"
    ROW_DELETION = "row-deletion"
    CELL_INSERTION = "cell-insertion"
    CELL_DELETION = "cell-deletion"
    CELL_MERGE = "cell-merge"
    NUMBERING = "numbering"
    FORMATTING = "formatting"
    PARAGRAPH_FORMATTING = "paragraph-formatting"
    TABLE_FORMATTING = "table-formatting"
    SECTION = "section"
    CONTROL_INSERTION = "control-insertion"
    CONTROL_DELETION = "control-deletion"


TEXT_KINDS = frozenset({Kind.INSERTION, Kind.DELETION, Kind.REPLACEMENT})


@dataclass(frozen=True, slots=True)
class Change:
    """One tracked change; `date` is as written, `at` as read (Word writes local time as UTC).

    `elements` are the keys of its revision elements in its part. `inside` is the change of
    another author that it stands in. `move` links the two ends of a move.
    """

    id: str
    kind: Kind
    author: str
    date: str
    at: datetime | None
    old: str
    new: str
    part: str
    place: Place
    elements: tuple[str, ...]
    inside: str = ""
    move: str = ""
