"""Assemble, preview, DOCX and PDF of 5, 25 and 100 pages, warm; LibreOffice as peer."""

import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter

from dealdesk.agreements.assembly import assemble
from dealdesk.approvals.policy_file import load_policy
from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.deals.catalogue import load_catalogue
from dealdesk.deals.deal_file import load_deal
from dealdesk.documents.docx.writer import render_docx
from dealdesk.documents.html import render_html
from dealdesk.documents.pdf.cache import PdfCache
from dealdesk.documents.pdf.renderer import render_pdf
from dealdesk.documents.text import canonical_text
from dealdesk.documents.tree import Clause, DocumentTree, Section, SectionKind, Text
from dealdesk.workflows.quoting import quote

ROOT = Path(__file__).resolve().parents[1]
RICH_DEAL = ROOT / "demo" / "deals" / "placeholder-robotics.yaml"
_WORDS = (
    "Each party performs its duties under this clause with the care of a prudent business, tells "
    "the other in writing what it learns that bears on them, and keeps records that show it. "
)
# Clauses of filler beside the rich deal's agreement that give about so many pages.
_SIZES = {5: None, 25: 60, 100: 360}
_REACH_MS = {
    ("preview", 25): 60.0,
    ("docx", 25): 300.0,
    ("pdf", 25): 2500.0,
    ("pdf from cache", 25): 5.0,
}


def _timed(work: Callable[[], object], times: int) -> float:
    work()
    found = []
    for _ in range(times):
        start = perf_counter()
        work()
        found.append(perf_counter() - start)
    return round(median(found) * 1000, 1)


def _filler(count: int) -> Section:
    clauses = tuple(
        Clause(f"filler/c{n}", heading=(Text(f"Clause {n}"),), body=(Text(_WORDS * 3),))
        for n in range(count)
    )
    return Section("filler", "Exhibit B: Filler", SectionKind.EXHIBIT, clauses)


def sized(tree: DocumentTree, pages: int) -> DocumentTree:
    """Return the tree cut or filled to about so many pages."""
    count = _SIZES[pages]
    if count is None:
        return replace(tree, sections=tree.sections[:2])
    return replace(tree, sections=(*tree.sections[:-1], _filler(count), tree.sections[-1]))


def measure() -> list[dict[str, object]]:
    """Return one row per measurement, in milliseconds, with the reach where there is one."""
    library = load_library()
    catalogue = load_catalogue(DEFAULT_LIBRARY / "catalogue.yaml")
    policy = load_policy(DEFAULT_LIBRARY / "policies" / "approval.yaml")
    version = quote(load_deal(RICH_DEAL, catalogue), library, policy, catalogue).version
    rows = [_row("assemble", 16, _timed(lambda: assemble(version.inputs, library), 20))]
    rows.append(_row("library load", 0, _timed(load_library, 5)))
    for pages in _SIZES:
        rows += _sized_rows(sized(version.tree, pages), pages)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rows.append({"what": "peak memory of this process, MiB", "median_ms": peak, "reach_ms": 350})
    return rows


def _row(what: str, pages: int, found: float) -> dict[str, object]:
    reach = _REACH_MS.get((what, pages), "")
    name = f"{what}, {pages} pages" if pages else what
    return {"what": name, "median_ms": found, "reach_ms": reach}


def _sized_rows(tree: DocumentTree, pages: int) -> list[dict[str, object]]:
    times = 5 if pages < 100 else 1
    made = render_pdf(tree)
    rows = [
        _row("canonical text", pages, _timed(lambda: canonical_text(tree), 5)),
        _row("preview", pages, _timed(lambda: render_html(tree), 5)),
        _row("docx", pages, _timed(lambda: render_docx(tree), 5)),
        _row("pdf", pages, _timed(lambda: render_pdf(tree), times)),
        {"what": f"pages of the {pages}-page document", "median_ms": made.pages, "reach_ms": ""},
    ]
    with tempfile.TemporaryDirectory() as folder:
        cache = PdfCache(Path(folder))
        rows.append(_row("pdf from cache", pages, _timed(lambda: cache.render(tree, ()), 5)))
        rows += _peer(tree, pages, Path(folder))
    return rows


def _peer(tree: DocumentTree, pages: int, folder: Path) -> list[dict[str, object]]:
    if shutil.which("soffice") is None:
        return []
    (folder / "a.docx").write_bytes(render_docx(tree))
    command = ["soffice", f"-env:UserInstallation=file://{folder}/p", "--headless", "--convert-to"]
    work = [*command, "pdf", "--outdir", str(folder), str(folder / "a.docx")]
    found = _timed(lambda: subprocess.run(work, check=True, capture_output=True), 1)
    return [_row("LibreOffice, PDF from our DOCX (whole process)", pages, found)]
