"""The file that answers theirs: their file, their marks as they are, and ours to the new text."""

from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

from dealdesk.documents.docx.bringing import CompareError
from dealdesk.documents.docx.change_reading import read_changes
from dealdesk.documents.docx.compare import redline_docx
from dealdesk.documents.docx.differences import Untracked
from dealdesk.documents.docx.file import DocxFile, open_docx
from dealdesk.documents.docx.known_marks import (
    KnownMarks,
    accept_known,
    accept_whole,
    known_marks,
    words_of,
)
from dealdesk.documents.docx.renaming import name_as
from dealdesk.documents.docx.resolver import resolve
from dealdesk.documents.docx.restoring import put_back, word_as_tracked
from dealdesk.documents.docx.revisions import revisions
from dealdesk.documents.docx.settle import settle_file
from dealdesk.documents.docx.untracked import untracked
from dealdesk.documents.docx.wording import word_as
from dealdesk.kernel.errors import DomainError

_OF_WORDS = frozenset({"ins", "del", "moveFrom", "moveTo"})
_WORDS = frozenset({Untracked.TEXT, Untracked.ADDED, Untracked.REMOVED, Untracked.NUMBERING})
_RESTORER = "DealDesk restores what was sent"


class AnswerError(DomainError):
    """A file that can't be answered by marks in it."""


@dataclass(frozen=True, slots=True)
class Answering:
    """What an answer is made from: what came, what was sent, and where it leads.

    `new` is our own file of the new text, `marked` one of the sent text with all their tracked
    changes taken in. `taken` and `refused` are the changes by id. `furniture` says which words in
    heads and feet become which, such as the fingerprint of the text.
    """

    received: bytes
    sent: bytes
    marked: bytes
    new: bytes
    taken: Collection[str]
    refused: Collection[str]
    furniture: Mapping[str, str]


def answer_docx(given: Answering, author: str, at: datetime) -> bytes:
    """Return their file with our marks that lead to the new text, in the looks that it has.

    Words that they changed without a mark are put back as they were sent, and changed by a mark of
    ours where the new text has them. Their marks stay and keep their authors. Accepting everything
    gives the new text, rejecting what is new since the sent file gives its text; AnswerError is
    raised, with no file, where it doesn't. The answer names its blocks as the new file does.
    """
    known = known_marks(open_docx(given.sent))
    theirs = given.received
    if not _says_what_was_sent(theirs, given.sent, known):
        theirs = _restored(given, known, at)
    answer = _marked(theirs, _targets(given, known), author, at)
    if not _says_what_was_sent(answer, given.sent, known):
        raise _unproved("Rejecting every change in our answer would not give what was sent.")
    final = open_docx(answer)
    accept_whole(final)
    if not _same_words(open_docx(given.new), final):
        raise _unproved("Accepting every change in our answer would not give our text.")
    if not _marks_stay(open_docx(given.received), open_docx(answer), author):
        raise _unproved("Not all of their own marks would stay in our answer.")
    named = open_docx(answer)
    name_as(named, open_docx(given.new))
    return named.to_bytes()


def _marked(theirs: bytes, targets: list[bytes], author: str, at: datetime) -> bytes:
    """Return their file with marks of an author that lead to the first target that they can."""
    for target in targets[:-1]:
        try:
            return redline_docx(theirs, target, author, at)
        except CompareError:
            continue
    return redline_docx(theirs, targets[-1], author, at)


def _targets(given: Answering, known: KnownMarks) -> list[bytes]:
    """Return the new text in the looks of their file, where that can be made, then in ours."""
    file = _without_known(given.received, known)
    taken, refused = (
        {key.partition("#")[0] for key in keys} for keys in (given.taken, given.refused)
    )
    if taken & refused:
        return [given.new]
    settle_file(file, read_changes(file), taken, refused)
    accept_whole(file)
    return _worded(file.to_bytes(), given.new, given.furniture)


def _worded(theirs: bytes, ours: bytes, furniture: Mapping[str, str]) -> list[bytes]:
    file = open_docx(theirs)
    is_worded = word_as(file, open_docx(ours), furniture)
    return [file.to_bytes(), ours] if is_worded else [ours]


def _without_known(data: bytes, known: KnownMarks) -> DocxFile:
    """Return a file with the marks that were sent taken as accepted, numbered as it was read."""
    file = open_docx(data)
    accept_known(file, deepcopy(known))
    return open_docx(file.to_bytes())


def _restored(given: Answering, known: KnownMarks, at: datetime) -> bytes:
    """Return their file with the words that changed unmarked put back, their marks left alone."""
    restored = given.received
    for target in _sent_with_marks(given, known):
        try:
            marked = redline_docx(given.received, target, _RESTORER, at)
        except CompareError:
            continue
        file = open_docx(marked)
        for _, root in file.stories():
            resolve(root, lambda revision: True if revision.author == _RESTORER else None)
        restored = file.to_bytes()
        if _says_what_was_sent(restored, given.sent, known):
            break
    return restored


def _sent_with_marks(given: Answering, known: KnownMarks) -> Iterator[bytes]:
    """Yield files that say what was sent with their tracked changes, the closest to theirs first.

    One made from ours follows where paragraphs came or went without a mark.
    """
    sent, theirs = open_docx(given.sent), _without_known(given.received, known)
    accept_whole(sent)
    put_back(theirs, sent)
    yield theirs.to_bytes()
    final, ours = open_docx(given.received), open_docx(given.marked)
    accept_whole(final)
    word_as_tracked(ours, sent, _without_known(given.received, known))
    yield from _worded(final.to_bytes(), ours.to_bytes(), {})


def _says_what_was_sent(data: bytes, sent: bytes, known: KnownMarks) -> bool:
    """Tell whether a file says what was sent once every mark that is new since is rejected."""
    file, base = _without_known(data, known), open_docx(sent)
    for _, root in file.stories():
        resolve(root, lambda _revision: False)
    accept_whole(base)
    return _same_words(base, file)


def _same_words(one: DocxFile, other: DocxFile) -> bool:
    one, other = open_docx(one.to_bytes()), open_docx(other.to_bytes())
    return not any(found.kind in _WORDS for found in untracked(one, other))


def _marks_stay(before: DocxFile, after: DocxFile, ours: str) -> bool:
    return _marked_words(before, ours) == _marked_words(after, ours)


def _marked_words(file: DocxFile, ours: str) -> Mapping[tuple[str, str, str], str]:
    """Return the words that others put in or took out, by author, date and what they did."""
    found: dict[tuple[str, str, str], str] = {}
    for revision in revisions(file.body):
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
