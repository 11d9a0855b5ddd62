"""One port for programs that turn two Word files into one with tracked changes, and its adapters.

Ours is `compare_docx`. Docxodus is an optional extra for files that ours can't prove; it is a
program of its own, which took 4.4 GB for a hostile file of 653 KB (redlines.md, 1.6). Whichever it
is: bytes pass the gate first, work is done in a process with limits, and the result is proved.
"""

import os
import resource
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Protocol

from lxml import etree

from dealdesk.documents.docx.bringing import CompareError
from dealdesk.documents.docx.compare import compare_docx
from dealdesk.documents.docx.file import DocxFile, open_docx
from dealdesk.documents.docx.limited import MEMORY, SECONDS, in_worker
from dealdesk.documents.docx.reader import View, docx_text
from dealdesk.documents.docx.redline import revision_date
from dealdesk.documents.docx.settle import settle_all
from dealdesk.documents.docx.wml import qn
from dealdesk.kernel.errors import DomainError

_VAL = qn("w:val")


class EngineError(DomainError):
    """A program for comparisons that is absent, failed, or took too much."""


class Engine(Protocol):
    """A program that compares two Word files."""

    @property
    def name(self) -> str:
        """What it is called on the command line."""

    def compare(self, old: bytes, new: bytes, author: str, at: datetime) -> bytes:
        """Return the old file with tracked changes that turn it into the new one, proved."""


@dataclass(frozen=True, slots=True)
class OwnEngine:
    """Our own comparison, in a forked process with limits."""

    name: str = "own"

    def compare(self, old: bytes, new: bytes, author: str, at: datetime) -> bytes:
        """Return the old file with tracked changes that turn it into the new one, proved."""
        return in_worker(lambda: compare_docx(old, new, author, at))


@dataclass(frozen=True, slots=True)
class DocxodusEngine:
    """Docxodus by python-redlines, in a process of its own; the files' marks are accepted first."""

    name: str = "docxodus"
    memory: int = MEMORY
    seconds: int = SECONDS

    def compare(self, old: bytes, new: bytes, author: str, at: datetime) -> bytes:
        """Return the old file with tracked changes that turn it into the new one, proved."""
        program = docxodus_program()
        if program is None:
            raise EngineError.of(
                "no-docxodus",
                "Docxodus is not installed, or has no program for this kind of machine.",
                remedy="Install it: pip install --require-hashes -r requirements-compare.txt",
            )
        before = in_worker(lambda: settle_all(old, accept=True))
        after = in_worker(lambda: settle_all(new, accept=True))
        named = in_worker(lambda: with_control_ids(after, before))
        data = self._run(program, (before, named), author, at)
        if not in_worker(lambda: has_both_texts(data, before, after)):
            raise CompareError.of(
                "unproved",
                "Docxodus wrote changes that don't give both texts.",
                remedy="Compare the files in Word, and send us its result.",
            )
        return data

    def _run(self, program: Path, files: tuple[bytes, bytes], author: str, at: datetime) -> bytes:
        with tempfile.TemporaryDirectory() as name:
            paths = [Path(name) / stem for stem in ("old.docx", "new.docx", "out.docx")]
            for path, data in zip(paths, files, strict=False):
                path.write_bytes(data)
            options = [f"--author={author}", f"--date-time={revision_date(at)}", "--detect-moves"]
            try:
                run = subprocess.run(  # noqa: S603 - a program that we chose, without a shell
                    [program, *paths, *options],
                    env=self._environment(name),
                    cwd=name,
                    preexec_fn=self._limit,
                    capture_output=True,
                    timeout=self.seconds,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                raise _failed(f"took longer than {self.seconds} seconds") from None
            if run.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
                raise _failed(f"took longer than {self.seconds} seconds")
            if run.returncode or not paths[2].exists():
                raise _failed("stopped with an error")
            return paths[2].read_bytes()

    def _environment(self, folder: str) -> dict[str, str]:
        """Return what .NET needs and nothing of ours; it counts its heap by a limit of its own."""
        return {
            "PATH": os.defpath,
            "HOME": folder,
            "TMPDIR": folder,
            "DOTNET_GCHeapHardLimit": hex(self.memory),
            "DOTNET_EnableDiagnostics": "0",
            "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
        }

    def _limit(self) -> None:
        # .NET reserves far more addresses than it uses, so what is limited is what it writes to.
        ceiling = 2 * self.memory
        resource.setrlimit(resource.RLIMIT_DATA, (ceiling, ceiling))
        resource.setrlimit(resource.RLIMIT_CPU, (self.seconds, self.seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _failed(what: str) -> EngineError:
    return EngineError.of(
        "docxodus-failed",
        f"Docxodus {what}.",
        remedy="Compare the files without it, or in Word.",
    )


def docxodus_program() -> Path | None:
    """Return the program of the extra, unpacked at first use; None where it isn't installed."""
    try:
        engines = import_module("python_redlines.engines")
        return Path(engines.DocxodusEngine().extracted_binaries_path)
    except (ImportError, OSError):
        return None


def with_control_ids(new: bytes, old: bytes) -> bytes:
    """Return a file whose content controls carry the ids of another's of the same tag.

    Docxodus takes a control with another id for another control and replaces all that it holds.
    """
    known = {place: number.get(_VAL, "") for place, number in _control_ids(open_docx(old))}
    file = open_docx(new)
    for place, number in _control_ids(file):
        if place in known:
            number.set(_VAL, known[place])
    return file.to_bytes()


def _control_ids(file: DocxFile) -> Iterator[tuple[tuple[str, int], etree._Element]]:
    """Yield the ids of controls with their tag and how often it stood before."""
    seen: Counter[str] = Counter()
    for properties in file.body.iter(qn("w:sdtPr")):
        number, tag = properties.find(qn("w:id")), properties.find(qn("w:tag"))
        if number is None:
            continue
        name = tag.get(_VAL, "") if tag is not None else ""
        yield (name, seen[name]), number
        seen[name] += 1


def has_both_texts(marked: bytes, old: bytes, new: bytes) -> bool:
    """Say whether a file's words after and before its changes are those of two files."""
    result = open_docx(marked)
    pairs = ((View.FINAL, new), (View.BASE, old))
    return all(_words(docx_text(result, v)) == _words(docx_text(open_docx(d), v)) for v, d in pairs)


def _words(text: str) -> list[str]:
    """Return the lines that say something; programs differ in empty paragraphs."""
    return [line for line in text.splitlines() if line.strip(" |")]


ENGINES: dict[str, Engine] = {"own": OwnEngine(), "docxodus": DocxodusEngine()}
