"""Marks that a file carried when it was sent, in what came back: taken as settled, not as new.

Programs number marks anew when they save (redlines.md, 3.4), and keep author and date; who takes
personal information out of a file loses both, and leaves the words.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from dealdesk.documents.docx.file import DocxFile
from dealdesk.documents.docx.resolver import accept_all, resolve
from dealdesk.documents.docx.revisions import Revision, has_marks, revisions
from dealdesk.documents.docx.wml import qn

_TEXTS = (qn("w:t"), qn("w:delText"))


@dataclass(slots=True)
class KnownMarks:
    """The marks of a sent file, by who made them when, and by what they say."""

    stamps: set[tuple[str, str]] = field(default_factory=set)
    words: Counter[tuple[str, str]] = field(default_factory=Counter)

    def has(self, revision: Revision) -> bool:
        """Tell whether a mark stood in the sent file already."""
        if revision.date:
            return (revision.author, revision.date) in self.stamps
        said = (revision.name, words_of(revision.element))
        if self.words[said] < 1:
            return False
        self.words[said] -= 1
        return True


def known_marks(sent: DocxFile) -> KnownMarks:
    """Return the marks that a sent file carries."""
    found = KnownMarks()
    for revision in _all_revisions(sent):
        if revision.date:
            found.stamps.add((revision.author, revision.date))
        found.words[revision.name, words_of(revision.element)] += 1
    return found


def accept_known(file: DocxFile, known: KnownMarks) -> None:
    """Take the known marks of an open file as accepted; the others stay as they are."""
    for _, root in file.stories():
        keys = {one.key for one in revisions(root) if known.has(one)}
        if keys:
            resolve(root, lambda revision, own=keys: True if revision.key in own else None)  # type: ignore[misc]


def accept_whole(file: DocxFile) -> None:
    """Take all marks of an open file as accepted."""
    for _, root in file.stories():
        if has_marks(root):
            accept_all(root)


def carries_marks(file: DocxFile) -> bool:
    """Tell whether a file carries any mark."""
    return any(has_marks(root) for _, root in file.stories())


def words_of(element: etree._Element) -> str:
    """Return the words in a mark."""
    return "".join(text.text or "" for text in element.iter(*_TEXTS))


def _all_revisions(file: DocxFile) -> Iterator[Revision]:
    for _, root in file.stories():
        yield from revisions(root)
