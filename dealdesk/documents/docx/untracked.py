"""What came back different from what was sent without being marked as a change."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from dealdesk.documents.docx.changes import Change
from dealdesk.documents.docx.file import DocxFile, story_name
from dealdesk.documents.docx.hidden import hidden_words
from dealdesk.documents.docx.identity import CONTENTS
from dealdesk.documents.docx.labels import Counter as LabelCounter
from dealdesk.documents.docx.labels import scheme_of
from dealdesk.documents.docx.manifest import Manifest
from dealdesk.documents.docx.mapping import (
    BaseParagraph,
    base_paragraphs,
    match_paragraphs,
    plain,
)
from dealdesk.documents.docx.places import Place, Places
from dealdesk.documents.docx.stream import story as story_of
from dealdesk.documents.docx.wml import qn

_RECOMPUTED = ("TOC", "PAGE", "NUMPAGES", "PAGEREF")
_PROPERTIES = ("title", "subject", "keywords", "category", "description")
_ROUNDING = 20  # twips; LibreOffice keeps lengths in hundredths of a millimetre


class Untracked(StrEnum):
    """Kinds of untracked difference; those of content block a signature."""

    TEXT = "text"
    ADDED = "added paragraph"
    REMOVED = "removed paragraph"
    NUMBERING = "numbering"
    FIELD = "field instruction"
    HIDDEN = "hidden text"
    SECTION = "section"
    CUSTOM_PART = "custom part"
    PROPERTY = "document property"
    VANISHED = "vanished mark"
    COSMETIC = "cosmetic"


@dataclass(frozen=True, slots=True)
class Difference:
    """One untracked difference and the place it is at on the sent text."""

    kind: Untracked
    part: str
    place: Place
    old: str
    new: str

    @property
    def where(self) -> str:
        """Return the place for people."""
        return self.place.block_id or self.place.near or self.place.heading or self.part

    @property
    def is_content(self) -> bool:
        """Say whether it is more than cosmetic."""
        return self.kind is not Untracked.COSMETIC


@dataclass(frozen=True, slots=True)
class _Side:
    """One file's story: its paragraphs before tracked changes, their places and labels."""

    paragraphs: tuple[BaseParagraph, ...]
    places: tuple[Place, ...]
    labels: tuple[str, ...]


def untracked(
    sent: DocxFile,
    returned: DocxFile,
    ours: Sequence[Change] = (),
    theirs: Sequence[Change] = (),
) -> list[Difference]:
    """Return the differences of what came back, all its changes rejected, from what was sent.

    `ours` are the changes that the sent file carried, `theirs` those of the returned one.
    """
    manifest = sent.manifest()
    found = list(_body(sent, returned, manifest))
    found += _other_stories(sent, returned)
    found += _fields(sent, returned)
    found += _hidden(sent, returned)
    found += _sections(sent.body, returned.body)
    found += _furniture(sent, returned)
    found += _bindings(sent, returned)
    found += _vanished(ours, theirs)
    return found


def _side(file: DocxFile, manifest: Manifest) -> _Side:
    story = story_of(file, file.main)
    spots = Places(manifest, file).locate("body", story)
    base = [p for p in base_paragraphs(story) if CONTENTS not in p.tags and not _is_toc(p)]
    counter = LabelCounter(scheme_of(file))
    return _Side(
        tuple(base),
        tuple(spots[p.first] for p in base),
        tuple(counter.label(_numbered(p)) for p in base),
    )


def _numbered(paragraph: BaseParagraph) -> etree._Element:
    """Return the element whose number the paragraph had: the first with words of it."""
    worded = (p for p in paragraph.parts if p.text(final=False))
    return next(worded, paragraph.parts[-1]).element


def _is_toc(paragraph: BaseParagraph) -> bool:
    return any(p.style.upper().startswith(("TOC", "CONTENTS")) for p in paragraph.parts)


