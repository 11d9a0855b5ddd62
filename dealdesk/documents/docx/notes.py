"""Footnotes and endnotes of two files: which is which, and what each will say.

A note is known by its number inside one file only, and programs number them anew on each save. So
the new file's notes take the numbers of the old file's notes that they are, or free ones.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree
from rapidfuzz.distance import Indel

from dealdesk.documents.docx.editing import Marker
from dealdesk.documents.docx.file import DocxFile, serialised
from dealdesk.documents.docx.package_parts import add_part
from dealdesk.documents.docx.resolver import accept_all
from dealdesk.documents.docx.tokens import spoken
from dealdesk.documents.docx.wml import el, local, qn

_ALIKE = 0.4
_ID, _TYPE = qn("w:id"), qn("w:type")


@dataclass(slots=True)
class Notes:
    """The notes of one kind ("footnote" or "endnote") of an old and a new file."""

    old: DocxFile
    new: DocxFile
    kind: str
    before: set[str] = field(default_factory=set)  # numbers that the old body's final text shows

    @property
    def part(self) -> str:
        """The part that holds them."""
        return f"word/{self.kind}s.xml"

    def renumber(self) -> None:
        """Give the new file's notes the old file's numbers."""
        ours, theirs = self._shown(self.old), self._shown(self.new)
        self.before = set(ours)
        numbers = self._numbers(ours, theirs)
        if not theirs:
            return
        for note in self.new.tree(self.part):
            if not note.get(_TYPE) and note.get(_ID) in numbers:
                note.set(_ID, numbers[note.get(_ID, "")])
        for reference in self.new.body.iter(qn(f"w:{self.kind}Reference")):
            number = reference.get(_ID, "")
            reference.set(_ID, numbers.get(number, number))

    def _numbers(self, ours: Sequence[str], theirs: Sequence[str]) -> dict[str, str]:
        """Return the old number for each new one: notes that say the same, or are alike."""
        texts = [_text(self.old, self.part, n) for n in ours]
        wanted = [_text(self.new, self.part, n) for n in theirs]
        numbers: dict[str, str] = {}
        for op in Indel.opcodes(texts, wanted):
            one, other = ours[op.src_start : op.src_end], theirs[op.dest_start : op.dest_end]
            if op.tag == "equal":
                numbers |= dict(zip(other, one, strict=True))
        free_old = [n for n in ours if n not in numbers.values()]
        for number in [n for n in theirs if n not in numbers]:
            text = wanted[theirs.index(number)]
            likely = next((n for n in free_old if _alike(texts[ours.index(n)], text)), None)
            if likely is not None:
                free_old.remove(likely)
                numbers[number] = likely
        used = [int(n) for n in _numbers_of(self.old, self.part) if n.isdecimal()]
        free = max([0, *used]) + 1
        for number in theirs:
            if number not in numbers:
                numbers[number] = str(free)
                free += 1
        return numbers

    def _shown(self, file: DocxFile) -> list[str]:
        """Return the numbers of the notes that a body's final text refers to, each once."""
        if not file.has(self.part):
            return []
        known = _numbers_of(file, self.part)
        shown = (r.get(_ID, "") for r in references(file.body, self.kind))
        return [n for n in dict.fromkeys(shown) if n in known]

    def part_twins(self, marker: Marker) -> None:
        """Give a note of its own to each of our new references whose note is also elsewhere.

        This happens where words move; the marker is the one of the body.
        """
        seen: set[str] = set()
        own: list[etree._Element] = []
        for reference in self.old.body.iter(qn(f"w:{self.kind}Reference")):
            if _is_ours(reference, marker):
                own.append(reference)
            else:
                seen.add(reference.get(_ID, ""))
        for reference in own:
            number = reference.get(_ID, "")
            if number in seen:
                number = self._twin(number)
                reference.set(_ID, number)
            seen.add(number)

    def _twin(self, number: str) -> str:
        note = next(n for n in self.new.tree(self.part) if n.get(_ID) == number)
        known = _numbers_of(self.old, self.part) | _numbers_of(self.new, self.part)
        fresh = str(max(int(n) for n in known if n.lstrip("-").isdecimal()) + 1)
        copy = deepcopy(note)
        copy.set(_ID, fresh)
        self.new.tree(self.part).append(copy)
        return fresh

    def target(self) -> etree._Element | None:
        """Return what the old file's notes have to come to; None where neither file has any.

        Notes that only the new file has are put into the old one, without words.
        """
        shown = [r.get(_ID, "") for r in references(self.old.body, self.kind)]
        if self.new.has(self.part):
            self._make_room([n for n in dict.fromkeys(shown) if n])
        if not self.old.has(self.part):
            return None
        wanted = {n.get(_ID, ""): n for n in self.new.tree(self.part)} if self._has_new else {}
        root = etree.Element(str(self.old.tree(self.part).tag))
        for note in self.old.tree(self.part):
            number = note.get(_ID, "")
            if not note.get(_TYPE) and number in shown and number in wanted:
                root.append(deepcopy(wanted[number]))
            elif number in self.before and number not in shown:
                root.append(emptied(note))
            else:
                root.append(deepcopy(note))
        accept_all(root)
        return root

    @property
    def _has_new(self) -> bool:
        return self.new.has(self.part)

    def _make_room(self, shown: Sequence[str]) -> None:
        theirs = {n.get(_ID, ""): n for n in self.new.tree(self.part)}
        known = _numbers_of(self.old, self.part) if self.old.has(self.part) else set()
        missing = [theirs[n] for n in shown if n in theirs and n not in known]
        if not missing:
            return
        if not self.old.has(self.part):
            source = self.new.tree(self.part)
            root = el(f"w:{self.kind}s", None, *(deepcopy(n) for n in source if n.get(_TYPE)))
            add_part(self.old, self.part, f"{self.kind}s", serialised(root))
        for note in missing:
            self.old.tree(self.part).append(emptied(note))


