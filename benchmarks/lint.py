"""Measure the linters: the whole shipped library, a long agreement in Word, in text, all pairs."""

import io
import json
import sys
import time
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import docx

from dealdesk.clauses.lint.paper import Paper
from dealdesk.clauses.lint.paper_lint import lint_paper
from dealdesk.clauses.lint.paper_reading import paper_of, read_paper
from dealdesk.clauses.lint.text_rules import OWN_TEXT_RULES, TEXT_RULES
from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.clauses.model import Library
from dealdesk.cli.library import library_findings
from dealdesk.cli.library_coverage import policy_of
from dealdesk.cli.text_lint import source_of
from dealdesk.documents.docx.file import open_docx
from dealdesk.documents.docx.reader import View, docx_text
from dealdesk.documents.docx.writer import render_docx
from dealdesk.workflows.library_coverage import coverage
from dealdesk.workflows.library_statistics import statistics
from dealdesk.workflows.trials import Bench

WORDS_A_PAGE = 400
PAGES = 60
LIBRARY_REACH, DOCX_REACH = 1000.0, 1500.0
ROUNDS = 5


def measure() -> list[dict[str, object]]:
    """Return a row for each linter, with what it read."""
    library = load_library()
    agreement = max(library.agreements.values(), key=lambda a: sum(len(p.slots) for p in a.parts))
    bench = Bench(agreement, library, None)
    tree = bench.version(bench.choices.usual()).tree
    policy = policy_of(DEFAULT_LIBRARY)
    pairs = sum(one.pairs for one in coverage(library, policy).agreements)
    with TemporaryDirectory() as folder:
        long = Path(folder) / "long.docx"
        long.write_bytes(_long(render_docx(tree)))
        text = source_of(long)
        own = paper_of(tree, "agreement.txt")
        return [
            _row(f"lint the library, {_size(library)}", _lint_library, LIBRARY_REACH),
            _row(f"lint a DOCX of {_pages(text)} pages", partial(_lint_file, long), DOCX_REACH),
            _row(f"rules on its {len(text.split()):,} words", partial(_lint_text, text)),
            _row(f"rules on our agreement, {len(own.lines)} lines", partial(_lint_own, own)),
            _row("statistics of the library", partial(statistics, library)),
            _row(f"coverage, {pairs:,} pairs", partial(coverage, library, policy)),
        ]


def _row(what: str, work: Callable[[], object], reach: float | None = None) -> dict[str, object]:
    """Return the median time, and that of our own processor time: others share the machine.

    A Word file is read in a process of its own, whose time is not in the second figure.
    """
    times, own = [], []
    for _ in range(ROUNDS):
        begin, cpu = time.perf_counter(), time.process_time()
        work()
        own.append(time.process_time() - cpu)
        times.append(time.perf_counter() - begin)
    return {
        "what": what,
        "median_ms": round(median(times) * 1000, 1),
        "cpu_ms": round(median(own) * 1000, 1),
        "reach_ms": reach if reach is not None else "",
    }


def _lint_library() -> object:
    return library_findings(DEFAULT_LIBRARY)


def _lint_own(own: Paper) -> object:
    return lint_paper(OWN_TEXT_RULES, own)


def _size(library: Library) -> str:
    positions = sum(len(clause.positions) for clause in library.clauses.values())
    return f"{len(library.clauses)} clauses, {positions} positions"


def _pages(text: str) -> int:
    return round(len(text.split()) / WORDS_A_PAGE)


def _lint_file(path: Path) -> object:
    return lint_paper(TEXT_RULES, read_paper(source_of(path), str(path)))


def _lint_text(text: str) -> object:
    return lint_paper(TEXT_RULES, read_paper(text, "long.docx"))


def _long(data: bytes) -> bytes:
    """Return a file with its body repeated until it has the pages that the reach names."""
    document = docx.Document(io.BytesIO(data))
    body = document.element.body
    blocks = [block for block in body if not block.tag.endswith("}sectPr")]
    words = len(docx_text(open_docx(data), View.FINAL).split())
    for _ in range(max(0, -(-PAGES * WORDS_A_PAGE // words) - 1)):
        for block in blocks:
            body.insert(len(body) - 1, deepcopy(block))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


if __name__ == "__main__":
    found = measure()
    if "--json" in sys.argv:
        print(json.dumps(found, indent=2))
    else:
        for row in found:
            times = f"{row['median_ms']:>9} ms, {row['cpu_ms']:>9} ms of processor time"
            print(f"{row['what']:<48} {times}  (reach {row['reach_ms'] or '–'})")
