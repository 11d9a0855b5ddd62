"""Files that LibreOffice really edited with tracking on."""

import shutil
import subprocess
import uuid
from pathlib import Path

import pytest

from dealdesk.documents.docx.reader import View, docx_canonical_text
from dealdesk.documents.docx.reading import read_docx
from dealdesk.documents.docx.settle import settle_all
from tests.documents.docx.sample import sample_docx

SYSTEM_PYTHON = Path("/usr/bin/python3")
SCRIPT = Path(__file__).parent / "libreoffice_edits.py"
HAS_UNO = (
    shutil.which("soffice") is not None
    and SYSTEM_PYTHON.exists()
    and subprocess.run(
        [SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False
    ).returncode
    == 0
)


@pytest.fixture
def edited_in_libreoffice(tmp_path):
    def edit(*edits):
        source, target = tmp_path / "sent.docx", tmp_path / "back.docx"
        source.write_bytes(sample_docx())
        pipe = f"dealdesk-{uuid.uuid4().hex}"
        office = subprocess.Popen(
            [
                "soffice",
                f"-env:UserInstallation=file://{tmp_path}/profile",
                "--headless",
                "--norestore",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            subprocess.run(
                [SYSTEM_PYTHON, SCRIPT, pipe, source, target, *edits], check=True, timeout=120
            )
            office.wait(timeout=60)
        finally:
            office.kill()
        return target.read_bytes()

    return edit


@pytest.mark.skipif(not HAS_UNO, reason="LibreOffice with Python's UNO is not installed")
def test_edits_made_in_libreoffice_come_back_with_their_places(edited_in_libreoffice):
    back = edited_in_libreoffice(
        "are not penalties=are no fines",
        " on request=",
        "they share a minute.=they share a minute;¶or a second.",
    )
    reading = read_docx(back, sample_docx())
    # LibreOffice 7.4 doubles the words of a control around one paragraph of mixed scripts.
    wrong = [d for d in reading.untracked if d.is_content and d.where != "support/scope"]
    assert wrong == []
    words = {(c.place.block_id or c.place.near, c.old, c.new) for c in reading.changes}
    assert ("uptime/note", "are not penalties", "are no fines") in words
    assert ("uptime/credits", " on request", "") in words
    base = docx_canonical_text(back, View.BASE)
    assert docx_canonical_text(settle_all(back, accept=False), View.FINAL) == base
    assert "are not penalties" in base
    assert "or a second." in docx_canonical_text(settle_all(back, accept=True), View.BASE)
