"""Write comments into a Word file: a part of their own, anchored to words."""

from collections.abc import Mapping

from lxml import etree

from dealdesk.documents.docx.comments import COMMENTS
from dealdesk.documents.docx.editing import Marker, bracket_span
from dealdesk.documents.docx.file import DocxFile
from dealdesk.documents.docx.stream import ParagraphPieces
from dealdesk.documents.docx.wml import NAMESPACES, el, qn

_TYPES = "[Content_Types].xml"
_TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


def add_comment(
    file: DocxFile, paragraph: ParagraphPieces, span: tuple[int, int], text: str, marker: Marker
) -> str:
    """Anchor a comment by the marker's author to a span of the final text; return its id.

    The span counts characters as `replace_span` does.
    """
    root = _comments(file)
    used = [int(c.get(qn("w:id"), "-1")) for c in root.iter(qn("w:comment"))]
    number = str(max([-1, *used]) + 1)
    attributes: Mapping[str, str] = {
        "w:id": number,
        "w:author": marker.author,
        **({"w:date": marker.date} if marker.date else {}),
        "w:initials": "".join(word[0] for word in marker.author.split() if word[0].isalpha()),
    }
    root.append(el("w:comment", attributes, *map(_paragraph, text.split("\n"))))
    start = el("w:commentRangeStart", {"w:id": number})
    end = el("w:commentRangeEnd", {"w:id": number})
    reference = el("w:r", None, el("w:commentReference", {"w:id": number}))
    bracket_span(paragraph, span, start, (end, reference))
    return number


def _paragraph(line: str) -> etree._Element:
    return el("w:p", None, el("w:r", None, el("w:t", {"xml:space": "preserve"}, text=line)))


def _comments(file: DocxFile) -> etree._Element:
    """Return the comments' root, made and registered when the file has none."""
    if not file.has(COMMENTS):
        file.set_part(COMMENTS, etree.tostring(etree.Element(qn("w:comments"), nsmap=NAMESPACES)))
        override = etree.SubElement(file.tree(_TYPES), f"{{{_TYPES_NS}}}Override")
        override.set("PartName", f"/{COMMENTS}")
        override.set("ContentType", _CONTENT)
        folder, _, name = file.main.rpartition("/")
        relations = file.tree(f"{folder}/_rels/{name}.rels")
        relation = etree.SubElement(relations, f"{{{_RELS_NS}}}Relationship")
        relation.set("Id", "rIdComments")
        relation.set("Type", _KIND)
        relation.set("Target", "comments.xml")
    return file.tree(COMMENTS)
