"""Our own base template: styles, multilevel numbering and settings, built from nothing.

python-docx's default template carries styles and custom XML that are not ours
(rendering-signing.md, section 2), so the package is made here, part by part.
"""

import io
import zipfile
from functools import cache

from dealdesk.documents.docx.wml import R, W
from dealdesk.documents.tree import MAX_DEPTH

LANGUAGES = {"en": "en-US", "de": "de-DE"}
SERIF, SANS = "Source Serif 4", "Inter"
ABSTRACT_NUMBERING = "1"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Level: number format, text, left indent and hanging indent in twips.
LEVELS = (
    ("decimal", "%1.", 680, 680),
    ("decimal", "%1.%2", 680, 680),
    ("lowerLetter", "(%3)", 1134, 454),
    ("lowerRoman", "(%4)", 1588, 454),
    ("upperLetter", "(%5)", 2041, 454),
)
_HEADING_SIZES = (32, 23, 20, 19, 19, 19)
_CONTENT_TYPES = f"""{_DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>\
<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>\
<Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/>\
<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>\
<Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/>\
<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>\
<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>\
<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>\
</Types>"""
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROOT_RELS = f"""{_DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>\
<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>\
<Relationship Id="rId3" Type="{_OFFICE}/extended-properties" Target="docProps/app.xml"/>\
</Relationships>"""
_DOCUMENT_RELS = f"""{_DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>\
<Relationship Id="rId2" Type="{_OFFICE}/numbering" Target="numbering.xml"/>\
<Relationship Id="rId3" Type="{_OFFICE}/settings" Target="settings.xml"/>\
<Relationship Id="rId4" Type="{_OFFICE}/header" Target="header1.xml"/>\
<Relationship Id="rId5" Type="{_OFFICE}/footer" Target="footer1.xml"/>\
</Relationships>"""
_DOCUMENT = f'{_DECLARATION}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body/></w:document>'
_CORE = f"""{_DECLARATION}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:creator>DealDesk</dc:creator></cp:coreProperties>"""
_APP = f"""{_DECLARATION}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">\
<Application>DealDesk</Application></Properties>"""


@cache
def base_package(language: str, *, track_changes: bool) -> bytes:
    """Return the empty package for a language; with `track_changes`, edits in Word are tracked."""
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _ROOT_RELS,
        "word/document.xml": _DOCUMENT,
        "word/_rels/document.xml.rels": _DOCUMENT_RELS,
        "word/styles.xml": _styles(LANGUAGES.get(language.partition("-")[0], language)),
        "word/numbering.xml": _numbering(),
        "word/settings.xml": _settings(track_changes=track_changes),
        "word/header1.xml": f'{_DECLARATION}<w:hdr xmlns:w="{W}" xmlns:r="{R}"/>',
        "word/footer1.xml": f'{_DECLARATION}<w:ftr xmlns:w="{W}" xmlns:r="{R}"/>',
        "docProps/core.xml": _CORE,
        "docProps/app.xml": _APP,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return buffer.getvalue()


def _settings(*, track_changes: bool) -> str:
    tracking = "<w:trackRevisions/>" if track_changes else ""
    return (
        f'{_DECLARATION}<w:settings xmlns:w="{W}">{tracking}<w:defaultTabStop w:val="680"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting '
        'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        "</w:compat></w:settings>"
    )


def _numbering() -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{fmt}"/>'
        f'<w:pStyle w:val="Heading{i + 2}"/><w:suff w:val="tab"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:tabs><w:tab w:val="num" w:pos="{left}"/></w:tabs>'
        f'<w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr></w:lvl>'
        for i, (fmt, text, left, hanging) in enumerate(LEVELS)
    )
    return (
        f'{_DECLARATION}<w:numbering xmlns:w="{W}"><w:abstractNum '
        f'w:abstractNumId="{ABSTRACT_NUMBERING}"><w:multiLevelType w:val="multilevel"/>{levels}'
        f'</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="{ABSTRACT_NUMBERING}"/></w:num>'
        "</w:numbering>"
    )


def _fonts(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:cs="{name}"/>'


def _style(  # noqa: PLR0913 - a style is its name, properties and links
    style_id: str, name: str, *, p: str = "", r: str = "", based: str = "Normal", follow: str = ""
) -> str:
    parts = f'<w:basedOn w:val="{based}"/>' if based else ""
    parts += f'<w:next w:val="{follow}"/>' if follow else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/>{parts}'
        f"<w:qFormat/><w:pPr>{p}</w:pPr><w:rPr>{r}</w:rPr></w:style>"
    )


