"""The PDF: two standards in one file, our fonts only, the same bytes, nothing fetched, text intact."""

import hashlib
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import ClassVar

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from dealdesk.documents.html import render_html
from dealdesk.documents.parity import difference
from dealdesk.documents.pdf.fonts import GlyphError
from dealdesk.documents.pdf.renderer import Attached, load_weasyprint, render_pdf, spaces_inside
from dealdesk.documents.pdf.text import pdf_canonical_text
from dealdesk.documents.text import canonical_text, text_hash
from dealdesk.documents.tree import Clause, DocumentTree, Section, SectionKind, Text
from tests.enterprise import rich_package, rich_quote

ROOT = Path(__file__).resolve().parents[2]


def tree_of(*texts: str) -> DocumentTree:
    """Return a small document that prints the texts as numbered clauses."""
    clauses = tuple(Clause(f"c/{n}", body=(Text(text),)) for n, text in enumerate(texts))
    base = rich_quote().version.tree
    return replace(base, sections=(Section("terms", "Terms", SectionKind.TERMS, clauses),))


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return rich_package().files["agreement.pdf"]


@pytest.fixture(scope="module")
def opened(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.Pdf.open(BytesIO(pdf)) as document:
        yield document


def test_the_pdf_prints_the_canonical_text(pdf: bytes) -> None:
    assert difference(canonical_text(rich_quote().version.tree), pdf_canonical_text(pdf)) == []


def test_poppler_reads_every_line_of_the_text_too(pdf: bytes, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (poppler-utils)")
    (tmp_path / "a.pdf").write_bytes(pdf)
    subprocess.run(["pdftotext", "-raw", "a.pdf", "a.txt"], cwd=tmp_path, check=True)
    found = (
        "".join((tmp_path / "a.txt").read_text("utf-8").split()).replace("-", "").replace("‐", "")
    )
    lines = canonical_text(rich_quote().version.tree).splitlines()
    plain = [line for line in lines if " | " not in line and len(line) < 60]
    missing = [line for line in plain if "".join(line.split()).replace("-", "") not in found]
    assert len(plain) > 60
    assert missing == []


def test_the_pdf_says_both_standards_and_is_tagged(opened: pikepdf.Pdf) -> None:
    metadata = bytes(opened.Root.Metadata.read_bytes())
    inside = metadata.split(b"<rdf:RDF")[1].split(b"</rdf:RDF>")[0]
    assert b"pdfaid:part" in inside
    assert b"<pdfuaid:part>1</pdfuaid:part>" in inside
    assert metadata.count(b"<rdf:RDF") == 1
    assert opened.Root.MarkInfo.Marked
    assert opened.Root.StructTreeRoot is not None
    assert str(opened.Root.Lang) == "en"
    assert opened.Root.ViewerPreferences.DisplayDocTitle
    assert [str(intent.S) for intent in opened.Root.OutputIntents] == ["/GTS_PDFA1"]
    assert opened.trailer.ID is not None
    assert all(str(p.obj.get("/Tabs", "")) == "/S" for p in opened.pages if "/Annots" in p.obj)


def test_the_terms_travel_inside_as_associated_data(opened: pikepdf.Pdf) -> None:
    spec = opened.attachments["sla-terms.json"]
    assert spec.get_file().read_bytes() == rich_package().files["sla-terms.json"]
    assert str(spec.obj.AFRelationship) == "/Data"
    assert spec.obj.objgen in {item.objgen for item in opened.Root.AF}


def test_every_head_of_a_table_has_a_scope(opened: pikepdf.Pdf) -> None:
    heads = [
        o for o in opened.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/TH"
    ]
    assert heads
    assert all("/Scope" in str(head.get("/A", "")) for head in heads)


def test_only_our_fonts_are_used_and_all_are_embedded(pdf: bytes, tmp_path: Path) -> None:
    if shutil.which("pdffonts") is None:
        pytest.skip("pdffonts is not installed (poppler-utils)")
    (tmp_path / "a.pdf").write_bytes(pdf)
    listed = subprocess.run(
        ["pdffonts", tmp_path / "a.pdf"], check=True, capture_output=True, text=True
    ).stdout
    rows = listed.splitlines()[2:]
    assert rows
    for row in rows:
        assert "Inter" in row or "Source-Serif-4" in row
        assert row.split()[-5:-2] == ["yes", "yes", "yes"]


def test_pdfua_finds_no_error(pdf: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf)
    checker = Path(sys.executable).parent / "pdfua"
    checked = subprocess.run(
        [checker, "check", tmp_path / "a.pdf"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    assert "[ERROR" not in checked.stdout


def test_the_footer_names_the_text(pdf: bytes) -> None:
    from dealdesk.documents.pdf.words import pdf_words  # noqa: PLC0415 - used once

    assert text_hash(rich_quote().version.tree) in "".join(pdf_words(pdf).split())


BUILD = """
import hashlib
from tests.enterprise import rich_package
for name, data in sorted(rich_package().files.items()):
    print(name, hashlib.sha256(data).hexdigest())
"""


def test_two_processes_build_the_same_bytes() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", BUILD],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "TZ": zone},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, zone in (("0", "UTC"), ("1", "Asia/Tokyo"))
    }
    assert len(outputs) == 1
    assert hashlib.sha256(rich_package().files["agreement.pdf"]).hexdigest() in outputs.pop()


class _Listener(http.server.BaseHTTPRequestHandler):
    hits: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_response(404)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        del args


def test_hostile_text_fetches_nothing_and_prints_literally(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret", "utf-8")
    server = http.server.HTTPServer(("127.0.0.1", 0), _Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    hostile = [
        f"<img src='{url}/a.png'>",
        f"<link rel=attachment href='file://{secret}'>",
        f"<style>@import url({url}/b.css); body {{ background: url({url}/c) }}</style>",
        "<script>alert(1)</script>",
        "}} </style> <h1>not a heading</h1>",
    ]
    tree = tree_of(*hostile)
    try:
        rendered = render_pdf(tree, [Attached("a.json", b"{}", "data")])
    finally:
        server.shutdown()
        server.server_close()
    assert _Listener.hits == []
    with pikepdf.Pdf.open(BytesIO(rendered.data)) as document:
        assert list(document.attachments) == ["a.json"]
    assert b"the secret" not in rendered.data
    assert difference(canonical_text(tree), pdf_canonical_text(rendered.data)) == []
    assert "<script>" not in render_html(tree).replace("&lt;script&gt;", "")


def test_a_character_without_glyph_is_named_with_the_way_out() -> None:
    with pytest.raises(GlyphError, match=r"no glyph for 契 \(U\+5951\).*DEALDESK_EXTRA_FONTS"):
        render_pdf(tree_of("契約"))


def test_an_extra_font_prints_what_ours_lack_and_nothing_else(tmp_path: Path) -> None:
    builder = FontBuilder(1000, isTTF=True)
    pen = TTGlyphPen(None)
    for point, move in (((0, 0), pen.moveTo), ((0, 800), pen.lineTo), ((800, 800), pen.lineTo)):
        move(point)
    pen.closePath()
    builder.setupGlyphOrder([".notdef", "u5951"])
    builder.setupCharacterMap({0x5951: "u5951"})
    builder.setupGlyf({".notdef": pen.glyph(), "u5951": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "u5951": (1000, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Test Han", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    builder.save(tmp_path / "han.ttf")
    tree = tree_of("The word 契 stands here.")
    rendered = render_pdf(tree, (), tmp_path)
    assert difference(canonical_text(tree), pdf_canonical_text(rendered.data)) == []
    with pikepdf.Pdf.open(BytesIO(rendered.data)) as document:
        names = {
            str(o.BaseFont)
            for o in document.objects
            if isinstance(o, pikepdf.Dictionary) and "/BaseFont" in o
        }
    families = {name.partition("+")[2] for name in names}
    assert all(f.startswith(("Inter", "Source-Serif-4", "Extra")) for f in families), families
    assert any(f.startswith("Extra") for f in families)
    assert any(f.startswith("Source-Serif-4") for f in families)


def test_a_very_long_paragraph_prints_whole() -> None:
    tree = tree_of("word " * 20_000)
    assert difference(canonical_text(tree), pdf_canonical_text(render_pdf(tree).data)) == []


def test_without_pango_the_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> None:
        raise OSError(f"cannot load library for {name}")

    monkeypatch.setattr("dealdesk.documents.pdf.renderer.import_module", fail)
    with pytest.raises(Exception, match=r"apt-get install libpango-1\.0-0 libpangoft2-1\.0-0"):
        load_weasyprint()


def test_a_space_before_an_inline_element_moves_into_it() -> None:
    html = 'limited to <span class="value">1 times</span> the (<dfn>“Fees”</dfn>) of <a href="#x">4</a>'
    assert spaces_inside(html) == (
        'limited to<span class="value"> 1 times</span> the (<dfn>“Fees”</dfn>) of<a href="#x"> 4</a>'
    )
    assert spaces_inside("<p>One <em>word</em></p>") == "<p>One <em>word</em></p>"
