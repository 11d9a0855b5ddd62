"""Word files of our own with one kind of revision each, as Word writes them."""

from dealdesk.documents.docx.base import base_package
from dealdesk.documents.docx.wml import R, W
from tests.documents.docx.hostile import BODY, packed, parts_of

WHO = 'w:author="Dana Example" w:date="2026-11-24T09:00:00Z"'
HEAD = f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>'
TAIL = "<w:sectPr/></w:body></w:document>"


def document(body: str, **parts: bytes) -> bytes:
    """Return a file with that body; further parts are named by their path, / written as __."""
    own = parts_of(base_package("en", track_changes=False))
    more = {name.replace("__", "/"): data for name, data in parts.items()}
    return packed({**own, **more, BODY: f"{HEAD}{body}{TAIL}".encode()})


def p(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def gone(text: str) -> str:
    return f'<w:r><w:delText xml:space="preserve">{text}</w:delText></w:r>'


def row(text: str, properties: str = "", cell: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr><w:tc><w:tcPr>{cell}</w:tcPr>{p(r(text))}</w:tc></w:tr>"


def table(*rows: str, properties: str = "") -> str:
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid><w:gridCol/></w:tblGrid>{''.join(rows)}</w:tbl>{p('')}"


MARK = "<w:rPr><w:{0} w:id='1' {1}/></w:rPr>"
MOVE = p(
    f'<w:moveFromRangeStart w:id="5" w:name="m1" {WHO}/><w:moveFrom w:id="6" {WHO}>{r("moved")}</w:moveFrom><w:moveFromRangeEnd w:id="5"/>'
) + p(
    f'<w:moveToRangeStart w:id="7" w:name="m1" {WHO}/><w:moveTo w:id="8" {WHO}>{r("moved")}</w:moveTo><w:moveToRangeEnd w:id="7"/>'
)
KINDS: dict[str, str] = {
    "insertion": p(r("a ") + f'<w:ins w:id="1" {WHO}>{r("new")}</w:ins>'),
    "deletion": p(r("a ") + f'<w:del w:id="1" {WHO}>{gone("old")}</w:del>'),
    "replacement": p(
        f'<w:del w:id="1" {WHO}>{gone("old")}</w:del><w:ins w:id="2" {WHO}>{r("new")}</w:ins>'
    ),
    "move-from": MOVE,
    "paragraph-split": p(r("one"), MARK.format("ins", WHO)) + p(r("two")),
    "paragraph-merge": p(r("one"), MARK.format("del", WHO)) + p(r("two")),
    "row-insertion": table(row("a"), row("b", f'<w:ins w:id="1" {WHO}/>')),
    "row-deletion": table(row("a"), row("b", f'<w:del w:id="1" {WHO}/>')),
    "cell-insertion": table(row("a", cell=f'<w:cellIns w:id="1" {WHO}/>'), row("b")),
    "cell-deletion": table(row("a", cell=f'<w:cellDel w:id="1" {WHO}/>'), row("b")),
    "cell-merge": table(row("a", cell=f'<w:cellMerge w:id="1" {WHO} w:vMerge="cont"/>'), row("b")),
    "numbering": p(
        r("a"), f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/><w:ins w:id="1" {WHO}/></w:numPr>'
    ),
    "formatting": p(r("a", f'<w:b/><w:rPrChange w:id="1" {WHO}><w:rPr/></w:rPrChange>')),
    "paragraph-formatting": p(
        r("a"), f'<w:jc w:val="right"/><w:pPrChange w:id="1" {WHO}><w:pPr/></w:pPrChange>'
    ),
    "table-formatting": table(
        row("a"), properties=f'<w:tblPrChange w:id="1" {WHO}><w:tblPr/></w:tblPrChange>'
    ),
    "section": p(
        r("a"),
        f'<w:sectPr><w:pgSz w:w="1"/><w:sectPrChange w:id="1" {WHO}><w:sectPr/></w:sectPrChange></w:sectPr>',
    ),
    "control-insertion": p(
        f'<w:customXmlInsRangeStart w:id="1" {WHO}/><w:sdt><w:sdtContent><w:customXmlInsRangeEnd w:id="1"/>{r("a")}'
        f'<w:customXmlInsRangeStart w:id="2" {WHO}/></w:sdtContent></w:sdt><w:customXmlInsRangeEnd w:id="2"/>'
    ),
}