def references(body: etree._Element, kind: str) -> Iterator[etree._Element]:
    """Yield the references to notes that stand in the text after all changes."""
    for reference in body.iter(qn(f"w:{kind}Reference")):
        if not any(local(a) in {"del", "moveFrom"} for a in reference.iterancestors()):
            yield reference


def emptied(note: etree._Element) -> etree._Element:
    """Return a note of the same number without words."""
    style = note.find(f"{qn('w:p')}/{qn('w:pPr')}/{qn('w:pStyle')}")
    paragraph = el("w:p")
    if style is not None:
        paragraph.append(el("w:pPr", None, deepcopy(style)))
    empty = etree.Element(str(note.tag), {str(k): str(v) for k, v in note.attrib.items()})
    empty.append(paragraph)
    return empty


def shown_texts(body: etree._Element, notes: etree._Element | None, kind: str) -> list[str]:
    """Return what the notes say that a text refers to, in the text's order."""
    by_number = {n.get(_ID, ""): n for n in notes} if notes is not None else {}
    numbers = (r.get(_ID, "") for r in body.iter(qn(f"w:{kind}Reference")))
    return [_words(by_number[n]) if n in by_number else "" for n in numbers]


def _text(file: DocxFile, part: str, number: str) -> str:
    note = next(n for n in file.tree(part) if n.get(_ID) == number)
    settled = deepcopy(note)
    accept_all(settled)
    return _words(settled)


def _words(note: etree._Element) -> str:
    own = f"<{local(note)}Ref "  # its number at its start says nothing
    return "\n".join(
        "".join(text for _, text, _ in spoken(p) if not text.startswith(own))
        for p in note.iter(qn("w:p"))
    )


def _numbers_of(file: DocxFile, part: str) -> set[str]:
    return {n.get(_ID, "") for n in file.tree(part)} if file.has(part) else set()


def _alike(one: str, other: str) -> bool:
    return float(Indel.normalized_similarity(one.split(), other.split())) >= _ALIKE


def _is_ours(reference: etree._Element, marker: Marker) -> bool:
    marks = (a for a in reference.iterancestors() if local(a) in {"ins", "moveTo"})
    return any(marker.made(mark) for mark in marks)
