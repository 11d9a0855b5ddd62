"""What came back different from what was sent without being marked as a change."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from dealdesk.documents.docx.changes import Change
from dealdesk.documents.docx.differences import Difference, Untracked
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
from dealdesk.documents.docx.untracked_furniture import changed_furniture
from dealdesk.documents.docx.untracked_looks import Looks, other_looks, struck_words, style_of
from dealdesk.documents.docx.untracked_pages import changed_sections
from dealdesk.documents.docx.wml import qn

_RECOMPUTED = ("TOC", "PAGE", "NUMPAGES", "PAGEREF")


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
    found += changed_sections(sent.body, returned.body)
    found += changed_furniture(sent, returned)
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
    looks = _StyleLooks(Looks(sent), Looks(returned))
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
        if old.plain:
            yield from looks.compare(old, new, last)
    known = {match.sent for match in matches}
    for at, old in enumerate(left.paragraphs):
        if at not in known and old.plain:
            yield Difference(Untracked.REMOVED, part, left.places[at], old.text, "")


@dataclass(slots=True)
class _StyleLooks:
    """Compares what styles make of the same paragraph in two files; tells each change once."""

    sent: Looks
    returned: Looks
    met: set[tuple[str, str]] = field(default_factory=set)

    def compare(self, old: BaseParagraph, new: BaseParagraph, place: Place) -> Iterator[Difference]:
        """Yield other looks of a paragraph's style, and words that were struck through by hand."""
        styles = (style_of(old), style_of(new))
        if styles not in self.met:
            self.met.add(styles)
            before, after = other_looks(self.sent.of(styles[0]), self.returned.of(styles[1]))
            if before:
                name = self.sent.name(styles[0])
                texts = (f"{name}: {before}", f"{name}: {after}")
                yield Difference(Untracked.LOOKS, "body", place, *texts)
        struck = struck_words(new)
        if struck.strip() and struck != struck_words(old):
            yield Difference(Untracked.LOOKS, "body", place, struck, f"{struck} (struck by hand)")


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