def _body(sent: DocxFile, returned: DocxFile, manifest: Manifest) -> Iterator[Difference]:
    part = "body"
    left, right = _side(sent, manifest), _side(returned, manifest)
    matches = match_paragraphs(left.paragraphs, right.paragraphs)
    last = Place(part=part)
    for at, match in enumerate(matches):
        new = right.paragraphs[at]
        if match.sent is None:
            if new.plain:
                yield Difference(Untracked.ADDED, part, last, "", new.text)
            continue
        old, last = left.paragraphs[match.sent], left.places[match.sent]
        if old.plain != new.plain:
            yield Difference(Untracked.TEXT, part, last, old.text, new.text)
        elif _cosmetically(old, new):
            yield Difference(Untracked.COSMETIC, part, last, old.text, new.text)
        if old.plain and left.labels[match.sent] != right.labels[at]:
            labels = (left.labels[match.sent], right.labels[at])
            yield Difference(Untracked.NUMBERING, part, last, *labels)
    known = {match.sent for match in matches}
    for at, old in enumerate(left.paragraphs):
        if at not in known and old.plain:
            yield Difference(Untracked.REMOVED, part, left.places[at], old.text, "")


def _cosmetically(old: BaseParagraph, new: BaseParagraph) -> bool:
    """Say whether paragraphs that are equal for us differ in quotes, spaces or the like."""
    return plain(old.text) == plain(new.text) and " ".join(old.text.split()) != " ".join(
        new.text.split()
    )


def _other_stories(sent: DocxFile, returned: DocxFile) -> Iterator[Difference]:
    """Compare heads, feet and notes by kind: programs number these parts as they like."""
    left, right = _by_kind(sent), _by_kind(returned)
    for kind in sorted({*left, *right}):
        old, new = left.get(kind, []), right.get(kind, [])
        gone, came = (
            list((Counter(old) - Counter(new)).elements()),
            list((Counter(new) - Counter(old)).elements()),
        )
        for at in range(max(len(gone), len(came))):
            before = gone[at] if at < len(gone) else ""
            after = came[at] if at < len(came) else ""
            yield Difference(Untracked.TEXT, kind, Place(part=kind), before, after)


def _by_kind(file: DocxFile) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for name, _ in file.stories():
        if name == file.main:
            continue
        kind = story_name(name).rstrip("0123456789")
        lines = [p.plain for p in base_paragraphs(story_of(file, name)) if p.plain]
        if lines:
            found.setdefault(kind, set()).add("\n".join(lines))
    return {kind: sorted(lines) for kind, lines in found.items()}


def _fields(sent: DocxFile, returned: DocxFile) -> Iterator[Difference]:
    """Compare the instructions of fields, those aside that programs recompute."""
    old, new = Counter(_instructions(sent.body)), Counter(_instructions(returned.body))
    for text in sorted((old - new).elements()):
        yield Difference(Untracked.FIELD, "body", Place(), text, "")
    for text in sorted((new - old).elements()):
        yield Difference(Untracked.FIELD, "body", Place(), "", text)


def _instructions(root: etree._Element) -> Iterator[str]:
    texts: list[str] = []
    depth = 0
    for element in root.iter(
        qn("w:fldChar"), qn("w:instrText"), qn("w:delInstrText"), qn("w:fldSimple")
    ):
        if any(a.tag in {qn("w:ins"), qn("w:moveTo")} for a in element.iterancestors()):
            continue
        kind = element.get(qn("w:fldCharType"))
        if element.tag == qn("w:fldSimple"):
            yield from _counted(element.get(qn("w:instr"), ""))
        elif kind == "begin":
            depth += 1
            texts = [] if depth == 1 else texts
        elif kind is None:
            texts.append(element.text or "")
        elif kind == "end" and depth:
            depth -= 1
            if depth == 0:
                yield from _counted("".join(texts))


