"""All that a returned file says, in one value: changes, comments, untracked differences, links."""

from dataclasses import dataclass

from dealdesk.documents.docx.change_reading import read_changes
from dealdesk.documents.docx.changes import Change
from dealdesk.documents.docx.comments import Comment, read_comments
from dealdesk.documents.docx.differences import Difference
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.gate import ExternalLink
from dealdesk.documents.docx.untracked import untracked


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says; `compared` tells whether it was held against the file that was sent."""

    changes: tuple[Change, ...]
    comments: tuple[Comment, ...]
    untracked: tuple[Difference, ...]
    links: tuple[ExternalLink, ...]
    compared: bool


def read_docx(data: bytes, sent: bytes | None = None) -> Reading:
    """Return what a Word file says; with the file that was sent, also its untracked differences."""
    file = open_docx(data)
    original = open_docx(sent) if sent is not None else None
    changes = read_changes(file, original)
    differences: list[Difference] = []
    if original is not None:
        differences = untracked(original, file, read_changes(original), changes)
    return Reading(
        tuple(changes),
        tuple(read_comments(file, original.manifest() if original else None)),
        tuple(differences),
        file.links,
        compared=original is not None,
    )
