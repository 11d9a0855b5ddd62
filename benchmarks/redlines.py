"""Measure the redline engine: time, memory, exactness by two judges, minimality, attribution.

`python -m benchmarks.redlines [--quick]` prints a table and writes out/benchmarks/redlines.json.
"""

import json
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from lxml import etree
from rapidfuzz.distance import Indel

from benchmarks.redlines_generator import SIZES, Edited, edited
from benchmarks.redlines_judges import exactness, libreoffice, libreoffice_exactness
from dealdesk.documents.docx.change_reading import read_changes
from dealdesk.documents.docx.compare import compare_docx
from dealdesk.documents.docx.engines import ENGINES, Engine, OwnEngine, docxodus_program
from dealdesk.documents.docx.file import DocxFile, open_docx
from dealdesk.documents.docx.identity import CONTENTS
from dealdesk.documents.docx.reading import read_docx
from dealdesk.documents.docx.stream import paragraphs
from dealdesk.documents.docx.wml import local, qn
from dealdesk.documents.docx.writer import render_docx

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
AUTHOR = "Example Cloud Inc."
ROUNDS = 5
_NOISE = {" ": "\u00a0", "“": '"', "-": "\u2011", "fi": "ﬁ"}


def timed(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median seconds of a call after one warm-up."""
    work()
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return round(median(times), 3)


def cpu(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median seconds of processor time of a call: what an idle machine takes."""
    work()
    times = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return round(median(times), 3)


def sized(name: str) -> tuple[Edited, bytes, bytes]:
    """Return a seeded contract of a size with its old and new file."""
    contract = edited(7, *SIZES[name])
    return contract, render_docx(contract.old), render_docx(contract.new)


def peak_mib() -> int:
    """Return the peak memory of this process in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def speed(name: str, engine: Engine) -> dict[str, object]:
    """Return an engine's times of one size; of ours also import with list and untracked check."""
    _, old, new = sized(name)
    own = isinstance(engine, OwnEngine)
    compare = compare_docx if own else engine.compare
    before = peak_mib()
    marked = compare(old, new, AUTHOR, AT)
    row: dict[str, object] = {"engine": engine.name, "size": name}
    row["redline_s"] = timed(lambda: compare(old, new, AUTHOR, AT), ROUNDS if own else 3)
    if own:
        row["redline_cpu_s"] = cpu(lambda: compare(old, new, AUTHOR, AT))
        row["import_s"] = timed(lambda: read_docx(marked, old))
        row["import_cpu_s"] = cpu(lambda: read_docx(marked, old))
        row["memory_mib"] = peak_mib() - before
    row["marked_to_minimum"] = minimality(marked, old, new)
    return row


def engines() -> list[Engine]:
    """Return the engines that are installed, ours first."""
    return [e for e in ENGINES.values() if isinstance(e, OwnEngine) or docxodus_program()]


def minimality(marked: bytes, old: bytes, new: bytes) -> float:
    """Return words in marks over the least number that any comparison has to mark."""
    changes = [c for c in read_changes(open_docx(marked)) if c.part == "body"]
    words = sum(len(f"{c.old} {c.new}".replace("|", " ").split()) for c in changes)
    least = int(Indel.distance(_words(old), _words(new)))
    return round(words / least, 3)


def _words(data: bytes) -> list[str]:
    story = paragraphs(open_docx(data).body)
    return [w for p in story for w in p.text(final=True).split()]


def stripped(data: bytes) -> bytes:
    """Return a file without bookmarks, control tags and custom part."""
    file = open_docx(data)
    for name in [n for n in file.parts if n.startswith("customXml/")]:
        file.parts[name] = b"<nothing/>"
    for element in list(file.body.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"), qn("w:tag"))):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return file.to_bytes()


def attribution() -> dict[str, object]:
    """Return how many touched clauses are named: with anchors, after LibreOffice, without any."""
    contract, old, new = sized("M")
    marked = compare_docx(old, new, AUTHOR, AT)
    answer: dict[str, object] = {
        "attribution": _named(contract, marked, old),
        "attribution_stripped": _named(contract, stripped(marked), old),
    }
    if shutil.which("soffice"):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "m.docx"
            path.write_bytes(marked)
            libreoffice([path], Path(name) / "out", "docx")
            saved = (Path(name) / "out" / "m.docx").read_bytes()
        answer["attribution_libreoffice"] = _named(contract, saved, old)
    return answer


def _named(contract: Edited, marked: bytes, old: bytes) -> str:
    found = {c.place.instance for c in read_docx(marked, old).changes if c.part == "body"}
    extra = len(found - contract.touched - {""})
    return f"{len(found & contract.touched)}/{len(contract.touched)}, {extra} extra"


def stealth(count: int, data: bytes, old: bytes, *, noise: bool) -> str:
    """Return how many untracked one-word edits are found in the right clause, none elsewhere."""
    rng = random.Random(11)
    found = 0
    for _ in range(count):
        file = open_docx(data)
        clause = _inject(rng, file, noise=noise)
        reading = read_docx(file.to_bytes(), old)
        named = {d.place.instance for d in reading.untracked if d.is_content}
        found += named == {clause}
    return f"{found}/{count}"


def _inject(rng: random.Random, file: DocxFile, *, noise: bool) -> str:
    """Change one word without a mark; return the clause. Noise changes looks of all text too."""
    choices = [p for p in paragraphs(file.body) if p.instance and CONTENTS not in p.tags]
    nodes = [
        (p.instance, piece.node)
        for p in choices
        for piece in p.pieces
        if local(piece.node) == "t" and not piece.added and len(piece.text.split()) > 3
    ]
    clause, node = rng.choice(nodes)
    words = (node.text or "").split(" ")
    at = rng.randrange(1, len(words) - 1)
    edit = rng.choice(("not", "cut", "plural", "number"))
    if edit == "cut":
        del words[at]
    elif edit == "not":
        words.insert(at, "not")
    else:
        words[at] = f"{words[at]}s" if edit == "plural" else "417"
    node.text = " ".join(words)
    if noise:
        _add_noise(rng, file.body)
    return clause


def _add_noise(rng: random.Random, root: etree._Element) -> None:
    for node in root.iter(qn("w:t")):
        for plain, odd in _NOISE.items():
            if rng.random() < 0.3:
                node.text = (node.text or "").replace(plain, odd, 1)


def untracked_edits(count: int) -> dict[str, object]:
    """Return the finds on our file, under noise, and on a file that LibreOffice saved."""
    _, old, new = sized("S")
    marked = compare_docx(old, new, AUTHOR, AT)
    answer: dict[str, object] = {
        "untracked": stealth(count, marked, old, noise=False),
        "untracked_under_noise": stealth(count, marked, old, noise=True),
    }
    if shutil.which("soffice"):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "s.docx"
            path.write_bytes(old)
            libreoffice([path], Path(name) / "out", "docx")
            saved = (Path(name) / "out" / "s.docx").read_bytes()
        answer["untracked_libreoffice"] = _stealth_saved(count, saved, old)
    return answer


def _stealth_saved(count: int, saved: bytes, old: bytes) -> str:
    """Return the finds on a saved file, whose controls have lost their tags."""
    rng = random.Random(11)
    found = 0
    known = {p.text(final=True): p.instance for p in paragraphs(open_docx(old).body)}
    for _ in range(count):
        file = open_docx(saved)
        story = paragraphs(file.body)
        nodes = [
            (known[p.text(final=True)], piece.node)
            for p in story
            for piece in p.pieces
            if known.get(p.text(final=True)) and len(piece.text.split()) > 3
        ]
        clause, node = rng.choice(nodes)
        node.text = f"{node.text or ''} not"
        named = {
            d.place.instance for d in read_docx(file.to_bytes(), old).untracked if d.is_content
        }
        found += named == {clause}
    return f"{found}/{count}"


def main() -> None:
    """Print the table and write it as JSON."""
    quick = "--quick" in sys.argv
    installed = engines()
    rows = [speed(name, engine) for name in SIZES for engine in installed]
    answer: dict[str, object] = {"speed": rows, **attribution()}
    answer |= untracked_edits(20 if quick else 500)
    for engine in installed:
        if shutil.which("pandoc"):
            answer |= exactness(5 if quick else 200, engine)
        if shutil.which("soffice"):
            answer |= libreoffice_exactness(3 if quick else 200, engine)
    for row in rows:
        print("  ".join(f"{key} {value}" for key, value in row.items()))
    for key, value in answer.items():
        if key != "speed":
            print(f"{key:32} {value}")
    if len(installed) == 1:
        print("docxodus: no column, the extra is not installed (requirements-compare.txt)")
    out = Path("out") / "benchmarks"
    out.mkdir(parents=True, exist_ok=True)
    (out / "redlines.json").write_text(json.dumps(answer, indent=2) + "\n")


if __name__ == "__main__":
    main()