def _counted(instruction: str) -> Iterator[str]:
    """Yield a field's name and target; switches are written anew by each program."""
    words = instruction.split()
    if words and words[0].upper() not in _RECOMPUTED:
        yield " ".join([words[0].upper(), *(w for w in words[1:2] if not w.startswith("\\"))])


def _hidden(sent: DocxFile, returned: DocxFile) -> Iterator[Difference]:
    new = Counter(hidden_words(returned)) - Counter(hidden_words(sent))
    for text in sorted(new.elements()):
        yield Difference(Untracked.HIDDEN, "body", Place(), "", text)


def _sections(sent: etree._Element, returned: etree._Element) -> Iterator[Difference]:
    old, new = list(_pages(sent)), list(_pages(returned))
    if len(old) != len(new):
        yield Difference(
            Untracked.SECTION, "body", Place(), f"{len(old)} sections", f"{len(new)} sections"
        )
        return
    for before, after in zip(old, new, strict=True):
        if any(abs(before[k] - after[k]) > _ROUNDING for k in before):
            yield Difference(Untracked.SECTION, "body", Place(), _page(before), _page(after))


def _pages(root: etree._Element) -> Iterator[dict[str, int]]:
    for section in root.iter(qn("w:sectPr")):
        if section.getparent() is not None and section.getparent().tag == qn("w:sectPrChange"):  # type: ignore[union-attr]
            continue
        former = section.find(f"{qn('w:sectPrChange')}/{qn('w:sectPr')}")
        own = former if former is not None else section
        size = own.find(qn("w:pgSz"))
        values = {name: size.get(qn(f"w:{name}"), "") if size is not None else "" for name in "wh"}
        yield {name: int(v) if v.isdecimal() else 0 for name, v in values.items()}


def _page(size: Mapping[str, int]) -> str:
    return f"page {size['w']} × {size['h']} twips"


def _furniture(sent: DocxFile, returned: DocxFile) -> Iterator[Difference]:
    """Compare the custom part and the document's properties."""
    old, new = sent.manifest(), returned.manifest()
    if new.is_ours and old != new:
        what = "terms" if old.terms != new.terms else "manifest"
        yield Difference(
            Untracked.CUSTOM_PART, "customXml", Place(part="customXml"), what, f"other {what}"
        )
    before, after = _properties(sent), _properties(returned)
    for name in _PROPERTIES:
        if before.get(name, "") != after.get(name, ""):
            yield Difference(
                Untracked.PROPERTY,
                name,
                Place(part=name),
                before.get(name, ""),
                after.get(name, ""),
            )


def _bindings(sent: DocxFile, returned: DocxFile) -> Iterator[Difference]:
    """Yield controls that were bound to data: Word would fill them again from there, unmarked."""
    new = Counter(_bound(returned)) - Counter(_bound(sent))
    for path in sorted(new.elements()):
        yield Difference(Untracked.CUSTOM_PART, "body", Place(), "", f"a control bound to {path}")


def _bound(file: DocxFile) -> Iterator[str]:
    for _, root in file.stories():
        for binding in root.iter(qn("w:dataBinding")):
            yield binding.get(qn("w:xpath"), "data")


def _properties(file: DocxFile) -> dict[str, str]:
    if not file.has("docProps/core.xml"):
        return {}
    root = file.tree("docProps/core.xml")
    return {etree.QName(e).localname: e.text or "" for e in root if isinstance(e.tag, str)}


def _vanished(ours: Sequence[Change], theirs: Sequence[Change]) -> Iterator[Difference]:
    """Yield our marks that came back without being marks: somebody settled them unseen."""
    left = Counter(_mark(change) for change in theirs)
    for change in ours:
        key = _mark(change)
        if left[key]:
            left[key] -= 1
        else:
            yield Difference(Untracked.VANISHED, change.part, change.place, change.old, change.new)


def _mark(change: Change) -> tuple[str, str, str, str]:
    return change.kind, change.author, plain(change.old), plain(change.new)
