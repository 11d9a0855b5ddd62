"""Changes of a returned file as they are decided on, tracked or not, and what was decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from dealdesk.documents.docx.changes import Change, Kind
from dealdesk.documents.docx.places import Place


class Verdict(StrEnum):
    """What we say to a change."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    COUNTERED = "countered"


@dataclass(frozen=True, slots=True)
class Item:
    """One change of a returned file, or one difference in it that nobody tracked.

    `key` names it in its round. `kind` is a word of `Kind`, or of `Untracked` where it was not
    tracked. `is_open_to_us` says whether somebody has to decide on it: looks that a program wrote,
    contents and the second end of a move are not decided on.
    """

    key: str
    kind: str
    is_tracked: bool
    is_open_to_us: bool
    place: Place
    old: str
    new: str
    author: str = ""
    date: str = ""
    at: datetime | None = None
    inside: str = ""
    move: str = ""

    @property
    def instance(self) -> str:
        """The clause that it stands in, "" where that isn't known."""
        return self.place.instance

    @property
    def change(self) -> Change:
        """The tracked change that it is."""
        return Change(
            id=self.key,
            kind=Kind(self.kind),
            author=self.author,
            date=self.date,
            at=self.at,
            old=self.old,
            new=self.new,
            part=self.place.part,
            place=self.place,
            elements=(),
            inside=self.inside,
            move=self.move,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided on a change; `words` are ours where it was countered.

    `block_id` and `run` name the words of the sent text that they stand in place of, where a person
    placed them; else they stand in the change's own place.
    """

    verdict: Verdict
    words: str = ""
    author: str = ""
    block_id: str = ""
    run: int = -1

    @property
    def is_placed(self) -> bool:
        """Tell whether a person said where the words go."""
        return bool(self.block_id)


Answers: TypeAlias = Mapping[str, Answer]
