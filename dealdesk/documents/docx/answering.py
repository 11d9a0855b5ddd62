"""The file that answers theirs: their file, their marks as they are, and ours to the new text."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime

from dealdesk.documents.docx.compare import redline_docx
from dealdesk.documents.docx.file import DocxFile, open_docx
from dealdesk.documents.docx.known_marks import (
    KnownMarks,
    accept_known,
    known_marks,
    words_of,
)
from dealdesk.documents.docx.reader import View, docx_canonical_text
from dealdesk.documents.docx.renaming import name_as
from dealdesk.documents.docx.resolver import resolve
from dealdesk.documents.docx.revisions import revisions
from dealdesk.kernel.errors import DomainError

_OF_WORDS = frozenset({"ins", "del", "moveFrom", "moveTo"})
_RESTORER = "DealDesk restores what was sent"


class AnswerError(DomainError):
    """A file that can't be answered by marks in it."""


def answer_docx(  # noqa: PLR0913 - what came, what was sent, where it leads, by whom, when
    received: bytes, sent: bytes, marked: bytes, new: bytes, *, author: str, at: datetime
) -> bytes:
    """Return their file with our marks that lead to the new one.

    `marked` is our own file with all their tracked changes taken in: words that they changed
    without a mark are put back as they were sent, and changed by a mark of ours where the new text
    has them. Their marks stay and keep their authors. Accepting everything gives the new text,
    rejecting what is new since the sent file gives its text; AnswerError is raised, with no file,
    where it doesn't. The answer names its blocks as the new file does.
    """
    agreed = docx_canonical_text(sent)
    known = known_marks(open_docx(sent))
    theirs = received
    if _base_text(received, known) != agreed:
        theirs = _restored(received, marked, at)
    answer = redline_docx(theirs, new, author, at)
    if _base_text(answer, known) != agreed:
        raise _unproved("Rejecting every change in our answer would not give what was sent.")
    if docx_canonical_text(answer) != docx_canonical_text(new):
        raise _unproved("Accepting every change in our answer would not give our text.")
    if not _marks_stay(open_docx(received), open_docx(answer), author):
        raise _unproved("Not all of their own marks would stay in our answer.")
    named = open_docx(answer)
    name_as(named, open_docx(new))
    return named.to_bytes()


def _base_text(data: bytes, known: KnownMarks) -> str:
    """Return the text without the marks that are new since the file was sent."""
    file = open_docx(data)
    accept_known(file, deepcopy(known))
    return docx_canonical_text(file.to_bytes(), View.BASE)


def _restored(received: bytes, marked: bytes, at: datetime) -> bytes:
    """Return their file with the words that changed unmarked put back, their marks left alone."""
    file = open_docx(redline_docx(received, marked, _RESTORER, at))
    for _, root in file.stories():
        resolve(root, lambda revision: True if revision.author == _RESTORER else None)
    return file.to_bytes()


def _marks_stay(before: DocxFile, after: DocxFile, ours: str) -> bool:
    return _marked_words(before, ours) == _marked_words(after, ours)


def _marked_words(file: DocxFile, ours: str) -> Mapping[tuple[str, str, str], str]:
    """Return the words that others put in or took out, by author, date and what they did."""
    found: dict[tuple[str, str, str], str] = {}
    root = deepcopy(file.body)
    for revision in revisions(root):
        if revision.author in {ours, _RESTORER} or revision.name not in _OF_WORDS:
            continue
        key = (revision.author, revision.date, revision.name)
        found[key] = found.get(key, "") + words_of(revision.element)
    return {key: words for key, words in found.items() if words}


def _unproved(sentence: str) -> AnswerError:
    return AnswerError.of(
        "answer-unproved",
        sentence,
        remedy="Set the round aside, and ask for their changes as tracked changes in our file.",
    )
