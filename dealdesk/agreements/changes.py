"""Accepted changes of words, and changes that are left for a person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AcceptedChange:
    """A change that was accepted, on the words of one run of the base.

    `run` counts the runs of the block (heading, body; a table's cells in reading order). Offsets
    count characters of the run's words; `old` is what stands between them, `new` replaces it. A
    line break at the end of `old` is the paragraph's mark, which goes; one in `new` is a new mark.
    """

    id: str
    block_id: str
    run: int
    start: int
    end: int
    old: str
    new: str
    author: str

    @property
    def words(self) -> str:
        """The old words without the paragraph's mark."""
        return self.old.removesuffix("\n")

    @property
    def ends_paragraph(self) -> bool:
        """Say whether the paragraph's mark goes."""
        return self.old.endswith("\n")


@dataclass(frozen=True, slots=True)
class Undecided:
    """Changes that a person has to place, and why."""

    changes: tuple[str, ...]
    reason: str
