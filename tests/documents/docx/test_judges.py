"""Independent programs on our Word files: pandoc reads both texts, LibreOffice converts them."""

import shutil
import subprocess

import pytest

from benchmarks.redlines import attribution, minimality, sized
from benchmarks.redlines_judges import SYSTEM_PYTHON, exactness, libreoffice_exactness
from benchmarks.redlines_judges import libreoffice as convert
from dealdesk.documents.docx.compare import compare_docx
from dealdesk.documents.docx.engines import DocxodusEngine, OwnEngine, docxodus_program
from tests.documents.docx.sample import AT, COUNSEL, sample_docx

needs_pandoc = pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")
needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed"
)


HAS_UNO = (
    shutil.which("soffice") is not None
    and SYSTEM_PYTHON.exists()
    and not subprocess.run(
        [SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False
    ).returncode
)
needs_uno = pytest.mark.skipif(not HAS_UNO, reason="LibreOffice with Python's UNO is not installed")
needs_docxodus = pytest.mark.skipif(
    docxodus_program() is None, reason="Docxodus (requirements-compare.txt) is not installed"
)


@needs_pandoc
def test_pandoc_reads_exactly_both_texts_of_random_contracts():
    assert exactness(3, OwnEngine()) == {"pandoc_exact_own": "3/3"}


@needs_pandoc
@pytest.mark.judge
def test_pandoc_reads_exactly_both_texts_of_two_hundred_contracts():
    assert exactness(200, OwnEngine()) == {"pandoc_exact_own": "200/200"}


@needs_uno
@pytest.mark.slow
def test_libreoffice_resolves_random_contracts_to_exactly_both_texts():
    assert set(libreoffice_exactness(4, OwnEngine()).values()) == {"4/4"}


@needs_uno
@pytest.mark.judge
def test_libreoffice_resolves_two_hundred_contracts_to_exactly_both_texts():
    assert set(libreoffice_exactness(200, OwnEngine()).values()) == {"200/200"}


@needs_pandoc
@needs_docxodus
@pytest.mark.judge
def test_pandoc_reads_nearly_always_both_texts_of_what_docxodus_marked():
    exact = str(exactness(10, DocxodusEngine())["pandoc_exact_docxodus"])
    assert int(exact.partition("/")[0]) >= 9  # 186 of 200 in docs/benchmarks.md


@needs_office
@pytest.mark.judge
def test_every_touched_clause_is_named_also_after_libreoffice_saved():
    assert set(attribution().values()) == {"30/30, 0 extra"}


@needs_office
def test_libreoffice_opens_and_converts_our_file(tmp_path):
    path = tmp_path / "agreement.docx"
    path.write_bytes(sample_docx())
    convert([path], tmp_path, "pdf")
    assert (tmp_path / "agreement.pdf").read_bytes().startswith(b"%PDF-")


@needs_pandoc
def test_pandoc_reads_the_numbers_and_the_words():
    run = subprocess.run(
        ["pandoc", "-f", "docx", "-t", "plain", "--wrap=none"],
        input=sample_docx(),
        capture_output=True,
        check=True,
    )
    text = run.stdout.decode()
    assert "Outages that overlap count once, where:" in text
    assert "Availability below" in text


def test_marks_are_minimal():
    _, old, new = sized("M")
    assert minimality(compare_docx(old, new, COUNSEL, AT), old, new) <= 1.02
