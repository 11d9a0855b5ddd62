"""A file that came back, read against the one that was sent, and whose text it says it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.known_marks import (
    accept_known,
    accept_whole,
    carries_marks,
    known_marks,
)
from dealdesk.documents.docx.limited import in_worker
from dealdesk.documents.docx.reading import Reading, read_docx


@dataclass(frozen=True, slots=True)
class Returned:
    """What a returned file says, and the hashes of the passages that it was made from.

    `passages` are empty where a program dropped our own part of the file.
    """

    reading: Reading
    passages: Mapping[str, str]

    @property
    def is_foreign(self) -> bool:
        """Tell whether a program saved it that drops what our files say of themselves."""
        return not self.passages

    @property
    def is_unchanged(self) -> bool:
        """Tell whether nothing came back but what was sent."""
        reading = self.reading
        content = [one for one in reading.untracked if one.is_content]
        return not (reading.changes or reading.comments or content)


def read_returned(received: bytes, sent: bytes) -> Returned:
    """Return what a file from outside says that the sent one did not; read under limits.

    Marks that the sent file carried are taken as accepted: they are the text of the version that
    was sent. Where one is gone and its words with it, that is a difference nobody tracked. Raise
    DomainError where the gate refuses the file or it can't be read.
    """
    return in_worker(lambda: _read(received, sent))


def _read(received: bytes, sent: bytes) -> Returned:
    theirs, ours = open_docx(received), open_docx(sent)
    # A plain dict: what a worker returns is pickled.
    passages = dict(theirs.manifest().passages)
    if not carries_marks(ours):
        return Returned(_without_old_comments(read_docx(received, sent), sent), passages)
    accept_known(theirs, known_marks(ours))
    accept_whole(ours)
    settled = ours.to_bytes()
    return Returned(_without_old_comments(read_docx(theirs.to_bytes(), settled), settled), passages)


def _without_old_comments(reading: Reading, sent: bytes) -> Reading:
    old = {(one.author, one.date, one.text) for one in read_docx(sent).comments}
    new = (one for one in reading.comments if (one.author, one.date, one.text) not in old)
    return replace(reading, comments=tuple(new))
