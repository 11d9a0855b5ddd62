"""Comments of a Word file: whose, on which words, what they answer, whether they are settled."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from dealdesk.documents.docx.file import DocxFile, story_name
from dealdesk.documents.docx.manifest import Manifest
from dealdesk.documents.docx.places import Place, Places
from dealdesk.documents.docx.stream import ParagraphPieces, paragraphs
from dealdesk.documents.docx.wml import local, qn

COMMENTS = "word/comments.xml"
EXTENDED = "word/commentsExtended.xml"
_W14_ID = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment; `places` are the runs that it is anchored to, none when its anchor is gone.

    `answers` is the id of the comment that it replies to. `quoted` are the words it stands on.
    """

    id: str
    author: str
    date: str
    text: str
    answers: str
    resolved: bool
    quoted: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Thread:
    parent: str
    done: bool


def read_comments(file: DocxFile, manifest: Manifest | None = None) -> list[Comment]:
    """Return the comments in the order of the file's list."""
    if not file.has(COMMENTS):
        return []
    own = manifest or file.manifest()
    anchors = dict(_anchors(file, own))
    root = file.tree(COMMENTS)
    threads = _threads(file)
    by_para = {p.get(_W14_ID, ""): c for c in root for p in c.iter(qn("w:p"))}
    return [_comment(c, threads, by_para, anchors) for c in root.iter(qn("w:comment"))]


def _comment(
    element: etree._Element,
    threads: Mapping[str, _Thread],
    by_para: Mapping[str, etree._Element],
    anchors: Mapping[str, tuple[str, tuple[Place, ...]]],
) -> Comment:
    number = element.get(qn("w:id"), "")
    ids = [p.get(_W14_ID, "") for p in element.iter(qn("w:p"))]
    thread = next((threads[i] for i in ids if i in threads), _Thread("", done=False))
    parent = by_para.get(thread.parent) if thread.parent else None
    quoted, places = anchors.get(number, ("", ()))
    return Comment(
        id=number,
        author=element.get(qn("w:author"), ""),
        date=element.get(qn("w:date"), ""),
        text="\n".join(p.text(final=True) for p in paragraphs(element)),
        answers=parent.get(qn("w:id"), "") if parent is not None else "",
        resolved=thread.done,
        quoted=quoted,
        places=places,
    )


def _threads(file: DocxFile) -> dict[str, _Thread]:
    if not file.has(EXTENDED):
        return {}
    return {
        e.get(f"{_W15}paraId", ""): _Thread(
            e.get(f"{_W15}paraIdParent", ""), done=e.get(f"{_W15}done") in {"1", "true"}
        )
        for e in file.tree(EXTENDED).iter(f"{_W15}commentEx")
    }


def _anchors(
    file: DocxFile, manifest: Manifest
) -> Iterator[tuple[str, tuple[str, tuple[Place, ...]]]]:
    """Yield, by comment id, the words and places between a comment's anchors."""
    for name, root in file.stories():
        if next(root.iter(qn("w:commentRangeStart"), qn("w:commentReference")), None) is None:
            continue
        story = paragraphs(root)
        spots = Places(manifest, file).locate(story_name(name), story)
        for number, parts in comment_ranges(root, story).items():
            where = {p.element: spot for p, spot in zip(story, spots, strict=True)}
            places = tuple(dict.fromkeys(where[p] for p, _ in parts if p in where))
            yield number, ("".join(words for _, words in parts), places)


def comment_ranges(
    root: etree._Element, story: Sequence[ParagraphPieces]
) -> dict[str, list[tuple[etree._Element, str]]]:
    """Return, by comment id, the paragraphs it touches and its words in each."""
    shown = {piece.node: piece.text for p in story for piece in p.pieces if piece.in_final}
    known = {p.element for p in story}
    open_ids: list[str] = []
    found: dict[str, list[tuple[etree._Element, str]]] = {}
    for element in root.iter():
        match local(element):
            case "commentRangeStart":
                open_ids.append(element.get(qn("w:id"), ""))
                found.setdefault(open_ids[-1], [])
            case "commentRangeEnd" if element.get(qn("w:id"), "") in open_ids:
                open_ids.remove(element.get(qn("w:id"), ""))
            case "commentReference":
                number = element.get(qn("w:id"), "")
                _touch(found.setdefault(number, []), element, "")
            case _ if element in shown and element not in known:
                for number in open_ids:
                    _touch(found[number], element, shown[element])
    return found


def _touch(parts: list[tuple[etree._Element, str]], element: etree._Element, words: str) -> None:
    paragraph = next(element.iterancestors(qn("w:p")), None)
    if paragraph is None:
        return
    if parts and parts[-1][0] is paragraph:
        parts[-1] = (paragraph, parts[-1][1] + words)
    elif words or not parts:
        parts.append((paragraph, words))
