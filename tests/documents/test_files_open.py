"""Other programs open what we write: qpdf, pandoc, LibreOffice."""

import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from dealdesk.documents.docx.reader import docx_canonical_text
from dealdesk.documents.text import canonical_text
from tests.enterprise import rich_package, rich_quote


def needs(program: str, package: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed ({package})")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in rich_package().files.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def test_the_word_file_holds_the_canonical_text() -> None:
    data = rich_package().files["agreement.docx"]
    assert docx_canonical_text(data) == canonical_text(rich_quote().version.tree)


def test_no_part_of_the_word_file_stands_twice() -> None:
    with zipfile.ZipFile(BytesIO(rich_package().files["agreement.docx"])) as package:
        names = package.namelist()
        assert names[0] == "[Content_Types].xml"
        assert len(set(names)) == len(names)
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_qpdf_finds_the_pdf_clean(folder: Path) -> None:
    needs("qpdf", "qpdf")
    checked = subprocess.run(
        ["qpdf", "--check", folder / "agreement.pdf"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_pandoc_reads_every_clause_of_the_word_file(folder: Path) -> None:
    needs("pandoc", "pandoc")
    command = ["pandoc", folder / "agreement.docx", "-t", "plain", "--wrap=none"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for words in (
        "available for at least 99.95% of each calendar month",
        "Sample Escrow Services LLC",
    ):
        assert words in " ".join(text.split())


def test_libreoffice_converts_the_word_file(folder: Path) -> None:
    needs("soffice", "libreoffice-writer-nogui")
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    subprocess.run(
        [*command, "--outdir", folder / "lo", folder / "agreement.docx"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    converted = folder / "lo" / "agreement.pdf"
    assert converted.stat().st_size > 20_000
    if shutil.which("pdftotext"):
        subprocess.run(["pdftotext", converted, folder / "lo.txt"], check=True)
        words = " ".join((folder / "lo.txt").read_text("utf-8").split())
        assert "Provider will keep the Service available" in words
