"""Turn one Word file into another by native tracked changes, proved before it leaves."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime

from lxml import etree

from dealdesk.documents.docx.bringing import Bringing, CompareError
from dealdesk.documents.docx.editing import Marker
from dealdesk.documents.docx.file import DocxFile, open_docx, story_name
from dealdesk.documents.docx.marking import Story
from dealdesk.documents.docx.proof import Said, said
from dealdesk.documents.docx.redline import revision_date
from dealdesk.documents.docx.resolver import accept_all, resolve
from dealdesk.documents.docx.revisions import Revision, has_marks
from dealdesk.documents.docx.tokens import Spoken
from dealdesk.documents.docx.wml import local, qn


def compare_docx(old: bytes, new: bytes, author: str, at: datetime) -> bytes:
    """Return the old file with tracked changes by an author that turn it into the new one.

    Accepting them all gives the new text, rejecting them all the old one: this is checked, and
    CompareError raised, with no file, where it doesn't hold. Tracked changes that the files carry
    are taken as accepted.
    """
    first = _settled(open_docx(old))
    return _compared(first, _settled(open_docx(new)), author, at)


def redline_docx(theirs: bytes, new: bytes, author: str, at: datetime) -> bytes:
    """Return their file with our tracked changes added that lead to the new text.

    Their own marks stay as they are and keep their authors. Accepting everything gives the new
    text; rejecting ours gives their file. CompareError is raised where this doesn't hold.
    """
    return _compared(open_docx(theirs), _settled(open_docx(new)), author, at)


def _settled(file: DocxFile) -> DocxFile:
    for _, root in file.stories():
        if has_marks(root):
            accept_all(root)
    return file


def _compared(old: DocxFile, new: DocxFile, author: str, at: datetime) -> bytes:
    date = revision_date(at)
    for part, other in _paired(old, new):
        _compare_part(old, new, (part, other), Marker.for_part(old.tree(part), author, date))
    return old.to_bytes()


def _paired(old: DocxFile, new: DocxFile) -> list[tuple[str, str]]:
    """Return the stories of both files that belong together, by name."""
    theirs = {story_name(name): name for name, _ in new.stories()}
    return [
        (name, theirs[story_name(name)]) for name, _ in old.stories() if story_name(name) in theirs
    ]


def _compare_part(old: DocxFile, new: DocxFile, parts: tuple[str, str], marker: Marker) -> None:
    part, other = parts
    read = Spoken().__getitem__
    was, wanted = said(old.tree(part), read), said(new.tree(other), read)
    if was == wanted and not _restyled(old, new, parts):
        return
    if part != other:
        new.set_part(part, new.parts[other])
    before = deepcopy(old.tree(part))
    bringing = Bringing(old, new, marker)
    bringing.prepare(part)
    bringing.numbering(part)
    for coarse in (False, True):
        root = deepcopy(before) if coarse else old.tree(part)
        story = Story(marker, coarse, read)
        for old_container, new_container in _containers(root, new.tree(part)):
            story.compare(old_container, new_container)
        story.finish()
        if is_proved(root, was, wanted, marker):
            old.replace_tree(part, root)
            bringing.bring(part)
            return
    raise CompareError.of(
        "unproved",
        f"The changes of the {story_name(part)} can't be written so that both texts come out.",
        remedy="Compare the files in Word, and send us its result.",
    )


def _restyled(old: DocxFile, new: DocxFile, parts: tuple[str, str]) -> bool:
    """Say whether paragraphs with the same words have other properties."""
    part, other = parts
    one = [_style(p) for p in old.tree(part).iter(qn("w:p"))]
    return one != [_style(p) for p in new.tree(other).iter(qn("w:p"))]


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return style.get(qn("w:val"), "") if style is not None else ""


def _containers(
    old: etree._Element, new: etree._Element
) -> list[tuple[etree._Element, etree._Element]]:
    """Return what is compared with what: bodies, or notes by their number."""
    body, other = old.find(qn("w:body")), new.find(qn("w:body"))
    if body is not None and other is not None:
        return [(body, other)]
    notes = {n.get(qn("w:id")): n for n in new if local(n) in {"footnote", "endnote"}}
    if local(old) in {"footnotes", "endnotes"}:
        return [(n, notes[i]) for n in old if (i := n.get(qn("w:id"))) in notes]
    return [(old, new)]


def is_proved(
    marked: etree._Element, was: Sequence[Said], wanted: Sequence[Said], marker: Marker
) -> bool:
    """Say whether accepting all marks gives the wanted story and rejecting ours the one before."""

    def ours(revision: Revision) -> bool | None:
        mine = (revision.author, revision.date) == (marker.author, marker.date)
        return False if mine and int(_number(revision)) >= marker.first else None

    accepted, rejected = deepcopy(marked), deepcopy(marked)
    accept_all(accepted)
    resolve(rejected, ours)
    return said(accepted) == wanted and said(rejected) == was


def _number(revision: Revision) -> str:
    number = revision.element.get(qn("w:id"), "")
    return number if number.isdecimal() else "-1"
