"""Accept or reject changes of a whole file, all of them or those that are named."""

from collections.abc import Collection

from dealdesk.documents.docx.change_reading import read_changes
from dealdesk.documents.docx.changes import Change
from dealdesk.documents.docx.file import DocxFile, open_docx, story_name
from dealdesk.documents.docx.resolver import resolve
from dealdesk.kernel.errors import DomainError


class UnknownChangeError(DomainError):
    """A change was named that the file doesn't carry."""


def settle_all(data: bytes, *, accept: bool) -> bytes:
    """Return the file with all its changes accepted, or rejected."""
    file = open_docx(data)
    for _, root in file.stories():
        resolve(root, lambda _revision: accept)
    return file.to_bytes()


def settle(data: bytes, accepted: Collection[str], rejected: Collection[str]) -> bytes:
    """Return the file with the changes of those ids accepted and rejected, the rest as they are.

    Raise UnknownChangeError for an id that the file doesn't carry, or that stands on both sides.
    """
    file = open_docx(data)
    settle_file(file, read_changes(file), accepted, rejected)
    return file.to_bytes()


def settle_file(
    file: DocxFile, changes: list[Change], accepted: Collection[str], rejected: Collection[str]
) -> None:
    """Settle named changes of an open file in place."""
    by_id = {change.id: change for change in changes}
    wrong = sorted(({*accepted, *rejected} - by_id.keys()) | {*accepted} & {*rejected})
    if wrong:
        raise UnknownChangeError.of(
            "unknown-change",
            f"The file carries no change {wrong[0]}, or it was both accepted and rejected.",
            remedy="List the changes with `dealdesk docx changes`.",
        )
    for name, root in file.stories():
        part = story_name(name)
        verdicts = {
            (key): change_id in accepted
            for change_id in (*accepted, *rejected)
            if by_id[change_id].part == part
            for key in by_id[change_id].elements
        }
        if verdicts:
            resolve(root, lambda revision, known=verdicts: known.get(revision.key))  # type: ignore[misc]
