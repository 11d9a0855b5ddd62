"""Independent programs as judges of redlines: pandoc and LibreOffice resolve what we marked."""

import re
import subprocess
import tempfile
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.redlines_generator import edited
from dealdesk.documents.docx.compare import compare_docx
from dealdesk.documents.docx.engines import Engine, OwnEngine
from dealdesk.documents.docx.writer import render_docx

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
AUTHOR = "Example Cloud Inc."
SYSTEM_PYTHON = Path("/usr/bin/python3")  # LibreOffice's bindings belong to it
SCRIPT = Path(__file__).parents[1] / "tests/documents/libreoffice_judge.py"
_LABEL = re.compile(r"-+|\d+(\.\d+)*\.?|\(?[a-z]{1,3}[.)]|>")
_NUMBER = re.compile(r"^(?:\d+(?:\.\d+)*\.?|\([a-z]+\)|\([ivx]+\))\s+")
_BATCH = 50


def pandoc(path: Path, mode: str, form: str) -> list[str]:
    """Return a file's words as pandoc reads it, list numbers and rules left out."""
    command = ["pandoc", "-f", "docx", "-t", form, "--wrap=none", f"--track-changes={mode}"]
    run = subprocess.run([*command, str(path)], capture_output=True, text=True, check=True)
    return [w for w in run.stdout.split() if not _LABEL.fullmatch(w)]


def libreoffice(paths: Sequence[Path], folder: Path, form: str) -> None:
    """Convert files by LibreOffice into a folder."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(folder)]
    subprocess.run([*command, *map(str, paths)], capture_output=True, check=True, timeout=600)


def _written(seed: int, engine: Engine, folder: Path) -> None:
    """Write a random contract's old and new file, and what an engine makes of them."""
    contract = edited(seed, 40, 14)
    old, new = render_docx(contract.old), render_docx(contract.new)
    own = isinstance(engine, OwnEngine)
    marked = (compare_docx if own else engine.compare)(old, new, AUTHOR, AT)
    for stem, data in (("old", old), ("new", new), ("marked", marked)):
        (folder / f"{stem}{seed}.docx").write_bytes(data)


def exactness(count: int, engine: Engine) -> dict[str, object]:
    """Return how many random contracts pandoc resolves to exactly both texts, in both forms."""
    exact = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for seed in range(count):
            _written(seed, engine, folder)
            exact += all(_agrees(folder, seed, form) for form in ("plain", "markdown"))
    return {f"pandoc_exact_{engine.name}": f"{exact}/{count}"}


def _agrees(folder: Path, seed: int, form: str) -> bool:
    old, new, marked = (folder / f"{stem}{seed}.docx" for stem in ("old", "new", "marked"))
    accepted = pandoc(marked, "accept", form) == pandoc(new, "accept", form)
    return accepted and pandoc(marked, "reject", form) == pandoc(old, "accept", form)


def libreoffice_exactness(count: int, engine: Engine) -> dict[str, object]:
    """Return on how many random contracts LibreOffice comes to exactly both texts.

    It loads what was marked, accepts all and rejects all by its own commands, and writes text; the
    second figure counts the contracts whose paragraph numbers agree too.
    """
    exact = numbered = 0
    for start in range(0, count, _BATCH):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            seeds = range(start, min(start + _BATCH, count))
            for seed in seeds:
                _written(seed, engine, folder)
            resolve_by_libreoffice(folder, seeds)
            for seed in seeds:
                pairs = [
                    (_lines(folder, f"accepted{seed}"), _lines(folder, f"new{seed}")),
                    (_lines(folder, f"rejected{seed}"), _lines(folder, f"old{seed}")),
                ]
                numbered += all(one == other for one, other in pairs)
                exact += all(_unnumbered(one) == _unnumbered(other) for one, other in pairs)
    return {
        f"libreoffice_exact_{engine.name}": f"{exact}/{count}",
        f"libreoffice_exact_with_numbers_{engine.name}": f"{numbered}/{count}",
    }


def resolve_by_libreoffice(folder: Path, seeds: Sequence[int]) -> None:
    """Have LibreOffice write the texts of all files in a folder, resolved both ways."""
    pipe = f"dealdesk-{uuid.uuid4().hex}"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    accept = f"--accept=pipe,name={pipe};urp;"
    quiet = subprocess.DEVNULL
    office = subprocess.Popen(
        ["soffice", profile, "--headless", "--norestore", accept], stdout=quiet, stderr=quiet
    )
    try:
        command = [str(part) for part in (SYSTEM_PYTHON, SCRIPT, pipe, folder, *seeds)]
        subprocess.run(command, check=True, timeout=60 + 6 * len(seeds))
        office.wait(timeout=60)
    finally:
        office.kill()
        office.wait()


def _lines(folder: Path, stem: str) -> list[str]:
    text = (folder / f"{stem}.txt").read_text(encoding="utf-8-sig")
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _unnumbered(lines: Sequence[str]) -> list[str]:
    return [_NUMBER.sub("", line) for line in lines]
