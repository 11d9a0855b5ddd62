"""One untracked difference of a returned file: its kind, its place, and what it was and became."""

from dataclasses import dataclass
from enum import StrEnum

from dealdesk.documents.docx.places import Place


class Untracked(StrEnum):
    """Kinds of untracked difference; those of content block a signature."""

    TEXT = "text"
    ADDED = "added paragraph"
    REMOVED = "removed paragraph"
    NUMBERING = "numbering"
    FIELD = "field instruction"
    HIDDEN = "hidden text"
    LOOKS = "looks"
    SECTION = "section"
    CUSTOM_PART = "custom part"
    PROPERTY = "document property"
    VANISHED = "vanished mark"
    COSMETIC = "cosmetic"


@dataclass(frozen=True, slots=True)
class Difference:
    """One untracked difference and the place it is at on the sent text."""

    kind: Untracked
    part: str
    place: Place
    old: str
    new: str

    @property
    def where(self) -> str:
        """Return the place for people."""
        return self.place.block_id or self.place.near or self.place.heading or self.part

    @property
    def is_content(self) -> bool:
        """Say whether it is more than cosmetic."""
        return self.kind is not Untracked.COSMETIC