def _styles(language: str) -> str:
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(SERIF)}<w:sz w:val="21"/><w:szCs w:val="21"/>'
        f'<w:lang w:val="{language}"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing '
        'w:after="100" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )
    styles = [
        (
            '<w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
            '<w:name w:val="Normal"/><w:qFormat/></w:style>'
        ),
        (
            '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
            '<w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
            '<w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/>'
            "</w:tblCellMar></w:tblPr></w:style>"
        ),
        _style(
            "Title", "Title", p='<w:spacing w:before="2400" w:after="120"/>',
            r=f'{_fonts(SANS)}<w:b/><w:color w:val="10253A"/><w:sz w:val="54"/>',
        ),
        _style(
            "Subtitle", "Subtitle", p='<w:spacing w:after="480"/>',
            r=f'{_fonts(SANS)}<w:color w:val="5B6470"/><w:sz w:val="20"/>',
        ),
        _style(
            "Heading1", "heading 1", follow="Normal",
            p='<w:keepNext/><w:pBdr><w:bottom w:val="single" w:sz="6" w:space="4" w:color="1F4D7A"/>'
            '</w:pBdr><w:spacing w:before="240" w:after="240"/><w:outlineLvl w:val="0"/>',
            r=f'{_fonts(SANS)}<w:b/><w:color w:val="10253A"/><w:sz w:val="{_HEADING_SIZES[0]}"/>',
        ),
        *(_heading_style(level) for level in range(1, MAX_DEPTH + 1)),
        *(_clause_style(level) for level in range(1, MAX_DEPTH + 1)),
        *(_body_style(level) for level in range(1, MAX_DEPTH + 1)),
        _style(
            "Caption", "caption", p='<w:keepNext/><w:spacing w:before="200" w:after="80"/>',
            r=f'{_fonts(SANS)}<w:b/><w:color w:val="10253A"/><w:sz w:val="18"/>',
        ),
        _style("TableHead", "Table Head", based="TableText", p="<w:keepNext/>", r="<w:b/>"),
        _style(
            "TableText", "Table Text", p='<w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>',
            r=f'{_fonts(SANS)}<w:sz w:val="16"/>',
        ),
        _style("TOCHeading", "TOC Heading", p="<w:keepNext/><w:pageBreakBefore/>", r=f'{_fonts(SANS)}<w:b/><w:sz w:val="32"/>'),
        *(
            _style(f"TOC{level}", f"toc {level}", p=f'<w:spacing w:after="40"/><w:ind w:left="{(level - 1) * 340}"/>', r=f'{_fonts(SANS)}<w:sz w:val="18"/>')
            for level in (1, 2, 3)
        ),
        _style("SignatureParty", "Signature Party", p='<w:keepNext/><w:keepLines/><w:spacing w:before="480"/>', r="<w:b/>"),
        _style(
            "SignatureLine", "Signature Line",
            p='<w:keepNext/><w:keepLines/><w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="5B6470"/>'
            '<w:between w:val="single" w:sz="4" w:space="1" w:color="5B6470"/></w:pBdr>'
            '<w:spacing w:before="360" w:after="0"/><w:ind w:right="3600"/>',
            r=f'{_fonts(SANS)}<w:sz w:val="17"/>',
        ),
        _style("Header", "header", r=f'{_fonts(SANS)}<w:color w:val="5B6470"/><w:sz w:val="15"/>'),
        _style(
            "Footer", "footer", p='<w:tabs><w:tab w:val="right" w:pos="9185"/></w:tabs>',
            r=f'{_fonts(SANS)}<w:color w:val="5B6470"/><w:sz w:val="13"/>',
        ),
    ]  # fmt: skip
    return f'{_DECLARATION}<w:styles xmlns:w="{W}">{defaults}{"".join(styles)}</w:styles>'


def _number_of(level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="1"/></w:numPr>'


def _heading_style(level: int) -> str:
    return _style(
        f"Heading{level + 1}", f"heading {level + 1}", follow=f"ClauseBody{level}",
        p=f'<w:keepNext/>{_number_of(level)}<w:spacing w:before="{300 if level == 1 else 180}" '
        f'w:after="60"/><w:outlineLvl w:val="{level}"/>',
        r=f'{_fonts(SANS)}<w:b/><w:color w:val="10253A"/><w:sz w:val="{_HEADING_SIZES[level]}"/>',
    )  # fmt: skip


def _clause_style(level: int) -> str:
    return _style(f"Clause{level}", f"Clause {level}", p=f'{_number_of(level)}<w:jc w:val="both"/>')


def _body_style(level: int) -> str:
    left = LEVELS[level - 1][2]
    return _style(
        f"ClauseBody{level}",
        f"Clause Body {level}",
        p=f'<w:ind w:left="{left}"/><w:jc w:val="both"/>',
    )
