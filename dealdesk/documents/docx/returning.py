"""A file that came back, read against the one that was sent, and whose text it says it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from dealdesk.documents.docx.file import open_docx
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
    """Return what a file from outside says; it is read under limits of memory and time.

    Raise DomainError where the gate refuses it or it can't be read.
    """
    return in_worker(lambda: _read(received, sent))


def _read(received: bytes, sent: bytes) -> Returned:
    # A plain dict: what a worker returns is pickled.
    return Returned(read_docx(received, sent), dict(open_docx(received).manifest().passages))
