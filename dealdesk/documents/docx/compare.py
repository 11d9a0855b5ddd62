"""Turn one Word file into another by native tracked changes, proved before it leaves."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime

from lxml import etree

from dealdesk.documents.docx.bringing import Bringing, CompareError
from dealdesk.documents.docx.editing import Marker
from dealdesk.documents.docx.file import DocxFile, open_docx, story_name
from dealdesk.documents.docx.heads import has_words, paired_heads
from dealdesk.documents.docx.marking import Story
from dealdesk.documents.docx.notes import Notes, shown_texts
from dealdesk.documents.docx.proof import Said, said
from dealdesk.documents.docx.redline import revision_date
from dealdesk.documents.docx.remarks import bring_remarks, remarks_of
from dealdesk.documents.docx.resolver import accept_all, resolve
from dealdesk.documents.docx.revisions import has_marks
from dealdesk.documents.docx.section_changes import mark_sections
from dealdesk.documents.docx.streaming import significant
from dealdesk.documents.docx.tokens import Spoken
from dealdesk.documents.docx.wml import el, local, qn


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
    notes = [Notes(old, new, kind) for kind in ("footnote", "endnote")]
    for one in notes:
        one.renumber()
    wanted = {one.kind: shown_texts(new.body, _tree(new, one.part), one.kind) for one in notes}
    was = {one.kind: shown_texts(old.body, _tree(old, one.part), one.kind) for one in notes}
    remarks = remarks_of(new)
    _drop_comment_anchors(new)
    marker = Marker.for_part(old.body, author, date)
    _compare_part(old, new, (old.main, new.main), new.body, marker)
    if not mark_sections(old.body, new.body, marker):
        raise _unproved("page setup")
    for part, other in paired_heads(old, new):
        if other is None and not has_words(old.tree(part)):
            continue
        target = new.tree(other) if other else _emptied(old.tree(part))
        own = Marker.for_part(old.tree(part), author, date)
        _compare_part(old, new, (part, other or part), target, own)
    for one in notes:
        one.part_twins(marker)
        target_notes = one.target()
        if target_notes is not None:
            own = Marker.for_part(old.tree(one.part), author, date)
            _compare_part(old, new, (one.part, one.part), target_notes, own)
            _prove_notes(old, one, (was[one.kind], wanted[one.kind]), (marker, own))
    bring_remarks(old, remarks)
    return old.to_bytes()


def _tree(file: DocxFile, part: str) -> etree._Element | None:
    return file.tree(part) if file.has(part) else None


def _drop_comment_anchors(file: DocxFile) -> None:
    """Take the new file's comments from its text: texts are compared, comments brought after."""
    for _, root in file.stories():
        for anchor in list(
            root.iter(qn("w:commentRangeStart"), qn("w:commentRangeEnd"), qn("w:commentReference"))
        ):
            holder = anchor.getparent()
            if holder is not None:
                holder.remove(anchor)


def _emptied(root: etree._Element) -> etree._Element:
    empty = etree.Element(str(root.tag))
    empty.append(el("w:p"))
    return empty


def _compare_part(
    old: DocxFile,
    new: DocxFile,
    parts: tuple[str, str],
    target: etree._Element,
    marker: Marker,
) -> None:
    """Mark in a part of the old file what turns it into a target, a story of the new one."""
    part, other = parts
    read = Spoken().__getitem__
    was, wanted = said(old.tree(part), read), said(target, read)
    if was == wanted and not _restyled(old.tree(part), target):
        return
    before = deepcopy(old.tree(part))
    bringing = Bringing(old, new, marker, other)
    bringing.prepare(part, target)
    for coarse in (False, True):
        root = deepcopy(before) if coarse else old.tree(part)
        story = Story(marker, coarse, read)
        for old_container, new_container in _containers(root, target):
            story.compare(old_container, new_container)
        story.finish()
        if is_proved(root, was, wanted, marker):
            old.replace_tree(part, root)
            bringing.bring(part)
            return
    raise _unproved(story_name(part))


def _unproved(what: str) -> CompareError:
    return CompareError.of(
        "unproved",
        f"The changes of the {what} can't be written so that both texts come out.",
        remedy="Compare the files in Word, and send us its result.",
    )


def _restyled(old: etree._Element, new: etree._Element) -> bool:
    """Say whether paragraphs with the same words have other properties."""

    def properties(root: etree._Element) -> list[list[bytes]]:
        return [significant(p.find(qn("w:pPr"))) for p in root.iter(qn("w:p"))]

    return properties(old) != properties(new)


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
    accepted, rejected = _both(marked, marker)
    return said(accepted) == wanted and said(rejected) == was


def _both(marked: etree._Element, marker: Marker) -> tuple[etree._Element, etree._Element]:
    """Return a story with all marks accepted, and with ours rejected."""
    accepted, rejected = deepcopy(marked), deepcopy(marked)
    accept_all(accepted)
    resolve(rejected, lambda revision: False if marker.made(revision.element) else None)
    return accepted, rejected


def _prove_notes(
    old: DocxFile, notes: Notes, texts: tuple[list[str], list[str]], markers: tuple[Marker, Marker]
) -> None:
    """Raise CompareError unless each reference leads to the words that it has to lead to."""
    bodies = _both(old.body, markers[0])
    parts = _both(old.tree(notes.part), markers[1])
    after = shown_texts(bodies[0], parts[0], notes.kind)
    before = shown_texts(bodies[1], parts[1], notes.kind)
    if (before, after) != texts:
        raise _unproved(f"{notes.kind}s")
